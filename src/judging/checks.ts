import type { Code } from '../catalogue/codes';
import type { NotJudged } from './not-judged';
import type { FoundDeviation } from './deviation';
import type { SeenState } from './states';

/** What a check looks at: an answer, as far as its meaning goes. */
export interface CheckedAnswer {
  status: number;
  seen: SeenState;
  mayHaveExpired: boolean;
  /** The document names the status. */
  isDocumented: boolean;
  /** Label of the API key that a poll showed. */
  apiKey?: string | undefined;
}

/** What a check finds: nothing, a deviation, or that the answer doesn't tell. */
export type CheckResult = { deviation?: FoundDeviation; notJudged?: NotJudged };

/** A check by its name, with what it compares with: a recording can be judged by it again. */
export interface Check {
  name: CheckName;
  expectedValue?: string | undefined;
}

type Run = (answer: CheckedAnswer, than: string | undefined) => CheckResult;

const KEPT: CheckResult = {};

/** An answer to a poll from which no state can be read is a finding of its own (POLL-2, POLL-7, WIRE). */
const UNCLEAR: CheckResult = {
  notJudged: { cause: 'blocked', reason: 'the poll that would tell gave no documented state' },
};
const TOO_OLD: CheckResult = {
  notJudged: { cause: 'short-lived', reason: 'the session may have expired by then' },
};

const SHOWN: Record<SeenState, string> = {
  pending: 'it polls as pending',
  completed: 'it polls as completed',
  expired: 'it polls as expired',
  gone: 'it polls as 404',
  unclear: 'an unclear answer',
};

/** The session polls in one of these states; a session whose own time may be over by then proves nothing. */
function polls(code: Code, states: SeenState[], { byItself }: { byItself?: boolean } = {}): Run {
  const expected = `it ${states.map((state) => SHOWN[state].replace('it ', '')).join(' or ')}`;
  return ({ seen, mayHaveExpired }) => {
    if (states.includes(seen)) return KEPT;
    if (seen === 'unclear') return UNCLEAR;
    return byItself && mayHaveExpired ? TOO_OLD : { deviation: { code, expected, actual: SHOWN[seen] } };
  };
}

const RUNS = {
  /** A session that nobody ended is pending. */
  isPending: polls('not-pending', ['pending'], { byItself: true }),
  /** The same, after a request that was for something else. */
  isUntouched: polls('touched', ['pending'], { byItself: true }),
  /** A session that ended is not pending any more; 404 and expired both say so. */
  isNotPending: polls('still-pending', ['gone', 'expired', 'completed']),
  /** A session that was never approved in time has no API key to show. */
  yieldsNoKey: polls('yields-key', ['gone', 'expired', 'pending']),
  /** It ended without a key, and stays so whatever is asked. */
  stayedEnded: polls('state-changed', ['gone', 'expired']),
  isUnknown: polls('not-404', ['gone']),
  /** However it is turned away: the id finds no session. */
  findsNothing: ({ seen }) =>
    seen === 'gone' || seen === 'unclear'
      ? KEPT
      : { deviation: { code: 'found', expected: 'no session', actual: SHOWN[seen] } },
  isStillUnknown: polls('created', ['gone']),
  isExpired: polls('not-expired', ['expired']),
  isExpiredStill: polls('state-changed', ['expired']),
  isCompleted: (answer, than) => {
    const state = polls('not-completed', ['completed'], { byItself: true })(answer, than);
    if (state !== KEPT || answer.apiKey !== '') return state;
    return { deviation: { code: 'no-key', pointer: '/apiKey', expected: 'an API key', actual: '""' } };
  },
  /** The session is completed, with the API key that it had. */
  keepsKey: (answer, key) => {
    const state = polls('state-changed', ['completed'], { byItself: true })(answer, key);
    if (state !== KEPT || answer.apiKey === key) return state;
    return {
      deviation: {
        code: 'key-changed',
        pointer: '/apiKey',
        expected: `the same key as before, ${key}`,
        actual: answer.apiKey || 'none',
      },
    };
  },
  /** Of several concurrent denials one was accepted, and no other. */
  isOnlyOneAccepted: ({ mayHaveExpired }, accepted) => {
    if (accepted === '1') return KEPT;
    if (accepted === '0' && mayHaveExpired) return TOO_OLD;
    const code = accepted === '0' ? 'status' : 'accepted-twice';
    return { deviation: { code, expected: 'one status 200', actual: `${accepted} of them` } };
  },
  /** The loser of a race is rejected in a documented way, as any denial of a denied session is. */
  isDocumentedRejection: ({ status, isDocumented }) =>
    isDocumented
      ? KEPT
      : {
          deviation: {
            code: 'undocumented-status',
            class: 'drift',
            expected: 'a documented status',
            actual: `status ${status}`,
          },
        },
  /** Ids say nothing of the next one; `how` they do. */
  isNotComputable: (_answer, how) =>
    how === undefined
      ? KEPT
      : {
          deviation: {
            code: 'id-computable',
            pointer: '/sessionId',
            expected: 'ids that say nothing of the next one',
            actual: `ids that are ${how}`,
          },
        },
} satisfies Record<string, Run>;

export type CheckName = keyof typeof RUNS;

export function runCheck({ name, expectedValue: than }: Check, answer: CheckedAnswer): CheckResult {
  return RUNS[name](answer, than);
}

export const isPending: Check = { name: 'isPending' };
export const isUntouched: Check = { name: 'isUntouched' };
export const isNotPending: Check = { name: 'isNotPending' };
export const yieldsNoKey: Check = { name: 'yieldsNoKey' };
export const stayedEnded: Check = { name: 'stayedEnded' };
export const isUnknown: Check = { name: 'isUnknown' };
export const isStillUnknown: Check = { name: 'isStillUnknown' };
export const isExpired: Check = { name: 'isExpired' };
export const isExpiredStill: Check = { name: 'isExpiredStill' };
export const isCompleted: Check = { name: 'isCompleted' };
export const isDocumentedRejection: Check = { name: 'isDocumentedRejection' };
export const findsNothing: Check = { name: 'findsNothing' };

export function keepsKey(key: string | undefined): Check {
  return { name: 'keepsKey', expectedValue: key };
}

export function isOnlyOneOf(accepted: unknown[]): Check {
  return { name: 'isOnlyOneAccepted', expectedValue: String(accepted.length) };
}

export function isNotComputable(how: string | undefined): Check {
  return { name: 'isNotComputable', expectedValue: how };
}
