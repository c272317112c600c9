import type { SeenState } from './exchange';
import type { Code, FoundDeviation } from './findings';
import type { NotJudged } from '../run/protocol';

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
  than?: string | undefined;
}

type Run = (answer: CheckedAnswer, than: string | undefined) => CheckResult;

const KEPT: CheckResult = {};

/** An answer to a poll from which no state can be read is a finding of its own (POLL-2, POLL-7, WIRE). */
const UNCLEAR: CheckResult = {
  notJudged: { cause: 'broken', reason: 'the poll that would tell gave no documented state' },
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
  const wanted = `it ${states.map((state) => SHOWN[state].replace('it ', '')).join(' or ')}`;
  return ({ seen, mayHaveExpired }) => {
    if (states.includes(seen)) return KEPT;
    if (seen === 'unclear') return UNCLEAR;
    return byItself && mayHaveExpired ? TOO_OLD : { deviation: { code, wanted, got: SHOWN[seen] } };
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
      : { deviation: { code: 'found', wanted: 'no session', got: SHOWN[seen] } },
  isStillUnknown: polls('created', ['gone']),
  isExpired: polls('not-expired', ['expired']),
  isExpiredStill: polls('state-changed', ['expired']),
  isCompleted: (answer, than) => {
    const state = polls('not-completed', ['completed'], { byItself: true })(answer, than);
    if (state !== KEPT || answer.apiKey !== '') return state;
    return { deviation: { code: 'no-key', pointer: '/apiKey', wanted: 'an API key', got: '""' } };
  },
  /** The session is completed, with the API key that it had. */
  keepsKey: (answer, key) => {
    const state = polls('state-changed', ['completed'], { byItself: true })(answer, key);
    if (state !== KEPT || answer.apiKey === key) return state;
    return {
      deviation: {
        code: 'key-changed',
        pointer: '/apiKey',
        wanted: `the same key as before, ${key}`,
        got: answer.apiKey || 'none',
      },
    };
  },
  /** Of several concurrent denials one was accepted, and no other. */
  isOnlyOneAccepted: ({ mayHaveExpired }, accepted) => {
    if (accepted === '1') return KEPT;
    if (accepted === '0' && mayHaveExpired) return TOO_OLD;
    const code = accepted === '0' ? 'status' : 'accepted-twice';
    return { deviation: { code, wanted: 'one status 200', got: `${accepted} of them` } };
  },
  /** The loser of a race is rejected in a documented way, as any denial of a denied session is. */
  isDocumentedRejection: ({ status, isDocumented }) =>
    isDocumented
      ? KEPT
      : {
          deviation: {
            code: 'undocumented-status',
            class: 'drift',
            wanted: 'a documented status',
            got: `status ${status}`,
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
            wanted: 'ids that say nothing of the next one',
            got: `ids that are ${how}`,
          },
        },
} satisfies Record<string, Run>;

export type CheckName = keyof typeof RUNS;

export function runCheck({ name, than }: Check, answer: CheckedAnswer): CheckResult {
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
  return { name: 'keepsKey', than: key };
}

export function isOnlyOneOf(accepted: unknown[]): Check {
  return { name: 'isOnlyOneAccepted', than: String(accepted.length) };
}

export function isNotComputable(how: string | undefined): Check {
  return { name: 'isNotComputable', than: how };
}
