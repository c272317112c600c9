import type { OperationName } from '../catalogue/operations';
import type { RequirementId } from '../catalogue/requirements';
import type { FormName } from '../catalogue/forms';
import type { FailureKind } from '../gateway/wire';
import type { JudgementReport } from '../run/protocol';

/**
 * What the test knows of the session that a request names. `racing`: one of several concurrent denials; `near-miss` and
 * `hostile`: an id derived from that of a session, which no session has; `none`: the request names no session.
 */
export type SessionState =
  'pending' | 'denied' | 'completed' | 'expired' | 'unknown' | 'racing' | 'near-miss' | 'hostile' | 'none';

/** What an answer to a poll says of the session; `gone`: 404; `unclear`: anything else. */
export type SeenState = 'pending' | 'completed' | 'expired' | 'gone' | 'unclear';

/** `other`: a request outside of the three operations, judged for its effect only. */
export type Operation = OperationName | 'other';

/** One request and what came back, as they were on the wire, with labels in place of secrets. */
export interface Exchange {
  /** Counts the exchanges of a run from 1. */
  n: number;
  /** Title of the test that asked for it, or what the gateway did it for. */
  test: string;
  operation: Operation;
  state: SessionState;
  /** Label of the session that the request is about, or that it created. */
  session: string | undefined;
  method: string;
  /** Base of the target's URLs, with a trailing slash. */
  base: string;
  /** What follows it: path and query, with a label, and how it was changed, in place of an id. */
  path: string;
  requestHeaders: Record<string, string>;
  requestBody: string | undefined;
  startedAt: string;
  durationMs: number;
  /** The connection had carried a request before. */
  reused: boolean;
  answer: Answer | undefined;
  failure: { kind: FailureKind; message: string } | undefined;
  /** The session's own time may have run out by then, so that nothing follows from its end. */
  mayHaveExpired: boolean;
  /** Of a create: the form of its request. */
  form?: FormName | undefined;
  /** The requirement that its status is judged as, where the test said so. */
  as?: RequirementId | undefined;
  /** Its answer was judged by itself, by the rules for any answer. */
  isJudged: boolean;
  /** What tests judged by it. */
  judgements: Omit<JudgementReport, 'exchange'>[];
}

export interface Answer {
  status: number;
  statusText: string;
  httpVersion: string;
  headers: [name: string, value: string][];
  /** Undefined where the bytes are not UTF-8. */
  text: string | undefined;
  /** The bytes in Base64, only where they are not UTF-8. */
  base64?: string;
  byteOrderMark: boolean;
  /** The parsed body; absent where it is not JSON. */
  json?: { value: unknown };
  jsonFault?: string;
}

/** All values of a header, as they came. */
export function headerValues(answer: Answer, name: string): string[] {
  return answer.headers.filter(([other]) => other.toLowerCase() === name).map(([, value]) => value);
}

export function seenState(operation: Operation, answer: Answer | undefined): SeenState {
  if (operation !== 'poll' || !answer) return 'unclear';
  if (answer.status === 404) return 'gone';
  const status =
    answer.status === 200 && (answer.json?.value as { status?: unknown } | null | undefined)?.status;
  return status === 'pending' || status === 'completed' || status === 'expired' ? status : 'unclear';
}

/** Label of the API key that an answer to a poll shows. */
export function shownKey({ operation, answer }: Exchange): string | undefined {
  const key =
    operation === 'poll'
      ? (answer?.json?.value as { apiKey?: unknown } | null | undefined)?.apiKey
      : undefined;
  return typeof key === 'string' ? key : undefined;
}
