import {
  hasEnded,
  isCompleted,
  isDenied,
  isExpired,
  isRejected,
  isStillUnknown,
  isUnknown,
  keepsKey,
  stayedEnded,
} from '../../fixtures/checks';
import { covers, test } from '../../fixtures/test';

/*
 * Denying a session that is not pending: it is rejected, and nothing changes. The rules for single responses judge the
 * body of a rejection (REJECT-5).
 */

test(
  'denying an unknown session is rejected and creates no session',
  covers('REJECT-1', 'REJECT-6', 'POLL-3'),
  async ({ unknownSession, sessions, states, judge, precondition }) => {
    precondition('POLL-3', await sessions.poll(unknownSession), isUnknown);
    judge('REJECT-1', await sessions.deny(unknownSession), isRejected);
    judge('REJECT-6', await sessions.poll(unknownSession), isStillUnknown);
    await states.release('unknown', unknownSession);
  },
);

test(
  'denying a denied session again is rejected and does not bring it back',
  covers('REJECT-2', 'REJECT-8'),
  async ({ pendingSession, sessions, states, judge, precondition }) => {
    precondition('DENY-1', await sessions.deny(pendingSession), isDenied);
    judge('REJECT-2', await sessions.deny(pendingSession), isRejected);
    judge('REJECT-8', await sessions.poll(pendingSession), stayedEnded);
    await states.release('denied', pendingSession);
  },
);

test(
  'denying a completed session is rejected, and it keeps its API key',
  covers('POLL-5', 'REJECT-3', 'REJECT-7'),
  async ({ sessions, states, judge, precondition }) => {
    const session = await states.completed();
    precondition('POLL-5', await sessions.poll(session), isCompleted);
    const again = await sessions.poll(session);
    precondition('POLL-5', again, isCompleted);
    precondition('POLL-5', again, keepsKey(session.apiKey));
    judge('REJECT-3', await sessions.deny(session), isRejected);
    judge('REJECT-7', await sessions.poll(session), keepsKey(session.apiKey));
    await states.release('completed', session);
  },
);

test(
  'denying an expired session is rejected and does not bring it back',
  covers('POLL-6', 'POLL-8', 'REJECT-4', 'REJECT-8'),
  async ({ sessions, states, judge, precondition }) => {
    const session = await states.expired();
    const before = await sessions.poll(session);
    precondition('POLL-8', before, hasEnded);
    // It must have ended; that it says expired, where others say 404, is advice.
    judge('POLL-6', before, isExpired);
    judge('REJECT-4', await sessions.deny(session), isRejected);
    judge('REJECT-8', await sessions.poll(session), stayedEnded);
    await states.release('expired', session);
  },
);

test(
  'denying an expired session that has not been polled since it expired is rejected',
  covers('REJECT-4'),
  async ({ sessions, states, judge }) => {
    const session = await states.expired();
    judge('REJECT-4', await sessions.deny(session), isRejected);
  },
);
