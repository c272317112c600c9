import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ChangeVerdict, Comparison } from '../openapi/diff/change';
import { DRIFT_FOLDER, unwritable } from '../report/artifacts';
import { loadDotenv } from './dotenv';
import { readEnvironment } from './environment';
import { FAIL_ON_VARIABLE } from './published';

const ROOT = join(__dirname, '..', '..');
const RESULT = join(ROOT, 'test-results', 'drift.json');

/**
 * Runs the Playwright project that compares the published document with the pin and reports, and hands on what it found.
 * @throws WrongSettings, or an Error where there is no result
 */
export async function drift(failOn: ChangeVerdict): Promise<Comparison> {
  loadDotenv();
  readEnvironment();
  const problem = unwritable(dirname(RESULT), DRIFT_FOLDER);
  if (problem !== undefined) throw new Error(problem);
  rmSync(RESULT, { force: true });
  const output = await runPlaywright({ ...process.env, [FAIL_ON_VARIABLE]: failOn });
  try {
    return JSON.parse(readFileSync(RESULT, 'utf8')) as Comparison;
  } catch {
    throw new Error(`the drift test gave no result: ${output.trim().split('\n').at(-1)}`);
  }
}

function runPlaywright(env: NodeJS.ProcessEnv): Promise<string> {
  const cli = join(ROOT, 'node_modules', '@playwright', 'test', 'cli.js');
  const child = spawn(process.execPath, [cli, 'test', '--project=drift'], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve(output));
  });
}
