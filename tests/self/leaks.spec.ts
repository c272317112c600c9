import { execFileSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { expect, test } from '@playwright/test';
import { StandIn } from '../../src/stand-in/server';
import type { Hook, StandInCall, Variant } from '../../src/stand-in/variant';
import { artifactsIn, leaksIn } from './artifacts';
import { runContract, startContract, type CommandResult, type RunningCommand } from './command';
import { SLOW } from './slow';
import { temporaryFolder } from './temporary-folder';

/*
 * Runs that pass, fail, time out, lose a worker and are interrupted, each with every reporter and traces. No artifact of
 * them holds a secret, in whatever way it may be written; and no session is left of them.
 */

test.describe.configure({ mode: 'parallel' });

/** Ids in forms that masking may miss: reserved and other letters, Base64, upper case, a prefix. */
const ID_FORMS = [
  () => randomUUID(),
  () => `${randomBytes(9).toString('hex')}/+=&"'\\ %41`,
  () => `Zoë-☕🚀-${randomBytes(9).toString('base64url')}`,
  () => randomBytes(24).toString('base64'),
  () => `SESS-${randomBytes(9).toString('hex').toUpperCase()}`,
  () => `sk_live_${randomBytes(12).toString('hex')}`,
];

interface Target {
  standIn: StandIn;
  env: Record<string, string>;
  /** All secrets of the run; it fills as the run goes on. */
  secrets: () => Set<string>;
  calls: { call: StandInCall; at: number }[];
}

/** A stand-in whose secrets are all known, and the settings of a run against it. */
async function target(
  hook: Hook = (call, next) => next(call),
  variant: Partial<Variant> = {},
): Promise<Target> {
  const canary = (): string => `canary-${randomBytes(9).toString('hex')}`;
  const [bearer, given, completed, expired, token] = [canary(), canary(), canary(), canary(), canary()];
  const secrets = new Set([bearer, given, completed, expired, token]);
  const calls: Target['calls'] = [];
  let count = 0;
  const standIn = await StandIn.start({
    variant: {
      name: 'canaries',
      kind: 'benign',
      description: 'its secrets are known',
      newId: () => {
        const id = ID_FORMS[count++ % ID_FORMS.length]?.() ?? '';
        secrets.add(id);
        return id;
      },
      create: (call, next) => {
        const reply = next(call);
        const codes = { code: randomBytes(8).toString('hex'), otp: randomBytes(4).toString('hex') };
        for (const code of Object.values(codes)) secrets.add(code);
        const body = JSON.parse(String(reply.body)) as Record<string, string>;
        const verificationUrl = `${body.verificationUrl}&code=${codes.code}&otp=${codes.otp}`;
        return { ...reply, body: JSON.stringify({ ...body, verificationUrl }) };
      },
      ...variant,
      every: (call, next) => {
        calls.push({ call, at: performance.now() });
        const reply = hook(call, next);
        for (const { apiKey } of call.model.sessions.values()) if (apiKey) secrets.add(apiKey);
        return reply;
      },
    },
  });
  const reports = temporaryFolder();
  return {
    standIn,
    calls,
    secrets: () => secrets,
    env: {
      BASE_URL: standIn.baseUrl.href,
      PROVIDER_STATE_URL: `${standIn.providerStateUrl?.href}?token=${token}`,
      COMPLETED_SESSION_ID: completed,
      EXPIRED_SESSION_ID: expired,
      EXTRA_HTTP_HEADERS: JSON.stringify({
        Authorization: `Bearer ${bearer}`,
        'X-Canary': given,
        // Words that every answer is made of are no secrets; a run that masks them sees no answer any more.
        Accept: 'application/json',
        'X-Environment': 'pending',
      }),
      SETTLE_MS: '0',
      REQUEST_TIMEOUT_MS: '60000',
      PLAYWRIGHT_JSON_OUTPUT_FILE: join(reports, 'report.json'),
      PLAYWRIGHT_JUNIT_OUTPUT_FILE: join(reports, 'junit.xml'),
      PLAYWRIGHT_HTML_OUTPUT_DIR: join(reports, 'html'),
      PLAYWRIGHT_HTML_OPEN: 'never',
      PLAYWRIGHT_BLOB_OUTPUT_DIR: join(reports, 'blob'),
      REPORTS: reports,
    },
  };
}

const EVERYTHING = ['--reporter=list,line,json,junit,html,blob', '--trace=on'];

function expectNoLeak({ env, secrets }: Target, { text, folder }: CommandResult): void {
  const artifacts = [
    { path: 'output', bytes: Buffer.from(text) },
    ...[folder, env.REPORTS ?? ''].flatMap(artifactsIn),
  ];
  // Every kind of artifact is there, and was unpacked.
  for (const name of [
    /conformance\.json$/,
    /exchanges\.har$/,
    /report\.json$/,
    /junit\.xml$/,
    /index\.html!.*!.*json$/,
    /report.*\.zip!report\.jsonl$/,
  ])
    expect(artifacts.map(({ path }) => path)).toContainEqual(expect.stringMatching(name));
  expect(secrets().size).toBeGreaterThan(10);
  expect(leaksIn(artifacts, secrets()).slice(0, 10)).toEqual([]);
}

/** Ways to write a secret, as careless servers do. */
const WRITTEN: ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => encodeURIComponent(secret),
  (secret) => encodeURIComponent(encodeURIComponent(secret)).toLowerCase(),
  (secret) => Buffer.from(secret).toString('base64'),
  (secret) => Buffer.from(`ab${secret}c`).toString('base64url'),
  (secret) => Buffer.from(secret).toString('hex'),
  (secret) => secret.toUpperCase(),
  (secret) => JSON.stringify(secret),
  (secret) => [...Buffer.from(secret)].map((byte) => `%${byte.toString(16)}`).join(''),
];

