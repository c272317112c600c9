import { isDenied, isDocumentedRejection, isNotPending, isOnlyOneOf } from '../../fixtures/checks';
import { covers, test } from '../../fixtures/test';

/*
 * Concurrent denials: of one session, of which one succeeds, and of different ones, which all do.
 */

test(
  'of several concurrent denials of one session one succeeds, and the session ends denied',
  covers('DENY-7', 'REJECT-2'),
  async ({ pendingSession, sessions, judge, fullProfileOnly }) => {
    await fullProfileOnly('concurrent requests');
    const responses = await sessions.denyConcurrently(pendingSession, 3);
    const accepted = responses.filter(({ status }) => status >= 200 && status < 300);
    const rejected = responses.filter((response) => !accepted.includes(response));
    judge('DENY-7', accepted[0] ?? rejected[0], isOnlyOneOf(accepted));
    if (accepted.length === 0) return;
    judge('DENY-7', await sessions.poll(pendingSession), isNotPending);
    for (const loser of rejected) judge('REJECT-2', loser, isDocumentedRejection);
  },
);

test(
  'concurrent denials of different sessions all succeed',
  covers('DENY-8'),
  async ({ sessions, states, judge, fullProfileOnly }) => {
    await fullProfileOnly('concurrent requests');
    const pending = await Promise.all([1, 2].map(() => states.pending()));
    const denials = await Promise.all(
      pending.map((session) => sessions.deny(session, { judgedAs: 'DENY-8' })),
    );
    for (const denial of denials) judge('DENY-8', denial, isDenied);
  },
);
