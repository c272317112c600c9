import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { REQUIREMENT_IDS, requirement } from '../../src/catalogue/requirements';
import type { Statement } from '../../src/report/statement';
import { StandIn } from '../../src/stand-in/server';
import type { Variant } from '../../src/stand-in/variant';
import { variantNamed } from '../../src/stand-in/variants/index';
import { runContract, startContract, timeoutFor, type CommandResult } from './command';
import { ctrfTests, junitRows } from './reports';
import { SLOW } from './slow';
import { stated } from './stated';

/*
 * JUnit XML and CTRF of runs that end in each way: valid, and a row for each requirement.
 */

test.describe.configure({ mode: 'parallel' });

const ALL = REQUIREMENT_IDS.map((id) => `${id} ${requirement(id).title}`);

async function rowsOf(
  result: CommandResult,
): Promise<{ statement: Statement; failed: string[]; errors: string[] }> {
  const statement = stated(result);
  const file = (name: string): string => readFileSync(join(result.folder, 'results', name), 'utf8');
  const rows = await junitRows(file('junit.xml'));
  const named = (kind: string): string[] => rows.filter((row) => row.kind === kind).map(({ name }) => name);
  const errors = named('error');
  const unescape = (text: string): string =>
    text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
  expect(
    rows
      .filter(({ kind }) => kind !== 'error')
      .map(({ name }) => unescape(name))
      .sort(),
  ).toEqual([...ALL].sort());
  const tests = ctrfTests(file('ctrf-report.json'));
  expect(
    tests
      .map(({ name }) => name)
      .filter((name) => !errors.includes(name))
      .sort(),
  ).toEqual([...ALL].sort());
  expect(tests.filter(({ status }) => status === 'failed')).toHaveLength(
    errors.length + named('failure').length,
  );
  return { statement, failed: named('failure'), errors };
}

async function against(name: string, env: Record<string, string> = {}): Promise<CommandResult> {
  const standIn = await StandIn.start({ variant: variantNamed(name) as Variant });
  const states = standIn.providerStateUrl;
  const result = await runContract({
    BASE_URL: standIn.baseUrl.href,
    SETTLE_MS: '0',
    REQUEST_TIMEOUT_MS: timeoutFor(2000),
    ...(states && { PROVIDER_STATE_URL: states.href }),
    ...env,
  });
  await standIn.close();
  return result;
}

test('a conforming run passes in each row that it judged', SLOW, async () => {
  const { failed, errors } = await rowsOf(await runContract({ PROFILE: 'polite' }));
  expect([failed, errors]).toEqual([[], []]);
});

test(
  'a deviating run fails in the row of its requirement, with all that a finding answers',
  SLOW,
  async () => {
    const result = await against('denial-204');
    const { failed, errors } = await rowsOf(result);
    expect([failed, errors]).toEqual([[`DENY-1 ${requirement('DENY-1').title}`], []]);
    const [row] = (await junitRows(readFileSync(join(result.folder, 'results', 'junit.xml'), 'utf8'))).filter(
      ({ kind }) => kind === 'failure',
    );
    for (const part of [
      'expected    status 200',
      'actual      status 204',
      'seen',
      'source      /paths',
      'reproduce   ',
      `; trace ${stated(result).traceId}; span `,
    ])
      expect(row?.text).toContain(part);
  },
);

test('an outage skips each row, with the reason, and is an error of the run', SLOW, async () => {
  const { statement, failed, errors } = await rowsOf(await against('challenge'));
  expect([statement.verdict, failed, errors]).toEqual(['untestable', [], ['The run is untestable']]);
});

test('wrong settings are an error of the run', SLOW, async () => {
  const { statement, errors } = await rowsOf(await runContract({ BASE_URL: 'nowhere' }));
  expect([statement.verdict, errors]).toEqual(['misconfigured', ['The run is misconfigured']]);
});

test('an interrupted run is an error, beside what it judged', SLOW, async () => {
  const standIn = await StandIn.start({ variant: { ...(variantNamed('latency') as Variant) } });
  const { child, result } = startContract({ BASE_URL: standIn.baseUrl.href, SETTLE_MS: '500000' });
  await expect.poll(() => standIn.openSessions, { timeout: 0 }).toBeGreaterThan(0);
  child.kill('SIGINT');
  const { statement, errors } = await rowsOf(await result);
  expect([statement.verdict, errors]).toEqual(['untestable', ['The run is untestable']]);
  await standIn.close();
});
