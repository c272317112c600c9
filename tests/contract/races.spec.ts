import { isAccepted, isDocumentedRejection, isNotPending, isOnlyOneOf } from '../../fixtures/checks';
import type { Scenario } from '../../fixtures/sessions';
import { forEachTarget } from '../../fixtures/targets';
import { judges, test } from '../../fixtures/test';

/*
 * Denials at the same time: of one session, of which one at most succeeds, and of different ones, which all do.
 */

forEachTarget(() => {
  test(
    'of many concurrent denials of one session at most one succeeds, and those of different sessions all do',
    judges('DENY-7', 'DENY-8', 'REJECT-2'),
    async ({ sessions, judge }) => {
      await sessions.onlyInFullProfile('concurrent requests');
      const one: Scenario = {
        judges: ['DENY-7', 'REJECT-2'],
        async live(sessions) {
          const { session, answers } = await sessions.race(3);
          const accepted = answers.filter(isAccepted);
          const rejected = answers.filter((answer) => !accepted.includes(answer));
          for (const answer of [...accepted, ...rejected].slice(0, 1))
            judge('DENY-7', answer, isOnlyOneOf(accepted));
          if (accepted.length === 0) return;
          judge('DENY-7', await sessions.poll(session), isNotPending);
          for (const loser of rejected) judge('REJECT-2', loser, isDocumentedRejection);
        },
      };
      const different: Scenario = {
        judges: ['DENY-8'],
        async live(sessions) {
          const pending = await Promise.all([1, 2].map(() => sessions.pending()));
          await Promise.all(pending.map((session) => sessions.tryDeny(session, { judgedAs: 'DENY-8' })));
        },
      };
      await sessions.atOnce(one, different);
    },
  );
});
