import type { Code } from '../catalogue/codes';
import type { RequirementId } from '../catalogue/requirements';
import { linearize, type TimedAction } from './linearize';
import type { ActionName, Life, LifeRules, LifeState, Shown } from './session';

/** Why no order of some actions explains their responses. */
export interface Contradiction {
  requirement: RequirementId;
  code: Code;
  expected: string;
  actual: string;
  /** Places, in what was asked about, of the fewest actions whose responses contradict each other. */
  core: number[];
}

/** What a response proves least comes first: the core then keeps what proves most, such as two accepted denials. */
const WEAKEST_FIRST: Shown[] = [
  'unclear',
  'rejected',
  'gone',
  'expired',
  'pending',
  'completed',
  'accepted',
  'none',
];

/** The same where an accepted denial did nothing: it may be accepted again, but not because others are concurrent. */
const WEAKEST_FIRST_UNDONE: Shown[] = ['accepted', ...WEAKEST_FIRST.filter((shown) => shown !== 'accepted')];

/** The contradiction in concurrent actions on one session, or undefined where an order of them explains all responses. */
export function contradiction(
  before: readonly Life[],
  actions: readonly TimedAction[],
  rules: LifeRules,
): Contradiction | undefined {
  if (linearize(before, actions, rules).length > 0) return undefined;
  const core = coreOf(before, actions, rules);
  const inCore = core.map((i) => actions[i] as TimedAction);
  // Who was rejected because of an approval contradicts a poll without it.
  const isApproved = select(actions, 'approve', 'accepted').length > 0;
  return { ...describe(before, inCore, isApproved), core };
}

/**
 * The places of actions whose responses no order explains, even where all others may have been done or not. An action
 * without its response allows all that it allowed with it, so each is tried once.
 */
function coreOf(before: readonly Life[], actions: readonly TimedAction[], rules: LifeRules): number[] {
  let kept = [...actions];
  const places = actions.map((_action, i) => i);
  const order = isUndone(actions) ? WEAKEST_FIRST_UNDONE : WEAKEST_FIRST;
  const rank = (i: number): number => order.indexOf((actions[i] as TimedAction).shown);
  for (const i of [...places].sort((a, b) => rank(a) - rank(b))) {
    const weakened = kept.map((action, at): TimedAction =>
      at === i ? { ...action, shown: 'none' } : action,
    );
    if (linearize(before, weakened, rules).length === 0) kept = weakened;
  }
  return places.filter((i) => kept[i]?.shown !== 'none');
}

/** All denials were accepted, and the session is pending when all is over: nothing else can have revived it. */
function isUndone(actions: readonly TimedAction[]): boolean {
  const last = actions.at(-1);
  const areAccepted = actions
    .slice(0, -1)
    .every(({ name, shown }) => name === 'deny' && shown !== 'rejected');
  return last?.name === 'poll' && last.shown === 'pending' && areAccepted;
}

type Description = Omit<Contradiction, 'core'>;

/** The requirement that a denial of a session in this state is rejected. */
const REJECTED: Record<LifeState, RequirementId> = {
  pending: 'DENY-7',
  denied: 'REJECT-2',
  completed: 'REJECT-3',
  expired: 'REJECT-4',
  unknown: 'REJECT-1',
};

function describe(before: readonly Life[], core: readonly TimedAction[], isApproved: boolean): Description {
  const denials = select(core, 'deny', 'accepted').length;
  const isApprovedToo = select(core, 'approve', 'accepted').length > 0;
  if (denials > 1)
    return {
      requirement: 'DENY-7',
      code: 'accepted-twice',
      expected: 'at most one accepted denial',
      actual: denials === 2 ? 'two denials were both accepted' : `${denials} denials were accepted`,
    };
  if (select(core, 'poll', 'completed').length > 0) return describeKey(before, core);
  const isCompleted = isApproved || before.every(({ state }) => state === 'completed');
  if (select(core, 'poll', 'pending').length > 0) return describePending(core, isCompleted);
  if (select(core, 'poll', 'gone', 'expired').length > 0) return describeGone(isCompleted);
  if (denials > 0)
    return {
      requirement: isApprovedToo ? 'REJECT-3' : REJECTED[before[0]?.state ?? 'unknown'],
      code: 'accepted',
      expected: 'a denial of a session that is not pending is rejected',
      actual: isApprovedToo ? 'a denial and an approval were both accepted' : 'a denial was accepted',
    };
  const rejections = select(core, 'deny', 'rejected').length;
  return {
    requirement: 'DENY-7',
    code: 'status',
    expected: 'one denial of a pending session is accepted',
    actual: rejections > 1 ? `all ${rejections} denials were rejected` : 'the only denial was rejected',
  };
}

function describePending(core: readonly TimedAction[], isCompleted: boolean): Description {
  const others = core.filter(({ shown }) => shown !== 'pending');
  if (isCompleted && select(core, 'deny', 'accepted').length === 0)
    return noLongerCompleted('a poll shows it as pending');
  const isRejected = others.length > 0 && others.every(({ shown }) => shown === 'rejected');
  if (isRejected)
    return {
      requirement: 'DENY-7',
      code: 'status',
      expected: 'a denial of a pending session is accepted',
      actual: 'a denial was rejected, and a later poll shows the session as pending',
    };
  return {
    requirement: 'DENY-7',
    code: 'still-pending',
    expected: 'a session that has ended does not poll as pending',
    actual: `a poll shows it as pending ${despite(others)}`,
  };
}

function describeGone(isCompleted: boolean): Description {
  const actual = 'a poll shows that it is gone or expired';
  return isCompleted
    ? noLongerCompleted(actual)
    : {
        requirement: 'DENY-9',
        code: 'not-pending',
        expected: 'a session that nothing has ended is pending',
        actual,
      };
}

function noLongerCompleted(actual: string): Description {
  const expected = 'a completed session stays completed';
  return { requirement: 'REJECT-7', code: 'state-changed', expected, actual };
}

function describeKey(before: readonly Life[], core: readonly TimedAction[]): Description {
  const polls = select(core, 'poll', 'completed');
  const others = core.filter((action) => !polls.includes(action));
  const isEnded = before.every(({ state }) => state !== 'pending' && state !== 'completed');
  if (others.length > 0 || isEnded)
    return {
      requirement: 'DENY-5',
      code: 'yields-key',
      expected: 'no API key of a session that has ended without one',
      actual: `a poll shows an API key ${despite(others)}`,
    };
  const hadKey = before.some(({ state }) => state === 'completed');
  return polls.length > 1 || hadKey
    ? {
        requirement: 'POLL-5',
        code: 'key-changed',
        expected: 'one API key',
        actual:
          polls.length > 1 ? 'polls show different API keys' : 'a poll shows another API key than before',
      }
    : {
        requirement: 'DENY-9',
        code: 'not-pending',
        expected: 'a session that nothing has ended is pending',
        actual: 'a poll shows it as completed',
      };
}

function select(actions: readonly TimedAction[], name: ActionName, ...shown: Shown[]): TimedAction[] {
  return actions.filter((action) => action.name === name && shown.includes(action.shown));
}

/** What a poll contradicts, in words. */
function despite([other]: readonly TimedAction[]): string {
  if (!other) return 'though it had ended before';
  if (other.name === 'poll') return `after another poll had shown it as ${other.shown}`;
  const what = { deny: 'denial', approve: 'approval', expire: 'expiry' }[other.name];
  return `after its ${what} had been ${other.shown}`;
}
