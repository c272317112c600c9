import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pace } from '../../src/openapi/pace';
import { withoutSettings } from '../../src/run/clean-environment';
import type { Statement } from '../../src/report/statement';
import { temporaryFolder } from './temporary-folder';

const ROOT = join(__dirname, '..', '..');
const CONTRACT = [join(ROOT, 'node_modules', '@playwright', 'test', 'cli.js'), 'test', '--project=contract'];
/** The same, with a person who is asked to approve a session first. */
export const APPROVE = [
  join(ROOT, 'node_modules', 'tsx', 'dist', 'cli.mjs'),
  join(ROOT, 'scripts', 'approve.ts'),
];

/** REQUEST_TIMEOUT_MS for a run that waits for it: on this machine, as busy as it is, ample for what is answered. */
export function timeoutFor(quietMs: number): string {
  return String(Math.ceil(quietMs * pace()));
}

export interface CommandResult {
  exitCode: number | null;
  /** Standard output and error. */
  text: string;
  /** The last line that is not empty. */
  lastLine: string;
  /** Where the reports are. */
  folder: string;
  statement: Statement | undefined;
}

export interface RunningCommand {
  child: ChildProcess;
  result: Promise<CommandResult>;
}

/** Starts the contract tests as a user does: the whole command, in a process of its own. */
export function startContract(
  env: Record<string, string>,
  args: string[] = [],
  command: string[] = CONTRACT,
): RunningCommand {
  const folder = temporaryFolder();
  const output = join(folder, 'results');
  const [program = '', ...words] = command[0] === 'npm' ? command : [process.execPath, ...command];
  const child = spawn(program, [...words, '--output', output, '--reporter=line', ...args], {
    cwd: ROOT,
    env: {
      ...withoutSettings(process.env),
      DOTENV_CONFIG_PATH: join(folder, 'no.env'),
      FORCE_COLOR: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const result = new Promise<CommandResult>((resolve) => {
    child.on('close', (exitCode) => {
      const path = join(output, 'conformance.json');
      const statement = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Statement) : undefined;
      resolve({ exitCode, text, lastLine: text.trimEnd().split('\n').at(-1) ?? '', folder, statement });
    });
  });
  return { child, result };
}

export function runContract(env: Record<string, string>, args: string[] = []): Promise<CommandResult> {
  return startContract(env, args).result;
}
