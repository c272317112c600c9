import { fork } from 'node:child_process';
import { join } from 'node:path';
import { UnreadableSource } from '../contract/unreadable-source';
import { pace } from './pace';
import { unreadable, type Task, type TaskResult } from './task';

/** Bounds on the work on one or two documents of 20 MB at most; that of time is for a quiet machine. */
const TIMEOUT_MS = 16_500;
const MAX_HEAP_MB = 1000;
const MAX_YOUNG_MB = 8;
/** AJV compiles references within references: a cycle of hundreds of schemas is as deep. Half of the usual 8 MB. */
const STACK_KB = 3900;

/** Does the work in a process of its own, which is ended when it takes too long or too much memory. */
export function performBounded(
  task: Task,
  { timeoutMs = TIMEOUT_MS, heapMb = MAX_HEAP_MB } = {},
): Promise<TaskResult> {
  const child = fork(join(__dirname, 'task-process.ts'), {
    execArgv: [
      '--import',
      'tsx',
      `--max-old-space-size=${heapMb}`,
      `--max-semi-space-size=${MAX_YOUNG_MB}`,
      `--stack-size=${STACK_KB}`,
    ],
    // A process that runs out of memory writes pages about it.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  return new Promise<TaskResult>((resolve) => {
    const giveUp = (why: string): void => resolve({ comparison: unreadable(new UnreadableSource(why)) });
    const startedAt = performance.now();
    let timer: NodeJS.Timeout;
    const check = (): void => {
      const leftMs = startedAt + timeoutMs * pace() - performance.now();
      if (leftMs > 0) timer = setTimeout(check, leftMs);
      else giveUp(`reading and comparing take more than ${timeoutMs / 1000} s`);
    };
    timer = setTimeout(check, timeoutMs);
    child.once('message', (result) => resolve(result as TaskResult));
    child.once('error', ({ message }) => giveUp(`the comparison can't be started: ${message}`));
    child.once('exit', () => {
      clearTimeout(timer);
      giveUp(`reading and comparing take more than ${heapMb} MB: a document contains too much`);
    });
    child.send(task);
  }).finally(() => child.kill('SIGKILL'));
}
