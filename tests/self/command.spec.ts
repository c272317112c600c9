import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { RequirementId } from '../../src/catalogue/requirements';
import type { KnownDeviation } from '../../src/judging/known-deviations';
import type { Statement } from '../../src/report/statement';
import { StandIn } from '../../src/stand-in/server';
import type { Variant } from '../../src/stand-in/variant';
import { variantNamed } from '../../src/stand-in/variants/index';
import { runContract, startContract, timeoutFor, type CommandResult } from './command';
import { SLOW } from './slow';
import { stated } from './stated';
import { temporaryFolder } from './temporary-folder';

/*
 * The whole command against variants of the stand-in, in a process of its own: settings, reporter, statement and exit
 * code, which the matrix does not see.
 */

test.describe.configure({ mode: 'parallel' });

function failing({ requirements }: Statement): string[] {
  return requirements.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id);
}

/** Runs the command against a stand-in. */
async function against(
  name: string,
  env: Record<string, string> = {},
  args: string[] = [],
): Promise<CommandResult> {
  const variant = variantNamed(name) as Variant;
  const standIn = await StandIn.start({ variant });
  const states = standIn.providerStateUrl;
  const result = await runContract(
    {
      BASE_URL: standIn.baseUrl.href,
      SETTLE_MS: '0',
      // Nothing that answers at all times out, however busy the machine is.
      REQUEST_TIMEOUT_MS: '60000',
      ...(states && { PROVIDER_STATE_URL: states.href }),
      ...env,
    },
    args,
  );
  await standIn.close();
  return result;
}

function only(id: RequirementId): string[] {
  return ['--grep', `@${id}\\b`];
}

function knownDeviations(...entries: Partial<KnownDeviation>[]): string {
  const path = join(temporaryFolder(), 'known.json');
  writeFileSync(
    path,
    JSON.stringify(
      entries.map((entry) => ({ reason: 'a test', owner: 'a test', expires: '2999-12-31', ...entry })),
    ),
  );
  return path;
}

test('without settings the stand-in is judged, and the last line says so', async () => {
  const result = await runContract({});
  const statement = stated(result);
  expect(statement).toMatchObject({
    verdict: 'conforms',
    target: { kind: 'stand-in' },
    errors: [],
    counts: { expected: statement.requirements.length },
  });
  expect(result.exitCode).toBe(0);
  expect(result.lastLine).toBe(`conforms, all ${statement.counts.expected} judged`);
  expect(result.text).toContain('the stand-in, not a deployed API');
  expect(statement.left.leftBehind).toBe(0);
});

test('an unusual but correct API conforms', SLOW, async () => {
  const result = await against('denied-now-this-now-that');
  expect(stated(result)).toMatchObject({ verdict: 'conforms', target: { kind: 'remote' } });
  expect(result.exitCode).toBe(0);
});

