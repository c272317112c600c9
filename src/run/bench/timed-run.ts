import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Statement } from '../../report/statement';
import { EXIT_CODES } from '../../report/verdict';
import { StandIn } from '../../stand-in/server';
import type { Variant } from '../../stand-in/variant';
import { withoutSettings } from '../clean-environment';
import { plain } from './targets';

const ROOT = join(__dirname, '..', '..', '..');
const BARE_CONFIG = join(ROOT, 'scripts', 'bench', 'bare.config.ts');

export interface TimedContractRun {
  ms: number;
  statement: Statement;
}

/**
 * Times a contract run against a stand-in in this process.
 * @throws Error of one line unless it ends with this verdict, and with its exit code
 */
export async function timeContractRun(
  variant: Variant,
  verdict: Statement['verdict'] = 'conforms',
  env: Record<string, string> = {},
): Promise<TimedContractRun> {
  const standIn = await StandIn.start({ variant });
  const { ms, exitCode, statement } = await timePlaywright(['--project=contract'], {
    BASE_URL: standIn.baseUrl.href,
    PROVIDER_STATE_URL: standIn.providerStateUrl?.href ?? '',
    ...env,
  });
  await standIn.close();
  if (statement?.verdict !== verdict || exitCode !== EXIT_CODES[verdict])
    throw new Error(
      `a contract run ended with ${statement?.verdict ?? 'no statement'} and exit code ${exitCode}, not ${verdict}; run "npm run contract" to see why`,
    );
  return { ms, statement };
}

/** Times the least that a Playwright run of an API test can be. */
export async function timeBareRun(): Promise<number> {
  const standIn = await StandIn.start({ variant: plain });
  const { ms, exitCode } = await timePlaywright(['--config', BARE_CONFIG], {
    BASE_URL: standIn.baseUrl.href,
  });
  await standIn.close();
  if (exitCode !== 0) throw new Error(`the bare run ended with exit code ${exitCode}`);
  return ms;
}

interface TimedProcess {
  ms: number;
  exitCode: number | null;
  /** Undefined where the run wrote none. */
  statement: Statement | undefined;
}

/** Runs Playwright in a process of its own, from its start to its end. */
function timePlaywright(args: string[], env: Record<string, string>): Promise<TimedProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'session-contract-bench-'));
  const results = join(folder, 'results');
  const cli = join(ROOT, 'node_modules', '@playwright', 'test', 'cli.js');
  const started = performance.now();
  const child = spawn(process.execPath, [cli, 'test', '--output', results, ...args], {
    cwd: ROOT,
    env: {
      ...withoutSettings(process.env),
      DOTENV_CONFIG_PATH: join(folder, 'no.env'),
      PLAYWRIGHT_HTML_OUTPUT_DIR: join(folder, 'report'),
      SETTLE_MS: '0',
      ...env,
    },
    stdio: 'ignore',
  });
  return new Promise<TimedProcess>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => {
      const ms = performance.now() - started;
      resolve({ ms, exitCode, statement: readStatement(join(results, 'conformance.json')) });
    });
  }).finally(() => rmSync(folder, { recursive: true, force: true }));
}

function readStatement(path: string): Statement | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Statement;
  } catch {
    return undefined;
  }
}
