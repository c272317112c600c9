import fc from 'fast-check';
import { NEAR_MISS_NAMES, PATTERN_NAMES } from '../catalogue/derived-ids';
import { FORMS, type FormName } from '../catalogue/forms';
import {
  MAX_TIMES,
  SESSION_NAMES,
  type BatchPart,
  type SafeRequest,
  type SessionName,
  type Step,
  type StepConnection,
  type UndocumentedRequest,
  type Walk,
} from './steps';

/** What a walk may do against this target. */
export interface WalkOptions {
  /** `polite`: no concurrent requests, malformed ids or undocumented methods. */
  profile: 'full' | 'polite';
  hasProviderStates: boolean;
}

type Steps = fc.Arbitrary<Step>;
/** `unknown`: polls or denies a session that does not exist. */
type Kind = Exclude<Step['do'], 'poll unknown' | 'deny unknown' | 'poll denied'> | 'unknown';
type Kinds = Partial<Record<Kind, (theme: Theme) => Steps>>;

/** What the steps of one walk have in common. */
interface Theme {
  /** The session that is led through its life. */
  session: SessionName;
  sessions: readonly SessionName[];
  connections: StepConnection[];
  times: fc.Arbitrary<number>;
}

const form = fc.constantFrom(...(Object.keys(FORMS) as FormName[]));
/** What goes wrong the nth time needs many; most else shows at once. */
const few = fc.oneof(
  { weight: 5, arbitrary: fc.constant(1) },
  { weight: 3, arbitrary: fc.integer({ min: 2, max: 4 }) },
  { weight: 2, arbitrary: fc.integer({ min: 5, max: MAX_TIMES }) },
);
const many = fc.oneof(
  { weight: 1, arbitrary: fc.constant(1) },
  { weight: 2, arbitrary: fc.integer({ min: 2, max: 4 }) },
  { weight: 5, arbitrary: fc.integer({ min: 5, max: 8 }) },
  { weight: 2, arbitrary: fc.integer({ min: 9, max: MAX_TIMES }) },
);

/*
 * What walks have in common goes round, so that a run has some of each, whatever its seed. The lengths have no common
 * divisor: all combinations come.
 */
const ENDS: Kind[] = [
  'deny',
  'approve',
  'at once',
  'expire',
  'approve',
  'create and deny',
  'at once',
  'approve',
  'deny',
  'expire',
  'at once',
];
const LIVES = [1, 2, 1, 2, 1, 2, 1];
const CONNECTIONS: StepConnection[][] = [['new'], ['kept'], ['new', 'kept']];
const TIMES = [many, few, many, many, few];

/** The walk of a seed with this number, always the same one. */
export function walkOf(seed: number, number: number, options: WalkOptions): Walk {
  const [walk = []] = fc.sample(walks(seed + number, options), { seed: mix(seed, number), numRuns: 1 });
  return walk;
}

/** Walks of neighbouring seeds and numbers have nothing in common. */
function mix(seed: number, number: number): number {
  return Math.imul(seed ^ Math.imul(number + 1, 0x9e3779b1), 0x85ebca6b) | 0;
}

function inTurn<T>(all: readonly T[], turn: number): T {
  return all[turn % all.length] as T;
}

type Weights = Partial<Record<Kind, number>>;

/** What may be done to a session, or beside it, before it ends. */
const BEFORE: Weights = {
  poll: 6,
  'safe method': 4,
  'deny derived': 1,
  'poll derived': 1,
  'other method': 1,
  unknown: 3,
  create: 1,
  wait: 1,
};
const END: Weights = { deny: 5, approve: 5, 'at once': 4, expire: 3, 'create and deny': 2, poll: 4 };
const AFTER: Weights = { poll: 8, deny: 8, unknown: 1, 'create and deny': 2, approve: 1, wait: 1 };

/**
 * A walk leads one session or several through their lives: something before the end, the end, something after it. Several
 * lives are lived one after the other or mixed. Steps that are drawn freely would mostly meet a session that has ended.
 */
function walks(turn: number, options: WalkOptions): fc.Arbitrary<Walk> {
  const kinds = stepKinds(options);
  const names = SESSION_NAMES.slice(0, inTurn(LIVES, turn));
  const lives = names.map((session, i) => {
    const theme: Theme = {
      session,
      sessions: names,
      connections: inTurn(CONNECTIONS, turn),
      times: inTurn(TIMES, turn),
    };
    const end = inTurn(ENDS, turn);
    const isGiven = i === 0 && kinds[end] !== undefined;
    return life(kinds, theme, isGiven ? { [end]: 1 } : END);
  });
  const turns = fc.infiniteStream(fc.nat(names.length - 1));
  return fc
    .tuple(fc.tuple(...lives), turns, fc.boolean())
    .map(([all, order, isMixed]) => (isMixed ? mixed(all, order) : all.flat()));
}

