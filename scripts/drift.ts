import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadDotenv } from '../src/run/dotenv';
import { readEnvironment } from '../src/run/environment';
import { FAIL_ON_VARIABLE } from '../src/run/published';
import type { Comparison } from '../src/openapi/diff/change';
import { runComparison } from './comparison';

const USAGE =
  'usage: npm run drift -- [--json] [--fail-on prose|compatible|breaking]   (SPEC_URL: what to compare the pin with)';
const ROOT = join(__dirname, '..');
const RESULT = join(ROOT, 'test-results', 'drift.json');

/** Runs the Playwright project, which compares and reports, and hands on what it found. */
runComparison(
  USAGE,
  0,
  async (_given, { failOn }) => {
    loadDotenv();
    readEnvironment();
    rmSync(RESULT, { force: true });
    const output = await runPlaywright({ ...process.env, [FAIL_ON_VARIABLE]: failOn });
    try {
      return JSON.parse(readFileSync(RESULT, 'utf8')) as Comparison;
    } catch {
      throw new Error(`the drift test came to no result: ${output.trim().split('\n').at(-1)}`);
    }
  },
  () => ['the pin', 'the published document'],
);

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
