import type { OperationName } from '../catalogue/operations';

/**
 * What the test knows of the session that a request names. `racing`: one of several concurrent denials; `near-miss` and
 * `hostile`: an id derived from that of a session, which no session has; `none`: the request names no session.
 */
export type SessionState =
  'pending' | 'denied' | 'completed' | 'expired' | 'unknown' | 'racing' | 'near-miss' | 'malformed' | 'none';

/** What an answer to a poll says of the session; `gone`: 404; `unclear`: anything else. */
export type SeenState = 'pending' | 'completed' | 'expired' | 'gone' | 'unclear';

/** `other`: a request outside of the three operations, judged for its effect only. */
export type Operation = OperationName | 'other';
