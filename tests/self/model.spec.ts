import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { linearize, type TimedAction } from '../../src/model/linearize';
import { actionOf, judgeRace, type RaceResponse } from '../../src/model/race';
import {
  livesAfter,
  type Action,
  type ActionName,
  type Life,
  type LifeRules,
  type Shown,
} from '../../src/model/session';

const RULES: LifeRules = { mayExpire: false, hookKeepsRules: true };
const PENDING: Life = { state: 'pending' };

/** A response of a race; unless said otherwise all are underway at the same time. */
function response(action: ActionName, shown: Shown | number, times = [0, 9], apiKey?: string): RaceResponse {
  const status =
    typeof shown === 'number' ? shown : { accepted: 200, rejected: 500, none: 0 }[shown as 'none'];
  const [sentAtMs = 0, answeredAtMs = 9] = times;
  return {
    action,
    status: status ?? 200,
    seen: action === 'poll' && typeof shown === 'string' ? shown : undefined,
    apiKey,
    isLost: shown === 'none',
    sentAtMs,
    answeredAtMs,
  };
}

const FIRST = [0, 1];
const THEN = [2, 3];

const EXPLAINED: Record<string, RaceResponse[]> = {
  'one denial is accepted, all others are rejected': [
    response('deny', 'rejected'),
    response('deny', 'accepted'),
    response('deny', 'rejected'),
  ],
  'polls show pending before the denial and 404 or expired after it': [
    response('poll', 'pending'),
    response('deny', 'accepted'),
    response('poll', 'gone'),
    response('poll', 'expired', [10, 11]),
    response('poll', 'gone', [12, 13]),
  ],
  'a denial loses against an approval': [
    response('deny', 'rejected'),
    response('approve', 'accepted'),
    response('poll', 'completed', [10, 11], '$API_KEY_1'),
  ],
  'an approval loses against a denial': [
    response('deny', 'accepted'),
    response('approve', 'rejected'),
    response('poll', 'gone', [10, 11]),
  ],
  'a rate limiter turned the other denials away': [
    response('deny', 429),
    response('deny', 'accepted'),
    response('deny', 429),
  ],
  'a gateway answered for the denial that was done': [response('deny', 504), response('deny', 'rejected')],
  'a lost denial was done, and late': [
    response('deny', 'none', FIRST),
    response('poll', 'pending', THEN),
    response('poll', 'gone', [4, 5]),
  ],
  'a lost denial was never done': [
    response('deny', 'none', FIRST),
    response('deny', 'accepted', THEN),
    response('poll', 'gone', [4, 5]),
  ],
  'a poll that shows no state proves nothing': [
    response('deny', 'accepted', FIRST),
    response('poll', 'unclear', THEN),
  ],
};

const CONTRADICTIONS: Record<string, { responses: RaceResponse[]; is: string; core: number[] }> = {
  'two denials were accepted': {
    responses: [response('deny', 'accepted'), response('deny', 'rejected'), response('deny', 'accepted')],
    is: 'DENY-7/accepted-twice',
    core: [0, 2],
  },
  'all denials were rejected': {
    responses: [response('deny', 'rejected'), response('deny', 'rejected')],
    is: 'DENY-7/status',
    core: [0, 1],
  },
  'the only denial that was not turned away was rejected': {
    responses: [response('deny', 429), response('deny', 'rejected')],
    is: 'DENY-7/status',
    core: [1],
  },
  'a poll after the denial shows pending': {
    responses: [
      response('deny', 'rejected'),
      response('deny', 'accepted', FIRST),
      response('poll', 'pending', THEN),
    ],
    is: 'DENY-7/still-pending',
    core: [1, 2],
  },
  'a poll shows pending after another one has shown 404': {
    responses: [
      response('deny', 'accepted', [0, 9]),
      response('poll', 'gone', FIRST),
      response('poll', 'pending', THEN),
    ],
    is: 'DENY-7/still-pending',
    core: [1, 2],
  },
  'a rejected denial leaves the session pending': {
    responses: [
      response('deny', 'rejected', FIRST),
      response('poll', 'pending', THEN),
      response('deny', 'accepted', THEN),
    ],
    is: 'DENY-7/status',
    core: [0],
  },
  'a denied session yields a key': {
    responses: [
      response('deny', 'accepted'),
      response('approve', 'rejected'),
      response('poll', 'completed', [10, 11], '$API_KEY_1'),
    ],
    is: 'DENY-5/yields-key',
    core: [0, 2],
  },
  'a denial and an approval were both accepted': {
    responses: [
      response('deny', 'accepted'),
      response('approve', 'accepted'),
      response('poll', 'gone', [10, 11]),
    ],
    is: 'REJECT-3/accepted',
    core: [0, 1],
  },
  'a poll shows 404 before any denial was sent': {
    responses: [response('poll', 'gone', FIRST), response('deny', 'accepted', THEN)],
    is: 'DENY-9/not-pending',
    core: [0],
  },
  'an approved session is gone after a rejected denial': {
    responses: [
      response('approve', 'accepted'),
      response('deny', 'rejected'),
      response('poll', 'gone', [10, 11]),
    ],
    is: 'REJECT-7/state-changed',
    core: [0, 2],
  },
  'a session is gone, and nobody denied it': {
    responses: [response('approve', 'rejected'), response('poll', 'gone', [10, 11])],
    is: 'DENY-9/not-pending',
    core: [1],
  },
  'the API key changes': {
    responses: [
      response('approve', 'accepted'),
      response('poll', 'completed', [0, 9], '$API_KEY_1'),
      response('poll', 'completed', [0, 9], '$API_KEY_2'),
    ],
    is: 'POLL-5/key-changed',
    core: [1, 2],
  },
  'nobody approved it, and it is completed': {
    responses: [response('poll', 'completed', [0, 9], '$API_KEY_1'), response('deny', 'rejected')],
    is: 'DENY-9/not-pending',
    core: [0],
  },
};

