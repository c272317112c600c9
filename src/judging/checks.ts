import type { Code } from '../catalogue/codes';
import { check, checkWith, deviates, KEPT, type CheckResult } from './check';
import type { Check } from './judgement';
import type { RequirementId } from '../catalogue/requirements';
import type { CheckedResponse } from './checked-response';
import type { NotJudged } from './not-judged';
import type { SeenState } from './states';

/*
 * The checks that contract tests name, each defined once, here. A check gets a whole response with its secrets masked and
 * says how it deviates: `check('isX', (response) => ...)`.
 */

export { isCheckName, runCheck, type CheckResult } from './check';
export type { Check } from './judgement';
export type { CheckedResponse } from './checked-response';

/** A poll that shows no documented state is a finding of POLL-2, POLL-7 or WIRE. */
const UNCLEAR: CheckResult = {
  notJudged: { cause: 'blocked', reason: 'the poll shows no documented state' },
};
const TOO_OLD: CheckResult = {
  notJudged: { cause: 'short-lived', reason: 'the session may have expired by then' },
};

const POLLS_AS: Record<SeenState, string> = {
  pending: 'pending',
  completed: 'completed',
  expired: 'expired',
  gone: '404',
  unclear: 'no documented state',
};

interface PollOptions {
  /** A session that may have expired by itself proves nothing. */
  unlessExpired?: boolean;
  /** States that another check judges. */
  leaves?: SeenState[];
}

/** The session polls as one of these states. */
function pollsAs(code: Code, states: SeenState[], { unlessExpired, leaves = [] }: PollOptions = {}) {
  const expected = `polls as ${states.map((state) => POLLS_AS[state]).join(' or ')}`;
  return ({ seen, mayHaveExpired }: CheckedResponse): CheckResult => {
    if (states.includes(seen) || leaves.includes(seen)) return KEPT;
    if (seen === 'unclear') return UNCLEAR;
    return unlessExpired && mayHaveExpired ? TOO_OLD : deviates(code, expected, `polls as ${POLLS_AS[seen]}`);
  };
}

export function isAccepted({ status }: { status: number }): boolean {
  return status >= 200 && status < 300;
}

// --- Responses to denials ---------------------------------------------------------------------------------------------

export const isDenied = check('isDenied', ({ status, mayHaveExpired }) => {
  if (status === 200) return KEPT;
  return mayHaveExpired ? TOO_OLD : deviates('status', 'status 200', `status ${status}`);
});

/** For ids that no session has: a proxy may reject them before the API sees them, with any status. */
export const isNotAccepted = check('isNotAccepted', (response) =>
  isAccepted(response) ? deviates('accepted', 'a rejection', `status ${response.status}`) : KEPT,
);

/** Any rejection of a concurrent denial is documented, as any other is. */
export const isDocumentedRejection = check('isDocumentedRejection', documentedStatus);

export const isRejected = check('isRejected', (response) =>
  isAccepted(response)
    ? deviates('accepted', 'a rejection', `status ${response.status}`)
    : documentedStatus(response),
);

function documentedStatus({ status, isDocumented }: CheckedResponse): CheckResult {
  if (isDocumented) return KEPT;
  const expected = 'a documented status';
  return {
    deviation: { code: 'undocumented-status', class: 'drift', expected, actual: `status ${status}` },
  };
}

/** Why no order of concurrent operations explains their responses. */
interface RaceFinding {
  requirement: RequirementId;
  code: Code;
  expected: string;
  actual: string;
}

function contradicts(_response: CheckedResponse, found: RaceFinding | undefined): CheckResult {
  return found === undefined ? KEPT : deviates(found.code, found.expected, found.actual);
}

const ordered = checkWith('hasAnOrder', contradicts, { among: 'races of denials' });
const orderedWithApproval = checkWith('hasAnOrderWithApproval', contradicts, {
  among: 'races of a denial and an approval',
});

/** Some order of the operations of a race explains all responses; a contradiction counts for its own requirement only. */
export function hasAnOrder(
  { contradiction, hasApproval }: { contradiction: RaceFinding | undefined; hasApproval: boolean },
  requirement: RequirementId,
): Check {
  const found = contradiction?.requirement === requirement ? contradiction : undefined;
  return hasApproval ? orderedWithApproval(found) : ordered(found);
}

