import crypto from 'node:crypto';
import { commonPrefix, texts, type DatedId } from './dated-id';
import { GUESSES } from './guesses';

/*
 * Ids that are the digest of a clock or of a counter. To the eye they are random; who knows what is hashed computes the
 * next one. What is usually hashed is tried on one id, and what fits that one on all others: 128 bits fit by chance never.
 */

/** Digests that are tried at most, about half a second's work. Only ids that look like digests are. */
const MAX_DIGESTS = 200_000;

/** By the length in bytes; the longer ones are also cut. */
const ALGORITHMS: Record<number, readonly string[]> = {
  16: ['md5', 'sha1', 'sha256'],
  20: ['sha1', 'sha256'],
  32: ['sha256'],
  48: ['sha384'],
  64: ['sha512'],
};

interface Hashed extends DatedId {
  /** In hexadecimal. */
  digest: string;
}

export function explainDigests(ids: readonly DatedId[]): string | undefined {
  const hashed = readDigests(ids);
  // The most can be tried on the id of which is known best when it was made.
  const [first] = [...(hashed ?? [])].sort((a, b) => a.to - a.from - (b.to - b.from));
  if (!hashed || !first) return undefined;
  let left = MAX_DIGESTS;
  for (const algorithm of ALGORITHMS[first.digest.length / 2] ?? []) {
    for (const { name, texts: textsFor } of GUESSES) {
      const { isFound, count } = fits(first, algorithm, textsFor(first), left);
      left -= count;
      if (isFound && hashed.every((one) => fits(one, algorithm, textsFor(one), MAX_DIGESTS).isFound))
        return `the ${algorithm.toUpperCase()} digest of ${name}`;
    }
  }
  return undefined;
}

/** Undefined where an id does not look like a digest, or all have something in common, such as the version of a UUID. */
function readDigests(ids: readonly DatedId[]): Hashed[] | undefined {
  const prefix = /^.*[^0-9a-z]/i.exec(commonPrefix(texts(ids)))?.[0] ?? '';
  const digests = texts(ids).map((id) => hexOf(id.slice(prefix.length)));
  const [{ length } = ''] = digests;
  const isAlike = ALGORITHMS[length / 2] !== undefined && digests.every((one) => one.length === length);
  if (!isAlike) return undefined;
  const isFixed = [...(digests[0] ?? '')].some((char, i) => digests.every((digest) => digest[i] === char));
  return isFixed ? undefined : ids.map((one, i) => ({ ...one, digest: digests[i] ?? '' }));
}

function hexOf(text: string): string {
  if (/^[0-9a-f]+$/i.test(text)) return text.toLowerCase();
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text))
    return text.replaceAll('-', '').toLowerCase();
  return /^[\w+/-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64').toString('hex') : '';
}

/** Node.js 20.12 and later have a function that takes half the time. */
const hash = crypto.hash as typeof crypto.hash | undefined;

function digestOf(algorithm: string, text: string): string {
  return hash ? hash(algorithm, text) : crypto.createHash(algorithm).update(text).digest('hex');
}

function fits(
  { digest }: Hashed,
  algorithm: string,
  candidates: Iterable<string>,
  max: number,
): { isFound: boolean; count: number } {
  let count = 0;
  for (const text of candidates) {
    if (count === max) break;
    count++;
    if (digestOf(algorithm, text).startsWith(digest)) return { isFound: true, count };
  }
  return { isFound: false, count };
}
