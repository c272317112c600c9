import { expect, test } from '@playwright/test';
import type { Code } from '../../src/catalogue/codes';
import { EXPLANATIONS, type Explanation } from '../../src/catalogue/explanations';
import { FORMS } from '../../src/catalogue/forms';
import type { FindingName } from '../../src/catalogue/finding-name';
import { REQUIREMENT_IDS, RETIRED, type RequirementId } from '../../src/catalogue/requirements';
import type { Call } from '../../src/gateway/call';
import { createRequest, pollRequest } from '../../src/gateway/requests';
import type { Answer } from '../../src/judging/answer';
import { FindingsCollector } from '../../src/judging/collector';
import { classed } from '../../src/judging/deviation';
import type { Exchange } from '../../src/judging/exchange';
import { messageOf, type Finding } from '../../src/judging/finding';
import { Folding } from '../../src/judging/folding';
import { KnownDeviations, type KnownDeviation } from '../../src/judging/known-deviations';
import { acceptedIn, type RequirementResult } from '../../src/judging/results';
import { Run } from '../../src/run/run';
import { readSettings } from '../../src/run/settings';
import type { Variant } from '../../src/stand-in/variant';
import { variantNamed } from '../../src/stand-in/variants';

/*
 * How judgements become findings: what is counted among what, which finding explains which, and what is accepted.
 */

let count = 0;

function exchange(facts: Partial<Exchange>): Exchange {
  const path = `v1/api/auth/sessions/${facts.session ?? ''}`;
  return { n: ++count, test: 'a test', path, requestBody: undefined, ...facts } as Exchange;
}

const denial = (state: Exchange['state'], session: string): Exchange =>
  exchange({ operation: 'deny', state, session });
const poll = (state: Exchange['state'], session: string): Exchange =>
  exchange({ operation: 'poll', state, session });

interface Tried {
  requirement: RequirementId;
  at: Exchange;
  code?: Code;
  /** Name of the check; without it a rule judges. */
  check?: string;
}

function collect(tried: Tried[], known: Partial<KnownDeviation>[] = []): FindingsCollector {
  const entries = known.map((one) => ({ expires: '9999-12-31', reason: '', owner: '', ...one }));
  const collector = new FindingsCollector(
    new KnownDeviations(entries as KnownDeviation[], '', '2026-01-01'),
    true,
  );
  for (const { requirement, at, code, check } of tried) {
    const deviation = code && classed(requirement, { code, expected: 'x', actual: 'y' });
    const judgement = { requirement, ...(deviation && { deviation }) };
    if (check) collector.reported({ ...judgement, test: 'a test', check: { name: check } }, at);
    else collector.judged(judgement, at);
  }
  return collector;
}

function findingsIn(collector: FindingsCollector): Finding[] {
  return collector.results().flatMap(({ findings }) => findings);
}

function frequency({ seen, of, among }: Finding): string {
  return `${seen} of ${of} ${among}`;
}

function resultFor(collector: FindingsCollector, id: RequirementId): RequirementResult {
  return collector.results().find((one) => one.id === id) as RequirementResult;
}

