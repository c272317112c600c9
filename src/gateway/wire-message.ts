import type { IncomingMessage } from 'node:http';
import type { FailureKind } from '../judging/answer';

/** One request, as it goes on the wire. */
export interface WireRequest {
  method: string;
  /** Scheme, host and port. */
  origin: URL;
  /** Path and query, percent-encoded; sent as it stands, never normalised. */
  path: string;
  headers: Record<string, string>;
  body: string | undefined;
}

/** A response, as it came; the body is decoded (Content-Encoding) but not read as text. */
export interface WireAnswer {
  status: number;
  statusText: string;
  httpVersion: string;
  headers: [name: string, value: string][];
  body: Buffer;
}

export interface Failure {
  kind: FailureKind;
  message: string;
}

export interface WireResult {
  /** Also beside a failure, when the head of the response was read. */
  answer: WireAnswer | undefined;
  failure: Failure | undefined;
  /** The connection had carried a request before. */
  reused: boolean;
  sentAt: Date;
  /** On the monotonic clock, in ms: just before the request was sent (in a race: its last byte). */
  sentAtMs: number;
  /** The same clock, when the answer was complete or had failed. */
  answeredAtMs: number;
}

export const MAX_BODY_BYTES = 1024 * 1024;
export const MAX_HEADER_BYTES = 64 * 1024;
export const ACCEPT_ENCODING = 'gzip, deflate, br';

export function headOf(response: IncomingMessage): Omit<WireAnswer, 'body'> {
  // Trailers are as visible to a client as headers.
  const raw = [...response.rawHeaders, ...response.rawTrailers];
  const headers = Array.from({ length: raw.length / 2 }, (_, i): [string, string] => [
    raw[2 * i] ?? '',
    raw[2 * i + 1] ?? '',
  ]);
  return {
    status: response.statusCode ?? 0,
    statusText: response.statusMessage ?? '',
    httpVersion: response.httpVersion,
    headers,
  };
}

export function tooLarge(): Failure {
  return { kind: 'too-large', message: `the body is larger than ${MAX_BODY_BYTES / 1024} KiB` };
}

/** The kind of a connection's error. Undefined where the connection just broke: then it depends on what had been received. */
export function failureOf(error: NodeJS.ErrnoException, beforeTls: boolean): Failure | undefined {
  const code = error.code ?? '';
  const message = code || error.message;
  if (code === 'HPE_HEADER_OVERFLOW')
    return { kind: 'malformed', message: `the headers are larger than ${MAX_HEADER_BYTES / 1024} KiB` };
  if (code.startsWith('HPE_'))
    return {
      kind: 'malformed',
      message: `not an HTTP/1.1 message (${error.message.replace('Parse Error: ', '')})`,
    };
  if (code === 'ECONNREFUSED') return { kind: 'refused', message };
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return { kind: 'dns', message };
  if (code === 'ETIMEDOUT') return { kind: 'timeout', message };
  if (/^E(HOST|NET)UNREACH$|^EADDRNOTAVAIL$|^EACCES$|^EPERM$/.test(code))
    return { kind: 'unreachable', message };
  if (/^ERR_(TLS|SSL)|^EPROTO$|CERT|SIGNATURE|^UNABLE_TO_/.test(code) || beforeTls)
    return { kind: 'tls', message };
  return undefined;
}
