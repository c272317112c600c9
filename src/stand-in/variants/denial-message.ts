import { gzipSync } from 'node:zlib';
import type { Variant } from '../variant';
import { answer, fault, head, header, raw, text, when } from './hooks';

/** Faults of the bytes of the response to the denial of a pending session, and of its connection. What it reports has been done. */
export const DENIAL_MESSAGE: Variant[] = [
  {
    ...fault('denial-trailing-text', 'text stands behind the JSON of the response to a denial'),
    deny: when(
      'pending',
      text((one) => `${one}\n<!-- 3 ms -->`),
    ),
    findings: ['WIRE-2/json'],
  },
  {
    ...fault('denial-two-documents', 'the response to a denial is two JSON texts'),
    deny: when(
      'pending',
      text((one) => one + one),
    ),
    findings: ['WIRE-2/json'],
  },
  {
    ...fault('denial-duplicate-name', 'success appears twice in the response to a denial'),
    deny: when(
      'pending',
      text(() => '{"success":false,"success":true}'),
    ),
    findings: ['WIRE-2/json'],
  },
  {
    ...fault(
      'denial-duplicate-escaped-name',
      'success appears twice in the response to a denial, once with an escape',
    ),
    deny: when(
      'pending',
      text(() => '{"success":true,"succe\\u0073s":true}'),
    ),
    findings: ['WIRE-2/json'],
  },
  {
    ...fault('denial-byte-order-mark', 'a byte order mark opens the response to a denial'),
    deny: when(
      'pending',
      text((one) => `\ufeff${one}`),
    ),
    findings: ['WIRE-2/json'],
  },
  {
    ...fault('denial-utf-16', 'the response to a denial is UTF-16'),
    deny: when(
      'pending',
      text((one) => Buffer.from(one, 'utf16le')),
    ),
    findings: ['WIRE-2/json'],
  },
  {
    ...fault('denial-single-quotes', 'the response to a denial has single quotes'),
    deny: when(
      'pending',
      text(() => "{'success': true}"),
    ),
    findings: ['WIRE-2/json'],
  },
  {
    ...fault('denial-cut-json', 'the JSON of the response to a denial is cut off'),
    deny: when(
      'pending',
      text((one) => one.slice(0, -1)),
    ),
    findings: ['WIRE-2/json'],
  },
  {
    ...fault('denial-python-json', 'the response to a denial is {"success": True}'),
    deny: when(
      'pending',
      text(() => '{"success": True}'),
    ),
    findings: ['WIRE-2/json'],
  },
  {
    ...fault('denial-breaks-off', 'the connection closes in the middle of the response to a denial'),
    deny: when(
      'pending',
      answer(() => ({ broken: 'half' })),
    ),
    findings: ['WIRE-3/truncated'],
  },
  {
    ...fault('denial-two-lengths', 'the response to a denial has two lengths'),
    deny: when(
      'pending',
      raw((reply) => `${head(reply, 'Content-Length: 16', 'Content-Length: 17')}${String(reply.body)}`),
    ),
    findings: ['WIRE-3/malformed'],
  },
  {
    ...fault('denial-length-and-chunks', 'the response to a denial has a length and is chunked'),
    deny: when(
      'pending',
      raw(
        (reply) =>
          `${head(reply, 'Content-Length: 16', 'Transfer-Encoding: chunked')}10\r\n${String(reply.body)}\r\n0\r\n\r\n`,
      ),
    ),
    findings: ['WIRE-3/malformed'],
  },
  {
    ...fault('denial-bytes-behind', 'bytes stand behind the end of the response to a denial'),
    deny: when(
      'pending',
      raw((reply) => `${head(reply, 'Content-Length: 16')}${String(reply.body)}{"success":false}`),
    ),
    findings: ['WIRE-3/malformed'],
  },
  {
    ...fault('denial-no-http', 'the response to a denial is not HTTP'),
    deny: when(
      'pending',
      raw(() => '{"success":true}\r\n\r\n'),
    ),
    findings: ['WIRE-3/malformed'],
  },
  {
    ...fault('denial-bad-chunk', 'a chunk of the response to a denial has no size'),
    deny: when(
      'pending',
      raw((reply) => `${head(reply, 'Transfer-Encoding: chunked')}zz\r\n${String(reply.body)}\r\n0\r\n\r\n`),
    ),
    findings: ['WIRE-3/malformed'],
  },
  {
    ...fault('denial-not-gzip', 'the response to a denial claims to be gzip and is not'),
    deny: when(
      'pending',
      header('content-encoding', () => 'gzip'),
    ),
    findings: ['WIRE-3/encoding'],
  },
  {
    ...fault('denial-unknown-encoding', 'the response to a denial is encoded as nobody asked for'),
    deny: when(
      'pending',
      header('content-encoding', () => 'zstd'),
    ),
    findings: ['WIRE-3/encoding'],
  },
  {
    ...fault('denial-2-mib', 'the response to a denial is 2 MiB'),
    deny: when(
      'pending',
      text((one) => one.padEnd(2 * 1024 * 1024)),
    ),
    findings: ['WIRE-3/too-large'],
  },
  {
    ...fault('denial-gzip-bomb', 'the response to a denial is a little gzip that becomes large'),
    deny: when(
      'pending',
      answer((reply) => ({
        headers: { ...reply.headers, 'content-encoding': 'gzip' },
        body: gzipSync(String(reply.body).padEnd(20 * 1024 * 1024)),
      })),
    ),
    findings: ['WIRE-3/too-large'],
  },
  {
    ...fault('denial-endless', 'the response to a denial never ends'),
    deny: when(
      'pending',
      answer(() => ({ headers: { 'transfer-encoding': 'chunked' }, broken: 'endless' })),
    ),
    findings: ['WIRE-3/too-large'],
  },
  {
    ...fault('denial-hangs', 'a denial is never answered'),
    deny: when(
      'pending',
      answer(() => ({ broken: 'hang' })),
    ),
    findings: ['DENY-1/timeout'],
    settings: { requestTimeoutMs: 300 },
  },
  {
    ...fault('denial-drips', 'the response to a denial comes byte by byte, without end'),
    deny: when(
      'pending',
      answer(() => ({ headers: { 'transfer-encoding': 'chunked' }, broken: 'drip' })),
    ),
    findings: ['DENY-1/timeout'],
    settings: { requestTimeoutMs: 300 },
  },
  {
    ...fault('denial-resets', 'a denial closes the connection'),
    deny: when(
      'pending',
      answer(() => ({ broken: 'reset' })),
    ),
    findings: ['DENY-1/no-answer'],
  },
];
