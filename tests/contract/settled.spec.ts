import {
  isExpired,
  isNotPending,
  isPending,
  isStillUnknown,
  keepsKey,
  stayedEnded,
  yieldsNoKey,
} from '../../fixtures/checks';
import type { Scenario, SessionAnswer } from '../../fixtures/sessions';
import { forEachTarget } from '../../fixtures/targets';
import { judges, test } from '../../fixtures/test';

/*
 * What lasts. Caches, replicas and timers undo things after a while, so what happened in the run is looked at again here,
 * when it is SETTLE_MS old. This file comes last; where a test of it runs alone, it makes its own past. What has come back
 * is a finding; that it can be denied then is none.
 */

forEachTarget(() => {
  // First, since a create may bring back what ended.
  test(
    'no session id can be computed from the others of this run',
    judges('CREATE-3', 'CREATE-4'),
    async ({ sessions }) => {
      await sessions.judgeIds('CREATE-4');
    },
  );

  test(
    'what ended has not come back and is rejected still, and what was left alone is pending and can be denied',
    judges(
      'DENY-2',
      'DENY-5',
      'DENY-9',
      'REJECT-1',
      'REJECT-2',
      'REJECT-3',
      'REJECT-4',
      'REJECT-6',
      'REJECT-7',
      'REJECT-8',
    ),
    async ({ sessions, judge }) => {
      // Before any scenario takes a session that is left for its own purpose.
      const left = (await sessions.allIn('pending')).slice(0, 2);
      const denied: Scenario = {
        judges: ['DENY-2', 'DENY-5', 'REJECT-2'],
        async live(sessions) {
          const all = await sessions.allIn('denied');
          if (all.length === 0) all.push(await sessions.newIn('denied'));
          await sessions.settle(...all);
          const answers = await Promise.all(all.map((session) => sessions.poll(session)));
          const gone = all.filter((_session, i) => {
            const answer = answers[i] as SessionAnswer;
            return judge('DENY-2', answer, isNotPending) && judge('DENY-5', answer, yieldsNoKey);
          });
          for (const session of gone.slice(0, 1)) {
            await sessions.deny(session);
          }
        },
      };
      const unknown: Scenario = {
        judges: ['REJECT-1', 'REJECT-6'],
        async live(sessions) {
          const [rejected] = await sessions.allIn('unknown');
          const session = rejected ?? (await sessions.newIn('unknown'));
          if (!rejected) await sessions.deny(session);
          await sessions.settle(session);
          if (judge('REJECT-6', await sessions.poll(session), isStillUnknown)) await sessions.deny(session);
        },
      };
      const completed: Scenario = {
        judges: ['REJECT-3', 'REJECT-7'],
        async live(sessions) {
          const session = (await sessions.allIn('completed'))[0] ?? (await sessions.newIn('completed'));
          const key = session.apiKey ?? (await sessions.poll(session)).apiKey;
          await sessions.settle(session);
          if (!judge('REJECT-7', await sessions.poll(session), keepsKey(key))) return;
          await sessions.deny(session);
        },
      };
      const expired: Scenario = {
        judges: ['REJECT-4', 'REJECT-8'],
        async live(sessions) {
          const session = (await sessions.allIn('expired'))[0] ?? (await sessions.newIn('expired'));
          await sessions.settle(session);
          if (judge('REJECT-8', await sessions.poll(session), stayedEnded)) await sessions.deny(session);
        },
      };
      const leftAlone: Scenario = {
        judges: ['DENY-2', 'DENY-9'],
        async live(sessions) {
          if (left.length === 0) left.push(await sessions.create());
          await sessions.settle(...left);
          const answers = await Promise.all(left.map((session) => sessions.poll(session)));
          const pending = left.filter((_session, i) =>
            judge('DENY-9', answers[i] as SessionAnswer, isPending),
          );
          for (const session of pending.slice(-1)) {
            await sessions.deny(session, { judgedAs: 'DENY-9' });
            judge('DENY-2', await sessions.poll(session), isNotPending);
          }
        },
      };
      await sessions.atOnce(denied, unknown, completed, expired, leftAlone);
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
});
