import { isAccepted, isNotPending, keepsKey, yieldsNoKey } from '../../judging/checks';
import type { Check } from '../../judging/checks';
import { seenState, shownKey, type Exchange } from '../../judging/exchange';
import type { RequirementId } from '../../catalogue/requirements';
import type { SessionState } from '../../judging/states';

/** No person approves a session in a browser so soon after its creation. */
const MAX_UNAPPROVED_MS = 5000;

/** What follows for an exchange from those before it. */
export interface Inference {
  /** Undefined where nothing says in what state the session was. */
  state: SessionState | undefined;
  checks: { requirement: RequirementId; check: Check }[];
}

/**
 * Infers the states of one session from what was recorded of it. An exchange proves something of another one only if it
 * was over before that began; and since people approve sessions and other clients deny them, no session is pending for
 * sure but shortly after its creation, or where a later poll shows it.
 */
export function infer(exchange: Exchange, all: readonly Exchange[]): Inference {
  if (exchange.operation === 'create') return { state: 'none', checks: [] };
  const others = all.filter((one) => one !== exchange && one.session === exchange.session);
  const earlier = others.filter((one) => endOf(one) <= startOf(exchange));
  const state = endedState(earlier);
  if (exchange.operation === 'poll') return { state: state ?? 'unknown', checks: checksOf(state, earlier) };
  const isRacing = others.some((one) => one.operation === 'deny' && overlaps(one, exchange));
  if (isRacing) return { state: undefined, checks: [] };
  const wasPending = state === undefined && isPendingAt(exchange, earlier, others);
  return { state: wasPending ? 'pending' : state, checks: [] };
}

/** The state that a session can't leave any more. */
function endedState(earlier: Exchange[]): SessionState | undefined {
  for (const one of earlier) {
    if (one.operation === 'deny' && one.answer?.status === 200) return 'denied';
    const seen = seenState(one.operation, one.answer);
    if (seen === 'completed' || seen === 'expired') return seen;
    if (seen === 'gone') return 'unknown';
  }
  return undefined;
}

function isPendingAt(denial: Exchange, earlier: Exchange[], others: Exchange[]): boolean {
  const creation = earlier.find((one) => one.operation === 'create' && one.answer?.status === 201);
  const isAcceptance = isAccepted({ status: denial.answer?.status ?? 0 });
  // A session that is not pending has no denial to accept: with another status than 200 that is a fault either way.
  if (isAcceptance) return creation !== undefined;
  if (creation && startOf(denial) - endOf(creation) <= MAX_UNAPPROVED_MS) return true;
  const next = others.find((one) => one.operation === 'poll' && startOf(one) >= endOf(denial));
  return next !== undefined && seenState('poll', next.answer) === 'pending';
}

/** What a poll of a session that has ended is held to. */
function checksOf(state: SessionState | undefined, earlier: Exchange[]): Inference['checks'] {
  if (state === 'denied')
    return [
      { requirement: 'DENY-2', check: isNotPending },
      { requirement: 'DENY-5', check: yieldsNoKey },
    ];
  const key = earlier.map(shownKey).find((one) => one !== undefined);
  const wasRejected = earlier.some(
    (one) => one.operation === 'deny' && one.answer !== undefined && !isAccepted(one.answer),
  );
  return state === 'completed' && key !== undefined && wasRejected
    ? [{ requirement: 'REJECT-7', check: keepsKey(key) }]
    : [];
}

function startOf({ startedAt }: Exchange): number {
  return Date.parse(startedAt);
}

function endOf(exchange: Exchange): number {
  return startOf(exchange) + Math.max(0, exchange.durationMs);
}

function overlaps(one: Exchange, other: Exchange): boolean {
  return startOf(one) < endOf(other) && startOf(other) < endOf(one);
}
