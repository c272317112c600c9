import {
  isExpired,
  isNotPending,
  isPending,
  isStillUnknown,
  keepsKey,
  stayedEnded,
  yieldsNoKey,
} from '../../fixtures/checks';
import { forEachTarget } from '../../fixtures/targets';
import { judges, test } from '../../fixtures/test';

/*
 * What lasts. Caches, replicas and timers undo things after a while, so what happened in the run is looked at again here,
 * when it is SETTLE_MS old. This file comes last; where a test of it runs alone, it makes its own past. What has come back
 * is a finding; that it can be denied then is none.
 */

forEachTarget(() => {
  test(
    'what was denied is still gone, and denying it is rejected still',
    judges('DENY-2', 'DENY-5', 'REJECT-2', 'REJECT-8'),
    async ({ sessions, judge }) => {
      const denied = await sessions.allIn('denied');
      if (denied.length === 0) denied.push(await sessions.newIn('denied'));
      await sessions.settle(...denied);
      const gone = [];
      for (const [i, answer] of (
        await Promise.all(denied.map((session) => sessions.poll(session)))
      ).entries()) {
        if (judge('DENY-2', answer, isNotPending) && judge('DENY-5', answer, yieldsNoKey))
          gone.push(denied[i]);
      }
      for (const session of gone.slice(0, 1)) {
        if (!session) continue;
        await sessions.deny(session);
        judge('REJECT-8', await sessions.poll(session), stayedEnded);
      }
    },
  );

  test(
    'an unknown session is still unknown, and denying it is rejected still',
    judges('REJECT-1', 'REJECT-6'),
    async ({ sessions, judge }) => {
      const [rejected] = await sessions.allIn('unknown');
      const unknown = rejected ?? (await sessions.newIn('unknown'));
      if (!rejected) await sessions.deny(unknown);
      await sessions.settle(unknown);
      if (judge('REJECT-6', await sessions.poll(unknown), isStillUnknown)) await sessions.deny(unknown);
    },
  );

  test(
    'a completed session is still completed, with its API key, and denying it is rejected still',
    judges('REJECT-3', 'REJECT-7'),
    async ({ sessions, judge }) => {
      const completed = (await sessions.allIn('completed'))[0] ?? (await sessions.newIn('completed'));
      const key = completed.apiKey ?? (await sessions.poll(completed)).apiKey;
      await sessions.settle(completed);
      if (!judge('REJECT-7', await sessions.poll(completed), keepsKey(key))) return;
      await sessions.deny(completed);
      judge('REJECT-7', await sessions.poll(completed), keepsKey(key));
    },
  );

  test(
    'an expired session has not come back, and denying it is rejected still',
    judges('REJECT-4', 'REJECT-8'),
    async ({ sessions, judge }) => {
      const expired = (await sessions.allIn('expired'))[0] ?? (await sessions.newIn('expired'));
      await sessions.settle(expired);
      if (judge('REJECT-8', await sessions.poll(expired), stayedEnded)) await sessions.deny(expired);
    },
  );

  test(
    'sessions that were left alone are pending still, and can be denied',
    judges('DENY-2', 'DENY-9'),
    async ({ sessions, judge }) => {
      const left = await sessions.allIn('pending');
      if (left.length === 0) left.push(await sessions.create());
      await sessions.settle(...left);
      const pending = [];
      for (const [i, answer] of (
        await Promise.all(left.map((session) => sessions.poll(session)))
      ).entries()) {
        if (judge('DENY-9', answer, isPending)) pending.push(left[i]);
      }
      for (const session of pending.slice(0, 1)) {
        if (!session) continue;
        await sessions.deny(session, { as: 'DENY-9' });
        judge('DENY-2', await sessions.poll(session), isNotPending);
      }
    },
  );

  test(
    'a session that is left alone expires when it said, and denying it is rejected',
    judges('POLL-6', 'REJECT-4', 'REJECT-8'),
    async ({ sessions, judge }) => {
      const session = await sessions.leftToExpire();
      sessions.require('POLL-6', await sessions.poll(session), isExpired);
      await sessions.deny(session);
      judge('REJECT-8', await sessions.poll(session), stayedEnded);
    },
  );

  test(
    'no session id can be computed from the others of this run',
    judges('CREATE-3', 'CREATE-4'),
    async ({ sessions }) => {
      await sessions.judgeIds('CREATE-4');
    },
  );
});