function life(kinds: Kinds, theme: Theme, end: Weights): fc.Arbitrary<Walk> {
  const some = (weights: Weights, minLength: number, maxLength: number): fc.Arbitrary<Walk> =>
    fc.array(oneOf(kinds, weights, theme), { minLength, maxLength, size: 'max' });
  return fc.tuple(some(BEFORE, 1, 2), some(end, 1, 1), some(AFTER, 1, 2)).map((parts) => parts.flat());
}

function oneOf(kinds: Kinds, weights: Weights, theme: Theme): Steps {
  const possible = Object.entries(weights).flatMap(([name, weight = 0]) => {
    const kind = kinds[name as Kind];
    return kind ? [{ weight, arbitrary: kind(theme) }] : [];
  });
  return fc.oneof(...possible);
}

/** Each life in its order, the steps of one between those of another. */
function mixed(lives: Walk[], turns: Iterator<number>): Walk {
  const left = lives.map((one) => [...one]);
  const walk: Walk = [];
  while (left.some((one) => one.length > 0)) {
    const step = left[Number(turns.next().value)]?.shift();
    if (step) walk.push(step);
  }
  return walk;
}

function stepKinds({ profile, hasProviderStates }: WalkOptions): Kinds {
  const isFull = profile === 'full';
  const on = <T extends Step['do']>(name: T) => fc.constant(name);
  // An id that contains a whole session id may be taken for it: that is advice, and the walk would lose its way.
  const derivation = fc.constantFrom(...NEAR_MISS_NAMES, ...(isFull ? PATTERN_NAMES : []));
  return {
    create: ({ session }) => fc.record({ do: on('create'), session: fc.constant(session), form }),
    poll: repeated('poll'),
    deny: repeated('deny'),
    'deny derived': ({ session }) =>
      fc.record({ do: on('deny derived'), session: fc.constant(session), derivation }),
    'poll derived': ({ session }) =>
      fc.record({ do: on('poll derived'), session: fc.constant(session), derivation }),
    'safe method': ({ session, times }) =>
      fc.record({
        do: on('safe method'),
        session: fc.constant(session),
        request: fc.constantFrom<SafeRequest>('HEAD', 'HEAD', 'OPTIONS', 'GET with overrides'),
        times,
      }),
    unknown: ({ times }) => fc.record({ do: fc.constantFrom('poll unknown', 'deny unknown'), times }),
    wait: () => fc.record({ do: on('wait'), ms: fc.constantFrom(20, 100, 300) }),
    'create and deny': ({ connections, times }) =>
      fc.record({ do: on('create and deny'), times, connection: fc.constantFrom(...connections) }),
    ...(hasProviderStates && { approve: provided('approve'), expire: provided('expire') }),
    ...(isFull && {
      'other method': ({ session }) =>
        fc.record({
          do: on('other method'),
          session: fc.constant(session),
          request: fc.constantFrom<UndocumentedRequest>('POST', 'PUT', 'PATCH'),
        }),
      'at once': ({ session, sessions }) => batch(session, sessions, hasProviderStates),
    }),
  };
}

function repeated(name: 'poll' | 'deny'): (theme: Theme) => Steps {
  return ({ session, connections, times }) =>
    fc.record({
      do: fc.constant(name),
      session: fc.constant(session),
      times,
      connection: fc.constantFrom(...connections),
    });
}

function provided(name: 'approve' | 'expire'): (theme: Theme) => Steps {
  return ({ session }) => fc.record({ do: fc.constant(name), session: fc.constant(session) });
}

/** Many requests for one session, or some for several. One approval at most: a person gives only one. */
function batch(own: SessionName, sessions: readonly SessionName[], hasProviderStates: boolean): Steps {
  const action = fc.constantFrom<BatchPart['action']>('deny', 'deny', 'poll');
  const session = fc.constantFrom(...sessions);
  const parts = fc.oneof(
    fc
      .array(action, { minLength: 2, maxLength: 8, size: 'max' })
      .map((actions) => actions.map((one): BatchPart => ({ action: one, session: own }))),
    fc.array(fc.record({ action, session }), { minLength: 2, maxLength: 6, size: 'max' }),
  );
  const isApproved = hasProviderStates
    ? fc.integer({ max: 2, min: 0 }).map((one) => one === 0)
    : fc.constant(false);
  return fc.tuple(parts, isApproved).map(([all, approved]): Step => {
    const [first] = all;
    const approval: BatchPart[] = approved && first ? [{ action: 'approve', session: first.session }] : [];
    return { do: 'at once', parts: [...all, ...approval] };
  });
}
