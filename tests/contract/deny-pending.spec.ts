import { FORCED_APPROVAL, isDenied, isNotPending, isUntouched, yieldsNoKey } from '../../fixtures/checks';
import { covers, test } from '../../fixtures/test';

/*
 * Denying a pending session: the response is 200, the session is gone, and nothing else has changed. The rules for single
 * responses judge the body (DENY-3) and the message (WIRE).
 */

test(
  'denying a pending session succeeds, and polling it shows that it is gone',
  covers('DENY-1', 'DENY-2', 'DENY-5'),
  async ({ pendingSession, sessions, judge, precondition }) => {
    precondition('DENY-1', await sessions.deny(pendingSession), isDenied);
    const poll = await sessions.poll(pendingSession);
    judge('DENY-2', poll, isNotPending);
    judge('DENY-5', poll, yieldsNoKey);
  },
);

test(
  'denying a session leaves an older one of the same device and callback, and a newer one, pending',
  covers('DENY-4', 'DENY-6'),
  async ({ sessions, states, judge, precondition }) => {
    const older = await states.pending('full');
    const session = await states.pending('full');
    const newer = await states.pending('empty');
    precondition('DENY-6', await sessions.deny(session, { judgedAs: 'DENY-6' }), isDenied);
    for (const other of [older, newer]) judge('DENY-4', await sessions.poll(other), isUntouched);
    await states.release('pending', older, newer);
  },
);

test(
  'approving a denied session yields no API key',
  covers('DENY-1', 'DENY-2', 'DENY-5'),
  async ({ pendingSession, sessions, states, judge, precondition, leaveOut }) => {
    precondition('DENY-1', await sessions.deny(pendingSession), isDenied);
    const approval = await states.approve(pendingSession);
    const poll = await sessions.poll(pendingSession);
    // The endpoint for provider states is a test hook: that it completes any session shows nothing about the API.
    if (approval.result === 'done' && poll.seen === 'completed')
      return leaveOut('DENY-5', FORCED_APPROVAL.reason);
    if (approval.result === 'unavailable')
      leaveOut('DENY-5', `a late approval was not tried: ${approval.reason}`);
    judge('DENY-2', poll, isNotPending);
    judge('DENY-5', poll, yieldsNoKey);
  },
);

test(
  'several denials over one connection succeed, whatever form of the request created the sessions',
  covers('DENY-2', 'DENY-6'),
  async ({ sessions, states, judge }) => {
    const forms = ['none', 'longest', 'full'] as const;
    const pending = await Promise.all(forms.map((form) => states.pending(form)));
    for (const session of pending) {
      const denial = await sessions.deny(session, { connection: { kept: 'denials' }, judgedAs: 'DENY-6' });
      const isLast = session === pending.at(-1);
      if (judge('DENY-6', denial, isDenied) && isLast)
        judge('DENY-2', await sessions.poll(session), isNotPending);
    }
  },
);
