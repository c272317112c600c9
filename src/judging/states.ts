import type { OperationName } from '../catalogue/operations';

/**
 * What the test knows about the session that a request names. `racing`: one of several concurrent denials; `near-miss` and
 * `malformed`: an id derived from that of a session, which no session has; `none`: the request names no session.
 */
export type SessionState =
  'pending' | 'denied' | 'completed' | 'expired' | 'unknown' | 'racing' | 'near-miss' | 'malformed' | 'none';

/** The state that a poll shows; `gone`: 404; `unclear`: no documented state. */
export type SeenState = 'pending' | 'completed' | 'expired' | 'gone' | 'unclear';

/** `other`: a request outside of the three operations; only its effect is judged. */
export type Operation = OperationName | 'other';
