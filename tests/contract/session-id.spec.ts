import { findsNothing, isAnswered, isUntouched } from '../../fixtures/checks';
import { HOSTILE_IDS, NEAR_MISSES, type HostileId, type NearMiss } from '../../fixtures/gateway/ids';
import { forEachTarget } from '../../fixtures/targets';
import { judges, test } from '../../fixtures/test';

/*
 * Requests that almost name a session, or name it to a careless server only. Each answer is judged on its way: not
 * accepted (ID-1, ID-3). A test judges that the session is as it was.
 */

/** What a browser asks before it sends a DELETE from another site. */
const PREFLIGHT = { origin: 'https://client.example', 'access-control-request-method': 'DELETE' };
/** The ways in which frameworks let a GET pass for a DELETE. */
const OVERRIDE = {
  'x-http-method': 'DELETE',
  'x-http-method-override': 'DELETE',
  'x-method-override': 'DELETE',
};

forEachTarget(() => {
  test(
    'a near miss of a session id is rejected, finds no session, and leaves the session alone',
    judges('ID-1', 'ID-2'),
    async ({ pendingSession, unknownSession, sessions, judge }) => {
      const [polled] = await Promise.all([
        sessions.pollDerived(pendingSession, 'first-half', 'near-miss'),
        ...(Object.keys(NEAR_MISSES) as NearMiss[]).map((name) =>
          sessions.denyDerived(pendingSession, name, 'near-miss'),
        ),
        sessions.denyNaming(unknownSession, pendingSession),
      ]);
      if (polled) judge('ID-1', polled, findsNothing);
      judge('ID-2', await sessions.poll(pendingSession), isUntouched);
    },
  );

  test(
    'a hostile id is rejected, finds no session, and leaves the session that it points at alone',
    judges('ID-3', 'ID-4', 'ID-5'),
    async ({ pendingSession, sessions, judge }) => {
      await sessions.onlyInFullProfile('hostile ids');
      const [polled, ...answers] = await Promise.all([
        sessions.pollDerived(pendingSession, 'star-wildcard', 'hostile'),
        ...(Object.keys(HOSTILE_IDS) as HostileId[]).map((name) =>
          sessions.denyDerived(pendingSession, name, 'hostile'),
        ),
      ]);
      if (polled) judge('ID-3', polled, findsNothing);
      for (const answer of answers) if (answer) judge('ID-4', answer, isAnswered);
      judge('ID-3', await sessions.poll(pendingSession), isUntouched);
    },
  );

  test(
    'safe methods on a session change nothing',
    judges('ID-6'),
    async ({ pendingSession, sessions, judge }) => {
      await Promise.all([
        sessions.other('HEAD', pendingSession),
        sessions.other('OPTIONS', pendingSession, '', PREFLIGHT),
        sessions.other('GET', pendingSession, '?_method=DELETE&method=DELETE', OVERRIDE),
      ]);
      judge('ID-6', await sessions.poll(pendingSession), isUntouched);
    },
  );

  test(
    'an empty id, and methods that are not documented, deny nothing',
    judges('ID-7'),
    async ({ pendingSession, sessions, judge }) => {
      await sessions.onlyInFullProfile('methods that are not documented');
      await Promise.all([
        sessions.other('DELETE', undefined),
        ...['POST', 'PUT', 'PATCH'].map((method) => sessions.other(method, pendingSession)),
      ]);
      judge('ID-7', await sessions.poll(pendingSession), isUntouched);
    },
  );
});
