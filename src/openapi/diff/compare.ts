import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Comparison } from './change';
import { compareDocuments, type Source } from './documents';
import { readSource } from '../source';
import { UnreadableSource } from '../../contract/unreadable-source';

/** Longer lines help nobody. */
const MAX_LINE = 400;
/** Bounds on a comparison of whatever somebody publishes. */
const TIMEOUT_MS = 16_500;
const MAX_HEAP_MB = 100;
const MAX_YOUNG_MB = 8;

export interface Sources {
  before: string | Source;
  after: string | Source;
}

/**
 * Compares two sources, each a file, a URL or a document that has been read, in a process of its own, which is ended when
 * it takes too long or too much memory.
 */
export function compareSources(sources: Sources): Promise<Comparison> {
  const child = fork(join(__dirname, 'compare-process.ts'), {
    execArgv: [
      '--import',
      'tsx',
      `--max-old-space-size=${MAX_HEAP_MB}`,
      `--max-semi-space-size=${MAX_YOUNG_MB}`,
    ],
    // A process that runs out of memory tells a long story.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  return new Promise<Comparison>((resolve) => {
    const giveUp = (why: string): void => resolve(unreadable(new UnreadableSource(why)));
    const timer = setTimeout(() => giveUp(`nothing came of it within ${TIMEOUT_MS / 1000} s`), TIMEOUT_MS);
    child.once('message', (comparison) => resolve(comparison as Comparison));
    child.once('error', ({ message }) => giveUp(`the comparison can't be started: ${message}`));
    child.once('exit', () => {
      clearTimeout(timer);
      giveUp(`comparing takes more than ${MAX_HEAP_MB} MB: a document holds too much`);
    });
    child.send(sources);
  }).finally(() => child.kill('SIGKILL'));
}

/** Compares two sources in this process, without a bound. */
export async function compareHere({ before, after }: Sources): Promise<Comparison> {
  try {
    const read = (source: string | Source): Source | Promise<Source> =>
      typeof source === 'string' ? readSource(source) : source;
    // Both at once: one that hangs takes all the time that there is.
    const [old, now] = await Promise.all([read(before), read(after)]);
    return compareDocuments(old, now);
  } catch (error) {
    return unreadable(error);
  }
}

function unreadable(error: unknown): Comparison {
  const { message } = error as Error;
  const says =
    error instanceof UnreadableSource
      ? message
      : `the documents can't be compared: ${error instanceof RangeError ? 'their references nest too deep' : message}`;
  const line = says.slice(0, MAX_LINE * 4).replace(/\s+/g, ' ');
  return {
    verdict: 'unreadable',
    changes: [],
    error: line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}...` : line,
  };
}
