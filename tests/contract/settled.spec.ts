import {
  hasEnded,
  isCompleted,
  isDenied,
  isExpired,
  isNotAccepted,
  isNotComputable,
  isNotPending,
  isPending,
  isRejected,
  isStillUnknown,
  isUntouched,
  keepsKey,
  stayedEnded,
  yieldsNoKey,
} from '../../fixtures/checks';
import { SAFE_REQUESTS } from '../../fixtures/other-requests';
import type { Session } from '../../fixtures/session';
import { covers, test } from '../../fixtures/test';
import { NEAR_MISS_NAMES } from '../../src/catalogue/derived-ids';

/*
 * Delayed effects. Caches, replicas and timers undo things after a while, so sessions that other tests have released are
 * looked at again when SETTLE_MS have passed. A test that runs alone creates its own. Completed and expired sessions come
 * after the denial of a pending one, which must not touch them.
 */

test(
  'a denied session has not come back after a while, and denying it again is rejected',
  covers('DENY-2', 'DENY-5', 'REJECT-2'),
  async ({ sessions, states, judge, precondition }) => {
    const deniedTwice = async (): Promise<Session> => {
      const session = await states.pending();
      precondition('DENY-1', await sessions.deny(session), isDenied);
      judge('REJECT-2', await sessions.deny(session), isRejected);
      precondition('REJECT-8', await sessions.poll(session), stayedEnded);
      return session;
    };
    for (const session of await states.settled('denied', deniedTwice)) {
      const poll = await sessions.poll(session);
      judge('DENY-5', poll, yieldsNoKey);
      // A session that has come back is a finding; that it can then be denied is no separate one.
      precondition('DENY-2', poll, isNotPending);
      judge('REJECT-2', await sessions.deny(session), isRejected);
    }
  },
);

test(
  'an unknown session that was denied is still unknown after a while, and denying it again is rejected',
  covers('REJECT-1', 'REJECT-6'),
  async ({ sessions, states, judge, precondition }) => {
    const rejected = async (): Promise<Session> => {
      const session = await states.unknown();
      precondition('REJECT-1', await sessions.deny(session), isRejected);
      return session;
    };
    for (const session of await states.settled('unknown', rejected)) {
      precondition('REJECT-6', await sessions.poll(session), isStillUnknown);
      judge('REJECT-1', await sessions.deny(session), isRejected);
    }
  },
);

test(
  'a session that no request has touched for a while is pending and can be denied',
  covers('DENY-2', 'DENY-9'),
  async ({ sessions, states, judge, precondition }) => {
    for (const session of await states.settled('unchanged', () => states.pending())) {
      precondition('DENY-9', await sessions.poll(session), isPending);
      precondition('DENY-9', await sessions.deny(session, { judgedAs: 'DENY-9' }), isDenied);
      judge('DENY-2', await sessions.poll(session), isNotPending);
    }
  },
);

test(
  'a completed session that was denied keeps its API key after a while, and denying it again is rejected',
  covers('REJECT-3', 'REJECT-7'),
  async ({ sessions, states, judge, precondition }) => {
    const rejected = async (): Promise<Session> => {
      const session = await states.completed();
      precondition('POLL-5', await sessions.poll(session), isCompleted);
      precondition('REJECT-3', await sessions.deny(session), isRejected);
      return session;
    };
    for (const session of await states.settled('completed', rejected)) {
      precondition('REJECT-7', await sessions.poll(session), keepsKey(session.apiKey));
      judge('REJECT-3', await sessions.deny(session), isRejected);
    }
  },
);

test(
  'an expired session that was denied has not come back after a while, and denying it again is rejected',
  covers('REJECT-4', 'REJECT-8'),
  async ({ sessions, states, judge, precondition }) => {
    const rejected = async (): Promise<Session> => {
      const session = await states.expired();
      precondition('REJECT-4', await sessions.deny(session), isRejected);
      return session;
    };
    for (const session of await states.settled('expired', rejected)) {
      precondition('REJECT-8', await sessions.poll(session), stayedEnded);
      judge('REJECT-4', await sessions.deny(session), isRejected);
    }
  },
);

test(
  'a session is still pending a while after denials of near-miss ids',
  covers('ID-1', 'ID-2'),
  async ({ sessions, states, judge }) => {
    const nearlyDenied = async (): Promise<Session> => {
      const session = await states.pending();
      for (const name of NEAR_MISS_NAMES)
        judge('ID-1', await sessions.denyDerived(session, name), isNotAccepted);
      return session;
    };
    for (const session of await states.settled('ID-2', nearlyDenied))
      judge('ID-2', await sessions.poll(session), isUntouched);
  },
);

test(
  'a session is still pending a while after requests with safe methods',
  covers('ID-6'),
  async ({ sessions, states, judge }) => {
    const safelyUsed = async (): Promise<Session> => {
      const session = await states.pending();
      for (const [, request] of SAFE_REQUESTS) await sessions.other(session, request);
      return session;
    };
    for (const session of await states.settled('ID-6', safelyUsed))
      judge('ID-6', await sessions.poll(session), isUntouched);
  },
);

test(
  'the ids of all sessions, over the time of a run, cannot be computed from one another',
  covers('CREATE-4'),
  async ({ states, judge }) => {
    // Between ids that were made at the same moment a clock has hardly moved.
    const { response, how } = await states.collectIds();
    judge('CREATE-4', response, isNotComputable(how));
  },
);

test(
  'sessions expire at their expiresAt, whether they were polled until then or not, and denying them is rejected',
  covers('POLL-6', 'POLL-8', 'REJECT-4', 'REJECT-8'),
  async ({ sessions, states, judge, precondition }) => {
    const { polled, unpolled } = await states.leftToExpire();
    const poll = await sessions.poll(polled);
    precondition('POLL-8', poll, hasEnded);
    judge('POLL-6', poll, isExpired);
    for (const session of [polled, unpolled]) {
      judge('REJECT-4', await sessions.deny(session), isRejected);
      judge('REJECT-8', await sessions.poll(session), stayedEnded);
    }
  },
);
