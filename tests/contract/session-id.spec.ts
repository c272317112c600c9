import { findsNothing, isNotAccepted, isUntouched } from '../../fixtures/checks';
import { SAFE_REQUESTS, UNDOCUMENTED_REQUESTS } from '../../fixtures/other-requests';
import { covers, test } from '../../fixtures/test';
import { CONTAINING_NAMES, NEAR_MISS_NAMES, PATTERN_NAMES } from '../../src/catalogue/derived-ids';

/*
 * Requests with an id that resembles the id of a session, and requests with its id that must not deny it. Each leaves the
 * session pending; settled.spec.ts looks at it again.
 */

test(
  'near-miss ids, and an unknown id with a real one in query and body, are rejected; the session stays pending',
  covers('ID-1', 'ID-2'),
  async ({ unknownSession, sessions, states, judge }) => {
    const session = await states.pending('empty');
    judge('ID-1', await sessions.pollDerived(session, 'first-half'), findsNothing);
    await Promise.all(
      NEAR_MISS_NAMES.map((name) =>
        test.step(name, async () => judge('ID-1', await sessions.denyDerived(session, name), isNotAccepted)),
      ),
    );
    judge('ID-1', await sessions.denyNaming(unknownSession, session), isNotAccepted);
    judge('ID-2', await sessions.poll(session), isUntouched);
    await states.release('ID-2', session);
  },
);

test(
  'patterns and wildcards in place of an id are rejected and find no session, and the session stays pending',
  covers('ID-3'),
  async ({ sessions, states, judge, fullProfileOnly }) => {
    await fullProfileOnly('malformed ids');
    const session = await states.pending();
    for (const pattern of ['star-at-end', 'percent-at-end'] as const)
      judge('ID-3', await sessions.pollDerived(session, pattern), findsNothing);
    await Promise.all(
      PATTERN_NAMES.map((name) =>
        test.step(name, async () => judge('ID-3', await sessions.denyDerived(session, name), isNotAccepted)),
      ),
    );
    judge('ID-3', await sessions.poll(session), isUntouched);
    await states.release('pending', session);
  },
);

test(
  'ids that contain the whole id of a session are rejected, and the session stays pending',
  covers('ID-4', 'ID-8'),
  async ({ sessions, states, judge, fullProfileOnly }) => {
    await fullProfileOnly('malformed ids');
    const session = await states.pending();
    await Promise.all(
      CONTAINING_NAMES.map((name) =>
        test.step(name, async () => judge('ID-8', await sessions.denyDerived(session, name), isNotAccepted)),
      ),
    );
    judge('ID-8', await sessions.poll(session), isUntouched);
    await states.release('pending', session);
  },
);

test(
  'undocumented methods, and a DELETE without an id, leave a session pending',
  covers('ID-7'),
  async ({ sessions, states, judge, fullProfileOnly }) => {
    await fullProfileOnly('undocumented methods');
    const session = await states.pending();
    await Promise.all(
      UNDOCUMENTED_REQUESTS.map(([name, request]) => test.step(name, () => sessions.other(session, request))),
    );
    judge('ID-7', await sessions.poll(session), isUntouched);
    await states.release('pending', session);
  },
);

test(
  'safe methods leave a session pending',
  covers('ID-6'),
  async ({ pendingSession, sessions, states, judge }) => {
    await Promise.all(
      SAFE_REQUESTS.map(([name, request]) => test.step(name, () => sessions.other(pendingSession, request))),
    );
    judge('ID-6', await sessions.poll(pendingSession), isUntouched);
    await states.release('ID-6', pendingSession);
  },
);