test('a fault is a violation, with the place in the document, what came and a line to repeat it', async () => {
  const result = await against('denial-204', {}, only('DENY-1'));
  const statement = stated(result);
  expect(statement.verdict).toBe('deviates');
  expect(result.exitCode).toBe(1);
  expect(failing(statement)).toEqual(['DENY-1']);
  const finding = statement.requirements.find(({ id }) => id === 'DENY-1')?.findings[0];
  expect(finding).toMatchObject({
    code: 'status',
    class: 'violation',
    expected: 'status 200',
    actual: 'status 204',
    source: expect.stringContaining('/delete/responses/200'),
  });
  expect(finding?.curl).toMatch(
    /^SESSION_\d+=\$\(curl -sS -X POST .* \| jq -r '\.sessionId.*; curl -sS -i .* -X DELETE "http:.*\/\$SESSION_\d+"$/,
  );
  expect(result.text).toContain('DENY-1 MUST The response to denying a pending session has status 200');
});

test('the last line counts what a finding blocks', SLOW, async () => {
  const { lastLine } = await against('denial-204');
  expect(lastLine).toMatch(/^deviates, \d+ of \d+ judged: \d+ blocked by DENY-1/);
});

test('a hang is a violation, and not hammered', SLOW, async () => {
  const timeout = { REQUEST_TIMEOUT_MS: timeoutFor(1000) };
  const result = await against('completed-hangs', timeout, only('REJECT-3'));
  const statement = stated(result);
  expect(statement.verdict).toBe('deviates');
  expect(failing(statement)).toEqual(['REJECT-3']);
  expect(result.exitCode).toBe(1);
});

test('an outage is no finding', SLOW, async () => {
  const result = await against('challenge');
  const statement = stated(result);
  expect(statement).toMatchObject({ verdict: 'untestable', counts: { judged: 0 } });
  expect(failing(statement)).toEqual([]);
  expect(statement.requirements[0]?.reason).toContain('bot check');
  expect(result.exitCode).toBe(2);
  expect(statement.requests).toBeLessThan(10);
});

test('an outage in the middle of the run leaves what was judged by then', SLOW, async () => {
  const result = await against('down-later', { REQUEST_TIMEOUT_MS: timeoutFor(500) });
  const statement = stated(result);
  expect(statement.verdict).toBe('untestable');
  expect(statement.counts.judged).toBeGreaterThan(0);
  expect(statement.counts.judged).toBeLessThan(statement.counts.expected);
  expect(result.exitCode).toBe(2);
});

test(
  'drift fails a run, unless it is only to warn, or accepted by the entry that came with it',
  SLOW,
  async () => {
    // An entry that has expired accepts nothing.
    const expired = { requirement: 'REJECT-1', code: 'undocumented-status', expires: '2020-01-01' } as const;
    const args = only('REJECT-1');
    const strict = await against('unknown-404', { KNOWN_DEVIATIONS: knownDeviations(expired) }, args);
    const drifting = stated(strict);
    expect(drifting).toMatchObject({
      verdict: 'drifts',
      errors: [expect.stringMatching(/expired on 2020-01-01/)],
    });
    expect(strict.exitCode).toBe(1);
    expect(failing(drifting)).toEqual(['REJECT-1']);

    const entries = drifting.requirements.flatMap(({ findings }) =>
      findings.map(({ entry }) => ({ ...entry, reason: 'so be it', owner: 'me', expires: '2999-12-31' })),
    );
    const [lenient, accepting, worse] = await Promise.all([
      against('unknown-404', { DRIFT: 'warn' }, args),
      against('unknown-404', { KNOWN_DEVIATIONS: knownDeviations(...entries) }, args),
      against('unknown-404-html', { KNOWN_DEVIATIONS: knownDeviations(...entries) }, args),
    ]);
    const outcome = ({ requirements }: Statement): string | undefined =>
      requirements.find(({ id }) => id === 'REJECT-1')?.outcome;
    expect(stated(lenient)).toMatchObject({ verdict: 'conforms' });
    expect([outcome(stated(lenient)), lenient.exitCode]).toEqual(['advice', 0]);
    expect(stated(accepting)).toMatchObject({ verdict: 'conforms', errors: [] });
    expect([outcome(stated(accepting)), accepting.exitCode]).toEqual(['known', 0]);
    // What is accepted is that one finding, and no other one beside it.
    expect(stated(worse)).toMatchObject({ verdict: 'drifts' });
    expect(worse.text).toContain('undocumented-body');
    expect(worse.exitCode).toBe(1);
  },
);

test('an entry that is stale fails a run', SLOW, async () => {
  const stale = { requirement: 'REJECT-1', code: 'undocumented-status' } as const;
  const mended = await against('plain', { KNOWN_DEVIATIONS: knownDeviations(stale) }, only('REJECT-1'));
  expect(stated(mended)).toMatchObject({
    verdict: 'misconfigured',
    errors: [expect.stringMatching(/REJECT-1 undocumented-status is stale/)],
  });
  expect(mended.exitCode).toBe(2);
});

test('wrong settings end the run before anything is sent, in one line each', async () => {
  const result = await runContract({ BASE_URL: '', DRIFT: 'maybe', EXTRA_HTTP_HEADERS: '{"X": "topsecret' });
  const statement = stated(result);
  expect(statement.verdict).toBe('misconfigured');
  expect(statement.errors).toHaveLength(3);
  expect(result.exitCode).toBe(2);
  expect(result.text).not.toMatch(/topsecret|^\s+at /m);
});

test('a wrong file of known deviations ends the run, and says what is wrong with it', SLOW, async () => {
  const path = knownDeviations(
    { requirement: 'DENY-77' as never, code: 'status' },
    { requirement: 'DENY-1', code: 'status' },
    { requirement: 'DENY-1', code: 'status', reason: '' },
  );
  const [wrong, folder] = await Promise.all([
    runContract({ KNOWN_DEVIATIONS: path }),
    runContract({ KNOWN_DEVIATIONS: tmpdir() }),
  ]);
  expect(stated(wrong).errors).toEqual([expect.stringMatching(/entry 3, reason/)]);
  expect(stated(folder).errors).toEqual([expect.stringMatching(/is a folder/)]);
  expect(wrong.exitCode).toBe(2);
});

test('a single requirement can be run alone', SLOW, async () => {
  const result = await runContract({}, only('DENY-1'));
  const statement = stated(result);
  expect(statement.verdict).toBe('conforms');
  expect(result.text).toContain('2 passed');
  expect(statement.requirements.find(({ id }) => id === 'DENY-1')?.outcome).toBe('pass');
  expect(statement.requirements.find(({ id }) => id === 'REJECT-1')).toMatchObject({
    outcome: 'not-judged',
    reason: 'not selected',
  });
});

test('a run in which nothing is judged is untestable', SLOW, async () => {
  const result = await runContract({}, ['--grep', 'sessions expire at their expiresAt']);
  const statement = stated(result);
  expect(statement.verdict).toBe('untestable');
  expect(result.text).toContain('WAIT_FOR_EXPIRY_MS');
  expect(result.exitCode).toBe(2);
});

test('--list runs nothing and states nothing', SLOW, async () => {
  const result = await runContract({}, ['--list']);
  expect(result.exitCode).toBe(0);
  expect(result.statement).toBeUndefined();
  expect(result.text).toContain('deny-pending.spec.ts');
});

// npm ends at once by a SIGTERM, and the shell between it and the run; Ctrl-C is a matter of leaks.spec.ts.
for (const { signal, command, closed } of [
  { signal: 'SIGTERM', command: ['npm', 'run', 'contract', '--'], closed: false },
  { signal: 'SIGHUP', closed: true },
] as { signal: NodeJS.Signals; command?: string[]; closed: boolean }[]) {
  test(
    `a run that ${signal} ends says so, and leaves nothing behind${closed ? ', though nobody reads its output' : ''}`,
    SLOW,
    async () => {
      let requests = 0;
      const standIn = await StandIn.start({
        variant: { ...(variantNamed('plain') as Variant), every: (call, next) => (requests++, next(call)) },
      });
      // It waits for longer than any test params: the signal ends it.
      const env = { BASE_URL: standIn.baseUrl.href, SETTLE_MS: '500000' };
      const { child, result } = startContract(env, [], command);
      await expect.poll(() => requests, { timeout: 0 }).toBeGreaterThan(40);
      expect(standIn.openSessions).toBeGreaterThan(0);
      if (closed) {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }
      child.kill(signal);
      const { exitCode, statement, text } = await result;
      expect(statement, text).toMatchObject({
        errors: [expect.stringContaining('interrupted')],
        left: { leftBehind: 0 },
      });
      expect(statement?.verdict).toBe('untestable');
      // npm ends by the signal, before the run that it started.
      expect(exitCode).toBe(command ? null : 2);
      expect(standIn.openSessions).toBe(0);
      await standIn.close();
    },
  );
}
