import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Statement } from '../src/report/statement';
import { StandIn } from '../src/stand-in/server';
import type { Variant } from '../src/stand-in/variant';
import { answer, body, status } from '../src/stand-in/variants/hooks';
import { withoutSettings } from '../src/run/clean-environment';
import { fail, runCommand } from './command';

/*
 * How quick a contract run is on the machine at hand. Machines differ and are noisy: what counts are ratios within this
 * one run, of runs that take turns.
 */

const USAGE = 'usage: npm run bench -- [--rounds N]';
const ROOT = join(__dirname, '..');
const LATENCIES_MS = [0, 50, 200];

interface Timed {
  ms: number;
  statement: Statement | undefined;
}

const plain: Variant = { name: 'plain', kind: 'benign', description: 'nothing is unusual' };

function slow(delayMs: number): Variant {
  return { ...plain, every: answer(() => ({ delayMs })) };
}

/** Wrong in so many ways that a run has some twenty findings. */
const faulty: Variant = {
  ...plain,
  kind: 'fault',
  description: 'much is wrong',
  create: body((value) => ({
    ...value,
    extra: 1,
    another: 2,
    third: 3,
    verificationUrl: '/verify',
    expiresAt: 'soon',
  })),
  poll: body((value) => ({ ...value, extra: 1, another: 2, third: 3, deviceName: 'x' })),
  deny: (call, next) => {
    const reply = next(call);
    const edit = reply.status === 200 ? status(202, { success: 1 }) : status(409, { extra: 1 });
    return edit(call, () => reply);
  },
};

/** Runs Playwright in a process of its own, from its start to its end. */
function run(args: string[], env: Record<string, string>): Promise<Timed> {
  const folder = mkdtempSync(join(tmpdir(), 'session-contract-bench-'));
  const cli = join(ROOT, 'node_modules', '@playwright', 'test', 'cli.js');
  const started = performance.now();
  const child = spawn(process.execPath, [cli, 'test', '--output', join(folder, 'results'), ...args], {
    cwd: ROOT,
    env: {
      ...withoutSettings(process.env),
      DOTENV_CONFIG_PATH: join(folder, 'no.env'),
      PLAYWRIGHT_HTML_OUTPUT_DIR: join(folder, 'report'),
      PLAYWRIGHT_JUNIT_OUTPUT_FILE: join(folder, 'junit.xml'),
      SETTLE_MS: '0',
      ...env,
    },
    stdio: 'ignore',
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => {
      const ms = performance.now() - started;
      resolve({ ms, statement: readStatement(join(folder, 'results', 'conformance.json')) });
    });
  });
}

function readStatement(path: string): Statement | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Statement;
  } catch {
    return undefined;
  }
}

/** A contract run against a stand-in in this process. */
async function contract(variant: Variant): Promise<Timed> {
  const standIn = await StandIn.start({ variant });
  const timed = await run(['--project=contract'], {
    BASE_URL: standIn.baseUrl.href,
    PROVIDER_STATE_URL: standIn.providerStateUrl?.href ?? '',
  });
  await standIn.close();
  const expected = variant === faulty ? 'deviates' : 'conforms';
  if (timed.statement?.verdict !== expected)
    fail(
      `a contract run ended with ${timed.statement?.verdict ?? 'no statement'}; run "npm run contract" to see why`,
    );
  return timed;
}

async function bare(): Promise<Timed> {
  const standIn = await StandIn.start({ variant: plain });
  const timed = await run(['--config', join(__dirname, 'bench', 'bare.config.ts')], {
    BASE_URL: standIn.baseUrl.href,
  });
  await standIn.close();
  return timed;
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
}

runCommand(USAGE, async () => {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    fail(`--rounds ${values.rounds}: not a whole number from 1 on`);
  const times: { bare: number; faulty: number; byLatency: number[] }[] = [];
  let [requests, findings] = [0, 0];
  // What is transpiled once is not to be measured.
  await bare();
  await contract(plain);
  for (let round = 1; round <= rounds; round++) {
    console.error(`round ${round} of ${rounds}`);
    const { ms } = await bare();
    const byLatency: number[] = [];
    for (const latency of LATENCIES_MS) {
      const timed = await contract(latency === 0 ? plain : slow(latency));
      byLatency.push(timed.ms);
      if (latency === 0) requests = timed.statement?.requests ?? 0;
    }
    const wrong = await contract(faulty);
    findings = wrong.statement?.requirements.flatMap((one) => one.findings).length ?? 0;
    times.push({ bare: ms, faulty: wrong.ms, byLatency });
  }
  const ratio = (of: (time: (typeof times)[number]) => number): string => median(times.map(of)).toFixed(2);
  const at = (time: (typeof times)[number], i: number): number => time.byLatency[i] ?? 0;
  const slope = (i: number) => (time: (typeof times)[number]) =>
    (at(time, i) - at(time, 0)) / (LATENCIES_MS[i] ?? 1);
  const seconds = (of: (time: (typeof times)[number]) => number): string =>
    `${(median(times.map(of)) / 1000).toFixed(2)} s`;
  const rows = [
    ['a bare run of one API test', seconds((time) => time.bare), ''],
    [
      'a contract run, against the bare one',
      `${ratio((time) => at(time, 0) / time.bare)} x (${seconds((time) => at(time, 0))})`,
      '1.5 x (1.3 x)',
    ],
    ['requests of a contract run', String(requests), '100 (75)'],
    ...[1, 2].map((i) => [
      `growth with the latency of the API, from 0 to ${LATENCIES_MS[i]} ms`,
      `${ratio(slope(i))} x the latency`,
      '40 x (30 x)',
    ]),
    [
      `a run with ${findings} findings, against a green one`,
      `${ratio((time) => time.faulty / at(time, 0))} x`,
      '3 x',
    ],
  ];
  const table = [
    '| what | median | budget (aim) |',
    '| --- | --- | --- |',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
    `Medians of ${rounds} rounds, Node.js ${process.version}, waits for what lasts (SETTLE_MS) left out.`,
    '',
  ].join('\n');
  mkdirSync(join(ROOT, 'test-results'), { recursive: true });
  writeFileSync(join(ROOT, 'test-results', 'bench.md'), table);
  console.log(table);
});