for (const [name, responses] of Object.entries(EXPLAINED))
  test(`a race is explained: ${name}`, () => {
    expect(judgeRace(responses, RULES)).toBeUndefined();
  });

for (const [name, { responses, is, core }] of Object.entries(CONTRADICTIONS))
  test(`a race is contradictory: ${name}`, () => {
    const found = judgeRace(responses, RULES);
    expect(found && `${found.requirement}/${found.code}`).toBe(is);
    expect(found?.core).toEqual(core);
  });

test('a session whose time may be over may have expired in the middle of a race', () => {
  const race = [response('deny', 'rejected'), response('poll', 'pending'), response('poll', 'gone')];
  expect(judgeRace(race, RULES)).toBeDefined();
  expect(judgeRace(race, { ...RULES, mayExpire: true })).toBeUndefined();
});

test('provider states that write any state are not blamed on the API', () => {
  const race = [response('deny', 'accepted', FIRST), response('approve', 'accepted', THEN)];
  expect(judgeRace(race, RULES)?.code).toBe('accepted');
  expect(judgeRace(race, { ...RULES, hookKeepsRules: false })).toBeUndefined();
});

test('a denial of a session that had ended before is named by what it had been', () => {
  const race = [response('deny', 'accepted')];
  const found = (['denied', 'completed', 'expired', 'unknown'] as const).map((state) => {
    const contradiction = judgeRace(race, RULES, [{ state }]);
    return `${contradiction?.requirement}/${contradiction?.code}`;
  });
  expect(found).toEqual(['REJECT-2/accepted', 'REJECT-3/accepted', 'REJECT-4/accepted', 'REJECT-1/accepted']);
});

const LIVES: Record<Life['state'], { polls: Shown[]; denials: Shown[] }> = {
  pending: { polls: ['pending', 'unclear', 'none'], denials: ['accepted', 'none'] },
  denied: { polls: ['expired', 'gone', 'unclear', 'none'], denials: ['rejected', 'none'] },
  completed: { polls: ['completed', 'unclear', 'none'], denials: ['rejected', 'none'] },
  expired: { polls: ['expired', 'gone', 'unclear', 'none'], denials: ['rejected', 'none'] },
  unknown: { polls: ['gone', 'unclear', 'none'], denials: ['rejected', 'none'] },
};

for (const [state, { polls, denials }] of Object.entries(LIVES))
  test(`these responses are possible when a session is ${state}: ${[...polls, ...denials].join(', ')}`, () => {
    const life = { state: state as Life['state'] };
    const possible = (name: ActionName, all: Shown[]): Shown[] =>
      all.filter((shown) => livesAfter(life, { name, shown }, RULES).length > 0);
    expect(possible('poll', ['pending', 'completed', 'expired', 'gone', 'unclear', 'none'])).toEqual(polls);
    expect(possible('deny', ['accepted', 'rejected', 'none'])).toEqual(denials);
  });

test('what a session may be after an action', () => {
  const after = (life: Life, one: Action, rules = RULES): Life[] => livesAfter(life, one, rules);
  const [denied, completed, expired, unknown] = (['denied', 'completed', 'expired', 'unknown'] as const).map(
    (state): Life => ({ state }),
  ) as [Life, Life, Life, Life];
  expect(after(PENDING, { name: 'deny', shown: 'none' }), 'a lost denial').toEqual([PENDING, denied]);
  expect(after(PENDING, { name: 'approve', shown: 'none' })).toEqual([PENDING, completed]);
  expect(after(denied, { name: 'approve', shown: 'none' })).toEqual([denied]);
  expect(after(PENDING, { name: 'expire', shown: 'none' })).toEqual([PENDING, expired]);
  expect(after(unknown, { name: 'expire', shown: 'none' }), 'no such session').toEqual([unknown]);
  expect(after(PENDING, { name: 'expire', shown: 'accepted' })).toEqual([expired]);
});

test('a poll without an API key leaves the one that is known', () => {
  const completed: Life = { state: 'completed', apiKey: '$API_KEY_1' };
  expect(livesAfter(completed, { name: 'poll', shown: 'completed' }, RULES)).toEqual([completed]);
  const other = judgeRace([response('poll', 'completed', [0, 9], '$API_KEY_2')], RULES, [completed]);
  expect(other).toMatchObject({ requirement: 'POLL-5', code: 'key-changed' });
});

