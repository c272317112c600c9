import {
  isCompleted,
  isExpired,
  isExpiredStill,
  isStillUnknown,
  isUnknown,
  keepsKey,
  stayedEnded,
} from '../../fixtures/checks';
import type { Scenario } from '../../fixtures/sessions';
import { forEachTarget } from '../../fixtures/targets';
import { judges, test } from '../../fixtures/test';

/*
 * Denying what is not pending. Each answer is judged on its way: not accepted, of a documented status (REJECT-1 to
 * REJECT-4, by the state), with the documented body (REJECT-5). A test judges that nothing has changed.
 */

forEachTarget(() => {
  test(
    'denying an unknown session is rejected, and creates none',
    judges('POLL-3', 'REJECT-1', 'REJECT-5', 'REJECT-6'),
    async ({ unknownSession, sessions, judge }) => {
      sessions.require('POLL-3', await sessions.poll(unknownSession), isUnknown);
      await sessions.deny(unknownSession);
      judge('REJECT-6', await sessions.poll(unknownSession), isStillUnknown);
    },
  );

  test(
    'denying a denied session is rejected a second, third and fourth time, and it stays denied',
    judges('REJECT-2', 'REJECT-5', 'REJECT-8'),
    async ({ deniedSession, sessions, judge }) => {
      await sessions.deny(deniedSession);
      await sessions.deny(deniedSession);
      await sessions.deny(deniedSession);
      judge('REJECT-8', await sessions.poll(deniedSession), stayedEnded);
    },
  );

  test(
    'denying a completed session is rejected, and it keeps its API key; an expired one stays expired',
    judges('POLL-5', 'POLL-6', 'REJECT-3', 'REJECT-4', 'REJECT-5', 'REJECT-7', 'REJECT-8'),
    async ({ sessions, judge }) => {
      const completed: Scenario = {
        judges: ['POLL-5', 'REJECT-3', 'REJECT-7'],
        async live(sessions) {
          const session = await sessions.brought('completed');
          const [before, again] = await Promise.all([sessions.poll(session), sessions.poll(session)]);
          sessions.require('POLL-5', before, isCompleted);
          sessions.require('POLL-5', again, keepsKey(before.apiKey));
          await sessions.deny(session);
          judge('REJECT-7', await sessions.poll(session), keepsKey(before.apiKey));
        },
      };
      const expired: Scenario = {
        judges: ['POLL-6', 'REJECT-4', 'REJECT-8'],
        async live(sessions) {
          const session = await sessions.brought('expired');
          sessions.require('POLL-6', await sessions.poll(session), isExpired);
          await sessions.deny(session);
          judge('REJECT-8', await sessions.poll(session), isExpiredStill);
        },
      };
      await sessions.atOnce(completed, expired);
    },
  );
});
