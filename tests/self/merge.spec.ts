import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { mergeStatements } from '../../src/report/merge';
import { stateNothing } from '../../src/report/no-run';
import type { StatedFinding, StatedRequirement, Statement } from '../../src/report/statement';
import type { Verdict } from '../../src/report/verdict';
import { withoutSettings } from '../../src/run/clean-environment';
import { runContract } from './command';
import { SLOW } from './slow';
import { expectValid, stated } from './stated';
import { temporaryFolder } from './temporary-folder';

test.describe.configure({ mode: 'parallel' });

const ROOT = join(__dirname, '..', '..');
const TSX = join(ROOT, 'node_modules', 'tsx', 'dist', 'cli.mjs');
const PLAYWRIGHT = join(ROOT, 'node_modules', '@playwright', 'test', 'cli.js');

type Outcomes = Partial<Record<string, Partial<StatedRequirement>>>;

/** A shard in which nothing was selected but what is given. */
function shard(verdict: Verdict, outcomes: Outcomes, errors: string[] = []): Statement {
  const statement = stateNothing([], false);
  return {
    ...statement,
    verdict,
    errors,
    target: { kind: 'remote', url: 'https://api.example.com/api/' },
    requirements: statement.requirements.map((one) => ({
      ...one,
      reason: 'not selected',
      cause: 'setting',
      selected: false,
      ...outcomes[one.id],
    })),
  };
}

const PASS = {
  outcome: 'pass',
  reason: undefined,
  cause: undefined,
  selected: undefined,
} as unknown as Partial<StatedRequirement>;
const SKIPPED = {
  outcome: 'not-judged',
  reason: 'set PROVIDER_STATE_URL',
  cause: 'setting',
  selected: undefined,
} as unknown as Partial<StatedRequirement>;
const LOST = {
  outcome: 'not-judged',
  reason: 'status 503',
  cause: 'outage',
  selected: undefined,
} as unknown as Partial<StatedRequirement>;

test('the worst verdict counts, unless a shard only lacked what another one judged', () => {
  const a = shard('conforms', { 'DENY-1': PASS });
  const lacking = shard('untestable', { 'POLL-6': SKIPPED }, ['REQUIRE: not judged: DENY-1 (not selected)']);
  const cases: [Statement[], Verdict][] = [
    [[a, shard('conforms', { 'POLL-1': PASS })], 'conforms'],
    [[a, lacking], 'conforms'],
    [[lacking, lacking], 'untestable'],
    [[a, shard('untestable', { 'POLL-1': LOST })], 'untestable'],
    [[a, shard('misconfigured', {}, ['KNOWN_DEVIATIONS: stale'])], 'misconfigured'],
    [[shard('untestable', { 'POLL-1': LOST }), shard('drifts', { 'POLL-1': PASS })], 'drifts'],
    [[shard('drifts', {}), shard('deviates', {}), shard('misconfigured', {})], 'deviates'],
  ];
  for (const [shards, verdict] of cases) expect(mergeStatements(shards).verdict).toBe(verdict);
  expect(mergeStatements([a, lacking])).toMatchObject({ errors: [], counts: { judged: 1, expected: 2 } });
  expect(mergeStatements([lacking, lacking]).errors).toEqual(['REQUIRE: not judged: DENY-1 (not selected)']);
});

test('a finding of any shard counts, also of one that did not select its requirement', () => {
  const failing = {
    ...shard('deviates', {}).requirements[0],
    outcome: 'fail',
    selected: false,
  } as StatedRequirement;
  const merged = mergeStatements([
    shard('conforms', { [failing.id]: PASS }),
    { ...shard('deviates', {}), requirements: [failing, ...shard('deviates', {}).requirements.slice(1)] },
  ]);
  expect(merged.requirements[0]).toMatchObject({ id: failing.id, outcome: 'fail' });
  expect(merged.verdict).toBe('deviates');
});

test('a finding of two shards began in neither before the other', () => {
  const statement = shard('deviates', {});
  const found = { code: 'status', seen: 1, of: 13, cleanBefore: 12, states: [] } as unknown as StatedFinding;
  const failing = (id: string): Outcomes => ({ [id]: { outcome: 'fail', findings: [found] } });
  const [{ id } = { id: '' }] = statement.requirements;
  const merged = mergeStatements([shard('deviates', failing(id)), shard('deviates', failing(id))]);
  expect(merged.requirements[0]?.findings).toEqual([{ code: 'status', seen: 2, of: 26, states: [] }]);
});

test('statements of different targets or documents are not merged', () => {
  const a = shard('conforms', { 'DENY-1': PASS });
  const elsewhere: Statement = { ...a, target: { kind: 'remote', url: 'https://other.example.com/' } };
  expect(() => mergeStatements([a, elsewhere])).toThrow(/different targets/);
  expect(() => mergeStatements([a, { ...a, contract: { ...a.contract, sha256: 'x' } }])).toThrow(
    /pinned documents/,
  );
});

async function run(command: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    const env = { ...withoutSettings(process.env), FORCE_COLOR: '0', PLAYWRIGHT_HTML_OPEN: 'never' };
    const result = await promisify(execFile)(process.execPath, command, { cwd: ROOT, env });
    return { code: 0, ...result };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

test('two shards are one statement, by contract:merge', SLOW, async () => {
  const shards = await Promise.all(['1/2', '2/2'].map((part) => runContract({}, [`--shard=${part}`])));
  const [one, two] = shards.map(stated);
  const folders = shards.map(({ folder }) => folder);
  const output = temporaryFolder();
  const { code, stdout } = await run([TSX, 'scripts/contract-merge.ts', ...folders, '--output', output]);
  const merged = JSON.parse(readFileSync(join(output, 'conformance.json'), 'utf8')) as Statement;
  expectValid(merged, stdout);
  expect([code, merged.verdict]).toEqual([0, 'conforms']);
  expect(merged.counts.judged).toBe(merged.requirements.length);
  expect(merged.counts.judged).toBeGreaterThan(Math.max(one?.counts.judged ?? 0, two?.counts.judged ?? 0));
  expect(merged.requests).toBe((one?.requests ?? 0) + (two?.requests ?? 0));
  expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^conforms, all \d+ judged$/);
});

test('what cannot be merged is one line', SLOW, async () => {
  const folder = temporaryFolder();
  for (const [text, line] of [
    [undefined, /: there is no conformance statement$/],
    ['{', /conformance.json: is not JSON$/],
    [
      JSON.stringify({ ...shard('conforms', {}), schemaVersion: undefined }),
      /is a statement of version 1, and only/,
    ],
  ] as const) {
    if (text !== undefined) writeFileSync(join(folder, 'conformance.json'), text);
    const { code, stderr } = await run([TSX, 'scripts/contract-merge.ts', folder, '--output', folder]);
    expect([code, stderr.trimEnd().split('\n').length]).toEqual([2, 1]);
    expect(stderr.trimEnd()).toMatch(line);
  }
});

test('a blob report carries the statement of its shard', SLOW, async () => {
  const blobs = temporaryFolder();
  const result = await runContract({ PLAYWRIGHT_BLOB_OUTPUT_FILE: join(blobs, 'report.zip') }, [
    '--reporter=blob',
    '--grep',
    '@DENY-6\\b',
  ]);
  const { verdict, counts } = stated(result);
  const { code, stdout } = await run([
    PLAYWRIGHT,
    'merge-reports',
    '--reporter',
    './src/report/reporter.ts',
    blobs,
  ]);
  expect([code, stdout.trimEnd().split('\n').at(-1)]).toEqual([0, `${verdict}, all ${counts.judged} judged`]);
});