test('lives that differ in their API key alone are different ones', () => {
  const lives = ['$API_KEY_1', '$API_KEY_2'].map((apiKey): Life => ({ state: 'completed', apiKey }));
  expect(linearize(lives, [], RULES)).toEqual(lives);
});

test('a completed session that is gone has changed its state, unless its time is over', () => {
  const before: Life[] = [{ state: 'completed', apiKey: '$API_KEY_1' }];
  const race = [response('poll', 'gone'), response('deny', 'rejected')];
  expect(judgeRace(race, RULES, before)).toMatchObject({ requirement: 'REJECT-7', code: 'state-changed' });
  expect(judgeRace(race, { ...RULES, mayExpire: true }, before)).toBeUndefined();
});

test('a 429 that was cut off may have done something, a complete one has not', () => {
  const turnedAway = response('deny', 429);
  expect(actionOf(turnedAway)).toBeUndefined();
  expect(actionOf({ ...turnedAway, isLost: true })).toMatchObject({ name: 'deny', shown: 'none' });
});

/* What a server does that takes one request after the other, and what clients see of it. */

const action = fc.constantFrom<ActionName>('deny', 'poll', 'approve', 'expire');
/** Where it takes effect, how long before that it was sent, how long after that it is answered, whether it is lost. */
const underway = fc.record({
  name: action,
  at: fc.nat(50),
  before: fc.nat(20),
  after: fc.nat(20),
  isLost: fc.boolean(),
  isGone: fc.boolean(),
});

type Underway = {
  name: ActionName;
  at: number;
  before: number;
  after: number;
  isLost: boolean;
  isGone: boolean;
};

function serve(actions: Underway[]): { seen: TimedAction[]; end: Life } {
  let life: Life = PENDING;
  const seen = [...actions]
    .sort((a, b) => a.at - b.at)
    .map(({ name, at, before, after, isLost, isGone }): TimedAction => {
      const times = { sentAtMs: at - before, answeredAtMs: at + after };
      const wasPending = life.state === 'pending';
      const shown: Action =
        name !== 'poll'
          ? { name, shown: wasPending ? 'accepted' : 'rejected' }
          : life.state === 'denied' || life.state === 'expired'
            ? { name, shown: isGone ? 'gone' : 'expired' }
            : { name, shown: life.state === 'unknown' ? 'gone' : life.state, apiKey: life.apiKey };
      if (name === 'deny' && wasPending) life = { state: 'denied' };
      if (name === 'approve' && wasPending) life = { state: 'completed', apiKey: '$API_KEY_1' };
      if (name === 'expire' && wasPending) life = { state: 'expired' };
      return { ...shown, ...times, ...(isLost && { shown: 'none' as const, apiKey: undefined }) };
    });
  return { seen, end: life };
}

test('whatever a server does that takes one request after the other is explained', () => {
  fc.assert(
    fc.property(fc.array(underway, { maxLength: 12 }), (actions) => {
      const { seen, end } = serve(actions);
      const states = linearize([PENDING], seen, RULES).map(({ state }) => state);
      expect(states).toContain(end.state);
    }),
  );
});

/** The definition itself: all orders, one after the other. */
function byDefinition(actions: TimedAction[], lives: Life[] = [PENDING]): boolean {
  if (actions.length === 0) return lives.length > 0;
  return actions.some((next, i) => {
    const others = actions.filter((_other, at) => at !== i);
    const isNext = others.every((other) => other.shown === 'none' || other.answeredAtMs >= next.sentAtMs);
    return (
      isNext &&
      lives.some((life) => livesAfter(life, next, RULES).some((after) => byDefinition(others, [after])))
    );
  });
}

const anything = fc
  .record({
    name: action,
    poll: fc.constantFrom<Shown>('pending', 'completed', 'expired', 'gone', 'unclear', 'none'),
    other: fc.constantFrom<Shown>('accepted', 'rejected', 'none'),
    apiKey: fc.constantFrom('$API_KEY_1', '$API_KEY_2'),
    sentAtMs: fc.nat(10),
    tookMs: fc.nat(10),
  })
  .map(({ name, poll, other, apiKey, sentAtMs, tookMs }): TimedAction => ({
    name,
    shown: name === 'poll' ? poll : other,
    apiKey,
    sentAtMs,
    answeredAtMs: sentAtMs + tookMs,
  }));

test('a race is contradictory if, and only if, each order of it is', () => {
  let contradictions = 0;
  fc.assert(
    fc.property(fc.array(anything, { maxLength: 5 }), (actions) => {
      const isExplained = byDefinition(actions);
      contradictions += isExplained ? 0 : 1;
      expect(linearize([PENDING], actions, RULES).length > 0).toBe(isExplained);
    }),
    { numRuns: 500 },
  );
  expect(contradictions).toBeGreaterThan(50);
});
