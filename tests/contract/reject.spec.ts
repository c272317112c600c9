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
    'denying a session that is unknown, denied, completed or expired is rejected, and changes nothing',
    judges(
      'POLL-3',
      'POLL-5',
      'POLL-6',
      'REJECT-1',
      'REJECT-2',
      'REJECT-3',
      'REJECT-4',
      'REJECT-5',
      'REJECT-6',
      'REJECT-7',
      'REJECT-8',
    ),
    async ({ sessions, judge }) => {
      const unknown: Scenario = {
        judges: ['POLL-3', 'REJECT-1', 'REJECT-5', 'REJECT-6'],
        async live(sessions) {
          const session = await sessions.unknown();
          sessions.require('POLL-3', await sessions.poll(session), isUnknown);
          await sessions.deny(session);
          judge('REJECT-6', await sessions.poll(session), isStillUnknown);
        },
      };
      const denied: Scenario = {
        judges: ['REJECT-2', 'REJECT-8'],
        async live(sessions) {
          const session = await sessions.denied();
          await sessions.deny(session);
          // What has come back is a finding; that it can be denied then is none.
          if (judge('REJECT-8', await sessions.poll(session), stayedEnded)) await sessions.deny(session);
        },
      };
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
      await sessions.atOnce(unknown, denied, completed, expired);
    },
  );
});