test.describe('counting', () => {
  test('a finding is counted among the responses that could have shown it', () => {
    const unknown = ['$UNKNOWN_1', '$UNKNOWN_2'].map((session) => denial('unknown', session));
    const others = [denial('near-miss', '$SESSION_1'), poll('unknown', '$UNKNOWN_1')];
    const tried: Tried[] = [
      ...unknown.map((at): Tried => ({ requirement: 'WIRE-2', at, code: 'json' })),
      ...others.map((at): Tried => ({ requirement: 'WIRE-2', at })),
    ];
    const [finding] = findingsIn(collect(tried)) as [Finding];
    expect(frequency(finding)).toBe('2 of 2 denials of unknown sessions');
  });

  test('only where every sample of an operation is meant is it named alone', () => {
    const states = ['denied', 'completed', 'expired'] as const;
    const rejected = states.map((state, i): Tried => ({
      requirement: 'WIRE-2',
      at: denial(state, `$SESSION_${i + 1}`),
      code: 'json',
    }));
    const among = (more: Tried[]): string[] => findingsIn(collect([...rejected, ...more])).map(frequency);
    const others: Tried[] = [
      { requirement: 'WIRE-2', at: poll('unknown', '$UNKNOWN_1') },
      { requirement: 'WIRE-2', at: denial('pending', '$SESSION_4') },
    ];
    expect(among(others.slice(0, 1))).toEqual(['3 of 3 denials']);
    expect(among(others)).toEqual(['3 of 3 denials of denied, completed and expired sessions']);
  });

  test('a finding of some responses is intermittent', () => {
    const tried = ['$SESSION_1', '$SESSION_2', '$SESSION_3'].map((session, i): Tried => {
      const at = poll('denied', session);
      return { requirement: 'DENY-2', at, check: 'isNotPending', ...(i === 1 && { code: 'still-pending' }) };
    });
    const [finding] = findingsIn(collect(tried)) as [Finding];
    expect(frequency(finding)).toBe('1 of 3 polls of denied sessions');
  });

  test('a finding began during the run, where only the last responses show it, after enough others', () => {
    const beginning = (...showing: boolean[]): number | undefined => {
      const tried = showing.map((isShown, i): Tried => {
        const at = denial('pending', `$SESSION_${i + 1}`);
        return { requirement: 'DENY-1', at, ...(isShown && { code: 'status' }) };
      });
      return findingsIn(collect(tried))[0]?.cleanBefore;
    };
    const five = [false, false, false, false, false];
    expect(beginning(...five, true)).toBe(5);
    expect(beginning(...five, false, true, true)).toBe(6);
    expect(beginning(...five, true, false, true)).toBeUndefined();
    expect(beginning(false, false, true)).toBeUndefined();
    expect(beginning(true, true)).toBeUndefined();
  });

  test('a response counts once, whether a rule or a test judged it, or both', () => {
    const at = denial('unknown', '$UNKNOWN_1');
    const tried: Tried = { requirement: 'REJECT-1', at, code: 'accepted' };
    const [finding, ...more] = findingsIn(collect([tried, tried, { ...tried, check: 'isRejected' }]));
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ seen: 1, of: 1 });
  });

  test('only the check that can show a finding counts', () => {
    const [first, second] = [poll('completed', '$SESSION_1'), poll('completed', '$SESSION_1')];
    const [finding] = findingsIn(
      collect([
        { requirement: 'POLL-5', at: first, check: 'isCompleted' },
        { requirement: 'POLL-5', at: second, check: 'keepsKey', code: 'key-changed' },
      ]),
    );
    expect(finding).toMatchObject({ seen: 1, of: 1, among: 'polls of completed sessions' });
  });

  test('in a race, where no response tells the state before it, responses are counted by their outcome', () => {
    const race = [200, 500, 500].map((status) =>
      exchange({ operation: 'deny', state: 'racing', answer: { status } as Answer }),
    );
    const [accepted, ...rejected] = race as [Exchange, Exchange, Exchange];
    const findings = findingsIn(
      collect([
        { requirement: 'WIRE-1', at: accepted, code: 'media-type' },
        ...rejected.map((at): Tried => ({ requirement: 'WIRE-1', at })),
        { requirement: 'WIRE-5', at: accepted },
        ...rejected.map((at): Tried => ({ requirement: 'WIRE-5', at, code: 'stack-trace' })),
      ]),
    );
    expect(findings.map((one) => frequency(one))).toEqual([
      '1 of 1 denials accepted in a race',
      '2 of 2 denials rejected in a race',
    ]);
  });

  test('a value that does not come back is counted among polls of sessions that were created with it', async () => {
    const run = await Run.open({
      settings: readSettings({}),
      variant: variantNamed('callback-dropped') as Variant,
    });
    for (const form of ['plain', 'full'] as const) {
      const create: Call = { test: 'a test', operation: 'create', state: 'none', connection: 'own', form };
      const { outcome } = await run.gateway.send(create, createRequest(FORMS[form]));
      const label = outcome.created?.label ?? '';
      const poll: Call = { ...create, operation: 'poll', state: 'pending', session: label };
      await run.gateway.send(poll, pollRequest(label));
    }
    const [finding, ...more] = findingsIn(run.collector).filter(({ class: cls }) => cls !== 'advice');
    await run.close();
    expect(more).toEqual([]);
    expect(frequency(finding as Finding)).toMatch(/^1 of 1 polls of sessions created with /);
  });

  test('creates are counted by the form of their request, and ids by how they were derived', () => {
    const create = (form: Exchange['form']): Exchange =>
      exchange({ operation: 'create', state: 'none', form, path: 'v1/api/auth/sessions' });
    const nul = exchange({ operation: 'deny', state: 'malformed', path: 'x/$SESSION_1.nul' });
    const findings = findingsIn(
      collect([
        { requirement: 'CREATE-7', at: create('empty') },
        { requirement: 'CREATE-7', at: create('none'), code: 'status' },
        { requirement: 'ID-8', at: nul, code: 'accepted' },
      ]),
    );
    expect(findings.map((one) => frequency(one))).toEqual([
      '1 of 1 denials of an id with %00 appended',
      '1 of 1 creates without a body',
    ]);
  });
});

