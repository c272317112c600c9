import { expect, test } from '@playwright/test';
import { REQUIREMENT_IDS, type RequirementId } from '../../src/catalogue/requirements';
import { FindingsCollector } from '../../src/judging/collector';
import { KnownDeviations } from '../../src/judging/known-deviations';
import type { NotJudged } from '../../src/judging/not-judged';
import { parseRequired } from '../../src/run/required';
import { readSettings } from '../../src/run/settings';
import { verdictOf, type RunError, type Verdict } from '../../src/report/verdict';
import { runContract } from './command';
import { SLOW } from './slow';
import { stated } from './stated';

test.describe.configure({ mode: 'parallel' });

type Class = 'violation' | 'drift' | 'advice';

interface Case {
  found?: Class;
  driftFails?: boolean;
  error?: RunError['kind'];
  missed?: NotJudged['cause'];
  outage?: boolean;
  required?: RequirementId[];
  judgesNothing?: boolean;
}

function verdictIn({
  found,
  driftFails = true,
  error,
  missed,
  outage,
  required = [],
  judgesNothing,
}: Case): Verdict {
  const collector = new FindingsCollector(new KnownDeviations([], '', ''), driftFails);
  collector.select(['POLL-1', 'POLL-3']);
  const deviation = found && ({ code: 'status', class: found, expected: 'a', actual: 'b' } as const);
  if (!judgesNothing)
    collector.judged({ requirement: 'POLL-1', ...(deviation && { deviation }) }, undefined, 'a test');
  if (missed) collector.missed('POLL-3', { cause: missed, reason: 'why' });
  return verdictOf({
    results: collector.results(),
    selected: collector.expected,
    required,
    driftFails,
    outage: outage ? { cause: 'outage', reason: 'down' } : undefined,
    errors: error ? [{ kind: error, message: 'an error' }] : [],
  });
}

test('the first verdict that applies is the verdict', () => {
  const cases: [Case, Verdict][] = [
    [{}, 'conforms'],
    [{ found: 'advice' }, 'conforms'],
    [{ missed: 'setting' }, 'conforms'],
    [{ missed: 'profile' }, 'conforms'],
    [{ found: 'drift', driftFails: false }, 'conforms'],
    [{ judgesNothing: true }, 'untestable'],
    [{ missed: 'outage' }, 'untestable'],
    [{ missed: 'crash' }, 'untestable'],
    [{ missed: 'interrupted' }, 'untestable'],
    [{ missed: 'blocked' }, 'untestable'],
    [{ missed: 'blocked', found: 'advice' }, 'conforms'],
    [{ outage: true }, 'untestable'],
    [{ error: 'untestable' }, 'untestable'],
    [{ required: ['POLL-1'] }, 'conforms'],
    [{ required: ['POLL-3'], missed: 'setting' }, 'untestable'],
    [{ error: 'misconfigured', outage: true }, 'misconfigured'],
    [{ error: 'misconfigured', found: 'drift' }, 'drifts'],
    [{ error: 'misconfigured', found: 'drift', driftFails: false }, 'misconfigured'],
    [{ error: 'misconfigured', found: 'violation', outage: true }, 'deviates'],
    [{ found: 'violation', missed: 'crash' }, 'deviates'],
  ];
  for (const [given, verdict] of cases) expect(verdictIn(given), JSON.stringify(given)).toBe(verdict);
});

test('a run that judged nothing of what its tests are about has judged nothing', () => {
  const collector = new FindingsCollector(new KnownDeviations([], '', ''), true);
  collector.select(['POLL-8']);
  collector.missed('POLL-8', { cause: 'setting', reason: 'set WAIT_FOR_EXPIRY_MS' });
  // By a rule, on a response that was asked for ahead of the tests.
  collector.judged({ requirement: 'WIRE-1' }, undefined, 'preparation');
  const [results, selected, tested] = [collector.results(), collector.expected, collector.tested];
  const evidence = { results, selected, required: [], driftFails: true, outage: undefined, errors: [] };
  expect(verdictOf({ ...evidence, tested })).toBe('untestable');
  // A recording has no selected tests.
  expect(verdictOf(evidence)).toBe('conforms');
});

test('REQUIRE names ids and prefixes, in either case, and nothing unknown', () => {
  expect(parseRequired('all')).toEqual(REQUIREMENT_IDS);
  expect(parseRequired('reject-3, POLL')).toEqual(
    REQUIREMENT_IDS.filter((id) => id === 'REJECT-3' || id.startsWith('POLL-')),
  );
  for (const [value, line] of [
    ['DENY-99', /^REQUIRE must be `all`, or ids and prefixes .*; there is no "DENY-99" /],
    ['DENY,DENI', /there is no "DENI" /],
    ['DENY,id-5', /^REQUIRE names a retired requirement; ID-5 is retired: .*; leave it out$/],
    [',', /^REQUIRE must be `all`/],
    ['', /^REQUIRE is set but empty/],
  ] as const)
    expect(() => readSettings({ REQUIRE: value })).toThrow(
      expect.objectContaining({ lines: [expect.stringMatching(line)] }),
    );
});

test('a run that did not judge what REQUIRE names is untestable, and says what to do', SLOW, async () => {
  const polite = { PROFILE: 'polite' };
  const met = await runContract({ ...polite, REQUIRE: 'DENY-1,CREATE' });
  const missed = await runContract({ ...polite, REQUIRE: 'DENY-1,ID-3' }, ['--grep', '@(DENY-1|ID-3)\\b']);
  const conforming = stated(met);
  expect(conforming).toMatchObject({ verdict: 'conforms', errors: [] });
  const { judged, expected } = conforming.counts;
  expect(met.lastLine).toBe(
    `conforms, ${judged} of ${expected} judged: ${expected - judged} left out by PROFILE=polite`,
  );
  expect(stated(missed)).toMatchObject({
    verdict: 'untestable',
    errors: [expect.stringMatching(/^REQUIRE: not judged: ID-.* \(PROFILE=polite sends no /)],
  });
});
