import { isNotPending, isUntouched, yieldsNoKey } from '../../fixtures/checks';
import { forEachTarget } from '../../fixtures/targets';
import { judges, test } from '../../fixtures/test';

/*
 * Denying a pending session. Each answer is judged on its way, by the state that its session is in: here that it is 200
 * (DENY-1) with the documented body (DENY-3). A test judges what has to follow from it.
 */

forEachTarget(() => {
  test(
    'a pending session is denied for good, and no other with it',
    judges(
      'DENY-1',
      'DENY-2',
      'DENY-3',
      'DENY-4',
      'DENY-5',
      'WIRE-1',
      'WIRE-2',
      'WIRE-3',
      'WIRE-4',
      'WIRE-5',
    ),
    async ({ bystander, pendingSession, newcomer, sessions, judge }) => {
      await sessions.deny(pendingSession);

      const [next, older, newer] = await Promise.all([
        sessions.poll(pendingSession),
        sessions.poll(bystander),
        sessions.poll(newcomer),
      ]);
      judge('DENY-2', next, isNotPending);
      judge('DENY-5', next, yieldsNoKey);
      judge('DENY-4', older, isUntouched);
      judge('DENY-4', newer, isUntouched);

      // A person who approves too late changes nothing; without one the session is just polled again.
      const approval = await sessions.provide(pendingSession, 'session is completed');
      const later = await sessions.poll(pendingSession);
      judge('DENY-2', later, isNotPending);
      judge('DENY-5', later, yieldsNoKey);
      if (approval.result === 'unavailable')
        sessions.missed('DENY-5', {
          cause: 'setting',
          reason: `a late approval was not tried: ${approval.reason}`,
        });
    },
  );

  test(
    'several denials in a row over one kept connection succeed, whatever the sessions were created with',
    judges('DENY-6'),
    async ({ sessions }) => {
      const forms = ['full', 'longest', 'empty'] as const;
      const pending = await Promise.all(forms.map((form) => sessions.pending(form)));
      for (const session of pending)
        await sessions.tryDeny(session, { connection: { kept: 'denials' }, judgedAs: 'DENY-6' });
    },
  );
});
