import { findsNothing } from '../../fixtures/checks';
import { MALFORMED_IDS, NEAR_MISSES, type MalformedId, type NearMiss } from '../../src/catalogue/derived-ids';
import type { Session } from '../../fixtures/sessions';
import { forEachTarget } from '../../fixtures/targets';
import { judges, test } from '../../fixtures/test';

/*
 * Requests that almost name a session, or name it to a careless server only. Each answer is judged on its way: it is
 * not accepted (ID-1, ID-3), and is there at all (ID-4). A test judges that the session is as it was.
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
    'near misses of a session id are rejected and find no session, and they and safe methods leave the session alone',
    judges('ID-1', 'ID-2', 'ID-6'),
    async ({ pendingSession, unknownSession, sessions, judge }) => {
      const nearMisses = async (session: Session): Promise<void> => {
        const [polled] = await Promise.all([
          sessions.pollDerived(session, 'first-half', 'near-miss'),
          ...(Object.keys(NEAR_MISSES) as NearMiss[]).map((name) =>
            sessions.denyDerived(session, name, 'near-miss'),
          ),
          sessions.denyNaming(unknownSession, session),
        ]);
        if (polled) judge('ID-1', polled, findsNothing);
      };
      const safeMethods = (session: Session): Promise<unknown> =>
        Promise.all([
          sessions.other('HEAD', session),
          sessions.other('OPTIONS', session, '', PREFLIGHT),
          sessions.other('GET', session, '?_method=DELETE&method=DELETE', OVERRIDE),
        ]);
      await sessions.leftAlone(pendingSession, judge, { 'ID-2': nearMisses, 'ID-6': safeMethods });
    },
  );

  test(
    'hostile ids are rejected and find no session, and they and undocumented methods leave the session alone',
    judges('ID-3', 'ID-4', 'ID-5', 'ID-7'),
    async ({ pendingSession, sessions, judge }) => {
      await sessions.onlyInFullProfile('hostile ids and undocumented methods');
      const hostileIds = async (session: Session): Promise<void> => {
        const [polled] = await Promise.all([
          sessions.pollDerived(session, 'star-wildcard', 'malformed'),
          ...(Object.keys(MALFORMED_IDS) as MalformedId[]).map((name) =>
            sessions.denyDerived(session, name, 'malformed'),
          ),
        ]);
        if (polled) judge('ID-3', polled, findsNothing);
      };
      const otherMethods = (session: Session): Promise<unknown> =>
        Promise.all([
          sessions.other('DELETE', 'empty id'),
          sessions.other('DELETE', 'all'),
          ...['POST', 'PUT', 'PATCH'].map((method) => sessions.other(method, session)),
        ]);
      await sessions.leftAlone(pendingSession, judge, { 'ID-3': hostileIds, 'ID-7': otherMethods });
    },
  );
});
