import zlib from 'node:zlib';
import type { Failure } from './wire-message';
import { MAX_BODY_BYTES, tooLarge } from './wire-message';

/** Undoes the content codings of a body. */
export function decodeBody(
  encoded: Buffer,
  headers: [string, string][],
): { bytes: Buffer } | { failure: Failure } {
  const encodings = headers
    .filter(([name]) => name.toLowerCase() === 'content-encoding')
    .flatMap(([, value]) => value.toLowerCase().split(','));
  let bytes = encoded;
  if (bytes.length === 0) return { bytes };
  for (const encoding of encodings.map((one) => one.trim()).reverse()) {
    try {
      bytes = decodeOnce(bytes, encoding);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return { failure: tooLarge() };
      return {
        failure: {
          kind: 'encoding',
          message: `the body cannot be decoded: its Content-Encoding is ${JSON.stringify(encoding)}`,
        },
      };
    }
  }
  return { bytes };
}

function decodeOnce(bytes: Buffer, encoding: string): Buffer {
  const options = { maxOutputLength: MAX_BODY_BYTES };
  switch (encoding) {
    case 'identity':
      return bytes;
    case 'gzip':
    case 'x-gzip':
      return zlib.gunzipSync(bytes, options);
    case 'deflate':
      // Some send the bare stream, others the zlib format around it.
      return ((bytes[0] ?? 0) & 0x0f) === 8
        ? zlib.inflateSync(bytes, options)
        : zlib.inflateRawSync(bytes, options);
    case 'br':
      return zlib.brotliDecompressSync(bytes, options);
    default:
      throw new Error(`unknown encoding ${encoding}`);
  }
}
