import type { IncomingMessage } from 'node:http';
import type { FailureKind } from '../judging/answer';
import { HTTP2_ONLY, isHttp2Frame } from '../network/hints';
import type { Route } from '../network/route';
import { ProxyFailure } from '../network/tunnel-agent';

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
  /** The likely cause and what to set, where the failure tells. */
  hint?: string;
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

/** The failure of an error of the HTTP client. Undefined where the connection just broke: what had been received tells more. */
export function failureOf(
  error: NodeJS.ErrnoException,
  route: Route,
  beforeTls: boolean,
): Failure | undefined {
  const code = error.code ?? '';
  const message = code || error.message;
  if (error instanceof ProxyFailure) return { kind: 'proxy', message: error.message };
  if (code === 'HPE_HEADER_OVERFLOW')
    return { kind: 'malformed', message: `the headers are larger than ${MAX_HEADER_BYTES / 1024} KiB` };
  if (code.startsWith('HPE_')) return unparsable(error);
  const kind = kindOf(code, beforeTls);
  if (kind === undefined) return undefined;
  return route.isForwarded && route.proxy && kind !== 'timeout'
    ? { kind: 'proxy', message: `the proxy of ${route.proxy.variable} can't be reached (${message})` }
    : { kind, message };
}

function unparsable(error: Error & { rawPacket?: Buffer }): Failure {
  if (isHttp2Frame(error.rawPacket))
    return { kind: 'malformed', message: 'an HTTP/2 frame, not an HTTP/1.1 message', hint: HTTP2_ONLY };
  const reason = error.message.replace('Parse Error: ', '');
  return { kind: 'malformed', message: `not an HTTP/1.1 message (${reason})` };
}

function kindOf(code: string, beforeTls: boolean): FailureKind | undefined {
  if (code === 'ECONNREFUSED') return 'refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'dns';
  if (code === 'ETIMEDOUT') return 'timeout';
  if (/^E(HOST|NET)UNREACH$|^EADDRNOTAVAIL$|^EACCES$|^EPERM$/.test(code)) return 'unreachable';
  if (/^ERR_(TLS|SSL)|^EPROTO$|CERT|SIGNATURE|^UNABLE_TO_/.test(code) || beforeTls) return 'tls';
  return undefined;
}
