import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { APPROVAL_VARIABLE } from '../src/run/environment-variables';
import { fail, runCommand } from './command';

const USAGE =
  'usage: npm run contract:approve -- [--within SECONDS] [options of playwright test]   (120 s unless said otherwise)';
const DEFAULT_S = 120;
const MAX_S = 3600;
const CLI = join(__dirname, '..', 'node_modules', '@playwright', 'test', 'cli.js');

runCommand(USAGE, () => {
  const { within, rest } = parse(process.argv.slice(2));
  const child = spawn(process.execPath, [CLI, 'test', '--project=contract', ...rest], {
    stdio: 'inherit',
    env: { ...process.env, [APPROVAL_VARIABLE]: String(within) },
  });
  // A terminal interrupts both; the run has to end in its own time.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code) => (process.exitCode = code ?? 1));
});

/** Takes the time to wait, in seconds, out of the arguments; the others are Playwright's. */
function parse(args: string[]): { within: number; rest: string[] } {
  const rest: string[] = [];
  let within = String(DEFAULT_S);
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (arg === '--within') within = args[++i] ?? '';
    else if (arg.startsWith('--within=')) within = arg.slice('--within='.length);
    else rest.push(arg);
  }
  if (!/^\d+$/.test(within) || Number(within) < 1 || Number(within) > MAX_S)
    fail(`--within ${within}: must be a whole number of seconds from 1 to ${MAX_S}; ${USAGE}`);
  return { within: Number(within), rest };
}