/**
 * Why DENY-5 is not judged where the provider-state endpoint accepted a late approval (2xx) and the session is completed.
 * The endpoint is a test hook and may complete any row; where it refuses (4xx), the API did.
 */
export const FORCED_APPROVAL: NotJudged = {
  cause: 'setting',
  reason:
    'PROVIDER_STATE_URL completed a denied session, which shows nothing about the API: let it answer 4xx where the API would refuse a person',
};

// --- Polls ------------------------------------------------------------------------------------------------------------

export const isPending = check('isPending', pollsAs('not-pending', ['pending'], { unlessExpired: true }));

/** The session is pending after a request that must not change it. */
export const isUntouched = check('isUntouched', pollsAs('touched', ['pending'], { unlessExpired: true }));

/** The session has ended; a denied session may poll as 404 or as expired. */
export const isNotPending = check(
  'isNotPending',
  pollsAs('still-pending', ['gone', 'expired'], { leaves: ['completed'] }),
);

/** The session was never approved in time, so there is no API key to show. */
export const yieldsNoKey = check(
  'yieldsNoKey',
  pollsAs('yields-key', ['gone', 'expired'], { leaves: ['pending'] }),
);

/** The session ended without an API key, and has not changed since. */
export const stayedEnded = check('stayedEnded', pollsAs('state-changed', ['gone', 'expired']));

export const isUnknown = check('isUnknown', pollsAs('not-404', ['gone']));

export const isStillUnknown = check('isStillUnknown', pollsAs('created', ['gone']));

/** A derived id finds no session, however the request is rejected. */
export const findsNothing = check('findsNothing', ({ seen }) =>
  seen === 'gone' || seen === 'unclear'
    ? KEPT
    : deviates('found', 'finds no session', `polls as ${POLLS_AS[seen]}`),
);

/** An expired session may be gone: stores that drop rows at their time to live are common. */
export const hasEnded = check('hasEnded', ({ seen }) => {
  const expected = 'polls as 404 or expired';
  if (seen === 'pending') return deviates('still-pending', expected, 'polls as pending');
  if (seen === 'completed') return deviates('yields-key', expected, 'polls as completed');
  return seen === 'unclear' ? UNCLEAR : KEPT;
});

/** Advice on a session that has ended; that it has is judged by hasEnded. */
export const isExpired = check('isExpired', ({ seen }) => {
  if (seen === 'gone') return deviates('not-expired', 'polls as expired', 'polls as 404');
  return seen === 'expired' ? KEPT : UNCLEAR;
});

const pollsAsCompleted = pollsAs('not-completed', ['completed'], { unlessExpired: true });

export const isCompleted = check('isCompleted', (response) => {
  const state = pollsAsCompleted(response);
  if (state !== KEPT || response.apiKey !== '') return state;
  return deviates('no-key', 'an API key', '""', '/apiKey');
});

const staysCompleted = pollsAs('state-changed', ['completed'], { unlessExpired: true });

/** Without a key there is nothing to keep. */
const NEVER_COMPLETED: CheckResult = {
  notJudged: {
    cause: 'blocked',
    reason: 'the session was never seen with an API key',
    blockedBy: { requirement: 'POLL-5', code: 'not-completed' },
  },
};

/** The session is completed, with the API key that it had. */
export const keepsKey = checkWith('keepsKey', (response, key) => {
  if (key === undefined) return NEVER_COMPLETED;
  const state = staysCompleted(response);
  if (state !== KEPT || response.apiKey === key) return state;
  return deviates('key-changed', `the same key as before, ${key}`, response.apiKey || 'none', '/apiKey');
});

// --- Ids --------------------------------------------------------------------------------------------------------------

/** @param how in which way the next id can be computed; undefined where it can't be */
export const isNotComputable = checkWith(
  'isNotComputable',
  (_response, how) =>
    how === undefined
      ? KEPT
      : deviates(
          'id-computable',
          'ids that tell nothing about the next one',
          `ids that are ${how}`,
          '/sessionId',
        ),
  { among: 'sets of ids' },
);
