/** A complete response, with labels in place of secrets. */
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
  /** The parsed body; absent where it is not JSON. Readable behind a byte order mark, which is a fault all the same. */
  json?: { value: unknown };
  /** Why the body is not well-formed JSON. */
  jsonFault?: string;
}

/** All values of a header, in the order of the response. */
export function headerValues(answer: Answer, name: string): string[] {
  return answer.headers.filter(([other]) => other.toLowerCase() === name).map(([, value]) => value);
}

/**
 * Why there is no complete response. `reset`: the connection broke before any byte; `truncated`: after the first one;
 * `proxy`: a proxy opened no way to the target; `malformed`: not HTTP; `bad-gateway`: 502, 503 or 504 for a request that
 * took effect all the same; `too-large`: more than MAX_BODY_BYTES; `encoding`: the body doesn't match its
 * Content-Encoding.
 */
export type FailureKind =
  | 'refused'
  | 'dns'
  | 'unreachable'
  | 'tls'
  | 'proxy'
  | 'reset'
  | 'timeout'
  | 'truncated'
  | 'malformed'
  | 'bad-gateway'
  | 'too-large'
  | 'encoding';

/** Statuses of a rate limiter, or of a proxy whose server is down: the request may be sent again later. */
export const TURNED_AWAY = new Set([429, 502, 503, 504]);