/** Keys of nobody that the suite knows, told by their form alone. */
const FOREIGN = [
  `sk_live_${randomBytes(12).toString('hex')}`,
  `AKIA${randomBytes(8).toString('hex').toUpperCase()}`,
  `eyJhbGciOiJIUzI1NiJ9.${randomBytes(18).toString('base64url')}.${randomBytes(18).toString('base64url')}`,
  `ghp_${randomBytes(18).toString('hex')}`,
];

/** Tells all it knows, in ever another way: in a text, in a header, in a status text, in a body that is no JSON. */
const tells: Hook = (call, next) => {
  const reply = next(call);
  const known = [
    call.session?.id,
    call.session?.apiKey,
    String(call.headers.authorization).replace('Bearer ', ''),
    String(call.headers['x-canary']),
    ...FOREIGN,
  ].filter((one) => one !== undefined);
  const write = WRITTEN[call.nth % WRITTEN.length] ?? String;
  const told = known.map(write).join(' ; ');
  if (call.operation === 'other' || reply.status < 400) return reply;
  const headers = {
    ...reply.headers,
    'x-told': encodeURI(told),
    'set-cookie': `sid=${encodeURIComponent(told)}; Path=/`,
  };
  if (call.nth % 4 === 1) return { ...reply, headers, body: `<p>${told}</p>` };
  if (call.nth % 4 === 2) return { ...reply, headers, body: Buffer.from(`{"msg":"${told}`, 'utf16le') };
  if (call.nth % 4 === 3)
    return { ...reply, headers, body: `{"success":false,"msg":"${told.replaceAll('"', '')}` };
  return { ...reply, headers, body: JSON.stringify({ success: false, msg: told }) };
};

test('a run that passes shows no secret', SLOW, async () => {
  const one = await target();
  const result = await runContract(one.env, EVERYTHING);
  expect(result.statement?.verdict, result.text).toBe('conforms');
  expectNoLeak(one, result);
  expect(one.standIn.openSessions).toBe(0);
  await one.standIn.close();
});

test(
  'a run that fails shows no secret, whatever the API tells, nor what looks like a key',
  SLOW,
  async () => {
    const one = await target(tells);
    for (const key of FOREIGN) one.secrets().add(key);
    const result = await runContract(one.env, EVERYTHING);
    expect(result.statement?.verdict, result.text).toBe('deviates');
    expectNoLeak(one, result);
    await one.standIn.close();
  },
);

test('a run whose tests time out shows no secret, and leaves nothing behind', SLOW, async () => {
  const one = await target((call, next) => ({ ...next(call), delayMs: 120 }));
  const result = await runContract(one.env, [...EVERYTHING, '--timeout=300', '--max-failures=2']);
  expect(result.statement?.verdict, result.text).toBe('untestable');
  expect(result.text).toMatch(/timeout of 300ms exceeded/i);
  expectNoLeak(one, result);
  expect(one.standIn.openSessions).toBe(0);
  await one.standIn.close();
});

test(
  'a run that loses a worker and is interrupted shows no secret, keeps its pace, and leaves nothing behind',
  SLOW,
  async () => {
    const rate = 40;
    const delays = monitorEventLoopDelay({ resolution: 10 });
    delays.enable();
    const one = await target((call, next) => ({ ...next(call), delayMs: 20 }));
    const running = startContract(
      { ...one.env, MAX_REQUESTS_PER_SECOND: String(rate), SETTLE_MS: '500000' },
      EVERYTHING,
    );
    const { child, result } = running;
    await expect.poll(() => one.calls.length, { timeout: 0 }).toBeGreaterThan(20);
    for (const pid of workersOf(running)) process.kill(pid, 'SIGKILL');
    const before = one.calls.length;
    await expect.poll(() => one.calls.length, { timeout: 0 }).toBeGreaterThan(before + 20);
    const workers = workersOf(running);
    child.kill('SIGINT');
    setTimeout(() => child.kill('SIGINT'), 100);
    setTimeout(() => child.kill('SIGINT'), 1300);
    const ended = await result;
    expect(ended.statement, ended.text).toMatchObject({
      verdict: 'untestable',
      left: { leftBehind: 0, sessions: [] },
      errors: expect.arrayContaining([
        expect.stringContaining('error of the suite or of its worker'),
        expect.stringContaining('interrupted'),
      ]),
    });
    expect(one.standIn.openSessions).toBe(0);
    expectNoLeak(one, ended);
    expect(workers.length).toBeGreaterThan(0);
    expect(workers.filter(isAlive)).toEqual([]);
    delays.disable();
    // No second of the run has seen more requests than it may, but those that a busy machine has held up.
    const heldUp = (2 * rate * delays.max) / 1e9;
    const times = one.calls.map(({ at }) => at);
    const most = Math.max(
      ...times.map((from) => times.filter((at) => at >= from && at < from + 1000).length),
    );
    expect(most).toBeLessThanOrEqual(rate * 1.5 + heldUp);
    await one.standIn.close();
  },
);

function workersOf({ child }: RunningCommand): number[] {
  return execFileSync('pgrep', ['-P', String(child.pid)], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(Number);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