const BECAUSE = { because: 'it is the cause' };
const CHAIN: Explanation[] = [
  { finding: 'REJECT-8/state-changed', explainedBy: 'DENY-2/still-pending', sessions: 'same', ...BECAUSE },
  { finding: 'REJECT-7/state-changed', explainedBy: 'REJECT-8/state-changed', sessions: 'same', ...BECAUSE },
  { finding: 'DENY-8/timeout', explainedBy: 'DENY-1/timeout', sessions: 'any', ...BECAUSE },
];

/** Findings by name, with the labels of their sessions. */
function folding(seen: Partial<Record<FindingName, string[]>>): {
  reported: string[];
  reportedFor: (name: FindingName) => string | undefined;
} {
  const findings = Object.entries(seen).map(([name, sessions]) => {
    const [requirement, code] = name.split('/') as [RequirementId, Code];
    return { finding: { requirement, code }, sessions: new Set(sessions) };
  });
  const all = new Folding(findings, CHAIN);
  return {
    reported: findings
      .filter((one) => !all.isFolded(one))
      .map(({ finding: { requirement, code } }) => `${requirement}/${code}`),
    reportedFor: (name) => {
      const [requirement, code] = name.split('/') as [RequirementId, Code];
      return all.reportedFor({ requirement, code });
    },
  };
}

test.describe('folding', () => {
  test('a finding is folded into its cause with the same session', () => {
    const seen = folding({
      'DENY-2/still-pending': ['$SESSION_1'],
      'REJECT-8/state-changed': ['$SESSION_1'],
    });
    expect(seen.reported).toEqual(['DENY-2/still-pending']);
  });

  test('a cause with another session explains nothing', () => {
    const seen = folding({
      'DENY-2/still-pending': ['$SESSION_1'],
      'REJECT-8/state-changed': ['$SESSION_2'],
    });
    expect(seen.reported).toEqual(['DENY-2/still-pending', 'REJECT-8/state-changed']);
  });

  test('a finding that is seen with one unexplained session is reported', () => {
    const seen = folding({
      'DENY-2/still-pending': ['$SESSION_1'],
      'REJECT-8/state-changed': ['$SESSION_1', '$SESSION_2'],
      'REJECT-7/state-changed': ['$SESSION_1'],
    });
    expect(seen.reported).toEqual(['DENY-2/still-pending', 'REJECT-8/state-changed']);
  });

  test('a chain ends in a finding that is reported, and that one is named', () => {
    const seen = folding({
      'REJECT-7/state-changed': ['$SESSION_1'],
      'REJECT-8/state-changed': ['$SESSION_1'],
      'DENY-2/still-pending': ['$SESSION_1'],
    });
    expect(seen.reported).toEqual(['DENY-2/still-pending']);
    expect(seen.reportedFor('REJECT-7/state-changed')).toBe('DENY-2/still-pending');
    expect(seen.reportedFor('REJECT-8/state-changed')).toBe('DENY-2/still-pending');
    expect(seen.reportedFor('DENY-8/timeout')).toBeUndefined();
  });

  test('a cause that concerns all sessions explains also what was seen with others', () => {
    const seen = folding({ 'DENY-1/timeout': ['$SESSION_1'], 'DENY-8/timeout': ['$SESSION_2'] });
    expect(seen.reported).toEqual(['DENY-1/timeout']);
  });
});

test.describe('the explanations of the catalogue', () => {
  test('each has a reason, once', () => {
    for (const { because } of EXPLANATIONS) expect(because).toMatch(/^[A-Z].{10,200}\.$/);
    const pairs = EXPLANATIONS.map(({ finding, explainedBy }) => `${finding} ${explainedBy}`);
    expect(pairs).toEqual([...new Set(pairs)]);
  });

  test('none is circular', () => {
    const causesOf = (name: FindingName): FindingName[] =>
      EXPLANATIONS.filter(({ finding }) => finding === name).map(({ explainedBy }) => explainedBy);
    const visit = (name: FindingName, path: FindingName[]): void => {
      expect(path, 'a circle').not.toContain(name);
      for (const cause of causesOf(name)) visit(cause, [...path, name]);
    };
    for (const { finding } of EXPLANATIONS) visit(finding, []);
  });

  test('a second denial that is accepted and another session that is touched are always findings', () => {
    const gravest = EXPLANATIONS.filter(({ finding }) =>
      ['REJECT-2/accepted', 'DENY-4/touched'].includes(finding),
    );
    // A session with the same id is not another one.
    expect(gravest).toEqual([
      expect.objectContaining({
        finding: 'DENY-4/touched',
        explainedBy: 'CREATE-3/id-repeated',
        sessions: 'same',
      }),
    ]);
  });
});

