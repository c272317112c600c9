import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { json } from '../replies';
import type { Hook, Variant } from '../variant';
import { answer, benign, body, header, raw, text } from './hooks';

function encoded(encoding: string, encode: (text: string) => Buffer): Hook {
  return answer((reply) => ({
    headers: { ...reply.headers, 'content-encoding': encoding },
    body: encode(String(reply.body)),
  }));
}

/** Unusual and correct messages and connections. */
export const BENIGN_MESSAGE: Variant[] = [
  {
    ...benign('header-case', 'header names are in capitals'),
    every: answer((reply) => ({
      headers: Object.fromEntries(
        Object.entries(reply.headers).map(([name, value]) => [name.toUpperCase(), value]),
      ),
    })),
  },
  {
    ...benign('charset', 'the media type has a charset'),
    every: header('content-type', () => 'application/json; charset=utf-8'),
  },
  {
    ...benign('charset-quoted', 'the media type has quotes, capitals and another parameter'),
    every: header('content-type', () => 'Application/JSON;Charset="UTF-8"; v=1'),
  },
  { ...benign('chunked', 'bodies come in chunks'), every: header('transfer-encoding', () => 'chunked') },
  { ...benign('gzip', 'bodies are compressed with gzip'), every: encoded('gzip', gzipSync) },
  { ...benign('brotli', 'bodies are compressed with Brotli'), every: encoded('br', brotliCompressSync) },
  { ...benign('deflate', 'bodies are compressed with zlib'), every: encoded('deflate', deflateSync) },
  {
    ...benign('deflate-raw', 'bodies are compressed with bare deflate'),
    every: encoded('deflate', deflateRawSync),
  },
  {
    ...benign('pretty', 'bodies are indented, and end with a line break'),
    every: text((one) => (one === '' ? '' : `${JSON.stringify(JSON.parse(one), undefined, 2)}\r\n`)),
  },
  {
    ...benign('key-order', 'members come in the reverse order'),
    every: body((value) => Object.fromEntries(Object.entries(value).reverse())),
  },
  {
    ...benign('escapes', 'all that is not ASCII is escaped, and slashes too'),
    every: text((one) =>
      one
        .replaceAll('/', '\\/')
        .replace(/[^\0-\x7f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`),
    ),
  },
  {
    ...benign('connection-close', 'every connection is closed after one request'),
    every: header('connection', () => 'close'),
  },
  {
    ...benign('http-1.0', 'bodies end with the connection'),
    every: raw(
      (reply) =>
        `HTTP/1.1 ${reply.status} OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n${String(reply.body)}`,
    ),
  },
  {
    ...benign('drops-kept-connections', 'a connection is dropped in silence at its second request'),
    every: (call, next) => (call.reuses > 0 ? { ...json(200, {}), broken: 'reset' } : next(call)),
  },
  {
    ...benign('early-hints', 'an informational response comes first'),
    every: raw(
      (reply) =>
        `HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\nHTTP/1.1 ${reply.status} OK\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(reply.body)}\r\nConnection: close\r\n\r\n${String(reply.body)}`,
    ),
  },
  { ...benign('latency', 'every response takes 20 ms'), every: answer(() => ({ delayMs: 20 })) },
  {
    ...benign('cold-start', 'the first response takes 300 ms'),
    every: (call, next) =>
      call.model.notes.warm ? next(call) : ((call.model.notes.warm = true), { ...next(call), delayMs: 300 }),
  },
  {
    ...benign('cdn', 'a CDN adds headers and cookies'),
    every: answer((reply) => ({
      headers: {
        ...reply.headers,
        server: 'cloudflare',
        'cf-ray': '8e6f0a1b2c3d4e5f-FRA',
        'set-cookie': ['__cf_bm=Zm9vYmFyYmF6cXV4; Path=/; HttpOnly', 'lb=3'],
        vary: 'Accept-Encoding',
        etag: 'W/"1f-abc"',
        'strict-transport-security': 'max-age=31536000',
        'access-control-allow-origin': '*',
      },
    })),
  },
  {
    ...benign('no-date', 'responses have no Date'),
    every: raw(
      (reply) =>
        `HTTP/1.1 ${reply.status} OK\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(reply.body)}\r\nConnection: close\r\n\r\n${String(reply.body)}`,
    ),
  },
];