test.describe('blocked and accepted', () => {
  const accepted = { requirement: 'DENY-1', code: 'status' } as const;
  const tried: Tried[] = [{ requirement: 'DENY-1', at: denial('pending', '$SESSION_1'), code: 'status' }];

  test('what a finding blocks names that finding', () => {
    const collector = collect(tried);
    collector.missed('DENY-2', { cause: 'blocked', reason: 'status 500', blockedBy: accepted });
    expect(resultFor(collector, 'DENY-2')).toMatchObject({
      outcome: 'not-judged',
      reason: 'blocked by DENY-1/status: status 500',
      blockedBy: 'DENY-1/status',
    });
    expect(acceptedIn(collector.results())).toEqual({ findings: 0, blocks: [] });
  });

  test('what needs a session is blocked by whatever is wrong with the response to the create', () => {
    const create = exchange({ operation: 'create', state: 'none' });
    const collector = collect([{ requirement: 'CREATE-2', at: create, code: 'schema' }]);
    const blockedBy = { requirement: 'CREATE-7' } as const;
    collector.missed('DENY-2', { cause: 'blocked', reason: 'no session was created', blockedBy });
    expect(resultFor(collector, 'DENY-2').reason).toBe('blocked by CREATE-2/schema: no session was created');
  });

  test('accepted findings are counted, with the requirements that they block', () => {
    const collector = collect(tried, [accepted]);
    collector.missed('DENY-2', { cause: 'blocked', reason: 'status 500', blockedBy: accepted });
    collector.missed('DENY-4', { cause: 'setting', reason: 'set PROVIDER_STATE_URL' });
    expect(resultFor(collector, 'DENY-1').outcome).toBe('known');
    expect(acceptedIn(collector.results())).toEqual({ findings: 1, blocks: ['DENY-2', 'DENY-3'] });
  });
});

test('a retired id is not used again', () => {
  for (const id of Object.keys(RETIRED)) expect(REQUIREMENT_IDS).not.toContain(id);
});

test('two digits are a requirement of their own', () => {
  for (const id of REQUIREMENT_IDS) expect(id).toMatch(/^(DENY|REJECT|ID|CREATE|POLL|WIRE)-[1-9]\d?$/);
});

test.describe('the findings of a test', () => {
  const seen: Tried = { requirement: 'DENY-6', at: denial('pending', '$SESSION_8'), code: 'status' };
  const cause = { requirement: 'DENY-1', code: 'status' } as const;

  test('a finding may be explained by an accepted one that is seen later', () => {
    expect(collect([seen]).unaccepted('a test')).toHaveLength(1);
    expect(collect([seen], [cause]).unaccepted('a test')).toEqual([]);
    const both: Tried[] = [seen, { ...cause, at: denial('pending', '$SESSION_9') }];
    expect(collect(both, [cause]).unaccepted('a test')).toEqual([]);
    expect(collect(both, [{ ...cause, pointer: '/elsewhere' }]).unaccepted('a test')).toHaveLength(2);
  });

  test('an entry is stale where only a finding that it would explain is seen', () => {
    const known = new KnownDeviations(
      [{ ...cause, reason: '', owner: '', expires: '9999-12-31' }],
      '',
      '2026-01-01',
    );
    const collector = new FindingsCollector(known, true);
    const deviation = classed('DENY-6', { code: 'status', expected: 'x', actual: 'y' });
    collector.judged({ requirement: 'DENY-6', deviation }, seen.at);
    collector.unaccepted('a test');
    expect(known.errors(() => true)).toHaveLength(1);
  });
});

test('a message names the request in words', () => {
  const message = (facts: Partial<Exchange>): string => {
    const at = exchange({ method: 'DELETE', operation: 'deny', ...facts });
    const [finding] = findingsIn(collect([{ requirement: 'WIRE-4', at, code: 'secret-shown' }]));
    return messageOf(finding as Finding);
  };
  expect(message({ state: 'unknown' })).toMatch(/expected x, actual y \(DELETE of an unknown session\)$/);
  expect(message({ state: 'denied' })).toMatch(/\(DELETE of a denied session\)$/);
  expect(message({ state: 'near-miss', path: 'x/$SESSION_1.one-off' })).toMatch(
    /\(DELETE of an id with one character changed\)$/,
  );
  expect(message({ state: 'none', operation: 'create', form: 'none' })).toMatch(/\(create without a body\)$/);
});
