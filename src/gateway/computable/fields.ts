import { explainClock } from './clock';
import { explainCounter } from './counter';
import {
  commonPrefix,
  commonSuffix,
  isConstant,
  texts,
  withoutWord,
  withTexts,
  type DatedId,
} from './dated-id';
import { digitsOf, isWritten, valueOf, type Digits } from './numerals';

/** Ids of one form, field by field: each field that varies must be computable. */
export function explainFields(ids: readonly DatedId[]): string | undefined {
  const separators = new Set(ids.map(({ id }) => id.replace(/[0-9A-Za-z]+/g, ' ')));
  if (separators.size > 1) return undefined;
  const split = ids.map(({ id }) => id.split(/[^0-9A-Za-z]+/));
  const fields = (split[0] ?? []).map((_field, i) => split.map((one) => one[i] ?? ''));
  const found = fields
    .filter((field) => !isConstant(field))
    .map((field) => explainField(withTexts(ids, field)));
  return found.length > 0 && found.every((one) => one !== undefined) ? joined(found) : undefined;
}

function joined(found: readonly string[]): string {
  return [...new Set(found)].join(' and ');
}

function explainField(ids: readonly DatedId[]): string | undefined {
  const all = texts(ids);
  const prefix = commonPrefix(all);
  const suffix = commonSuffix(all.map((text) => text.slice(prefix.length))).length;
  const varying = all.map((text) => text.slice(prefix.length, suffix > 0 ? -suffix : undefined));
  for (const digits of digitsOf(varying)) {
    // What varies is a number together with the digits that stand before it.
    let start = prefix.length;
    while (start > 0 && digits.alphabet.includes(prefix[start - 1] ?? ' ')) start--;
    const found =
      explainNumber(ids, digits, start, suffix, prefix) ??
      (suffix > 0 ? explainNumber(ids, digits, start, 0, prefix) : undefined);
    if (found) return found;
  }
  return explainTwoParts(ids, prefix.length) ?? explainBits(ids);
}

/** Nothing as long as this is made of a clock and a counter alone. */
const MAX_TWO_PARTS = 40;

/** A counter behind a clock, or the other way round, without a separator. */
function explainTwoParts(ids: readonly DatedId[], prefix: number): string | undefined {
  for (const parts of cuts(texts(ids), prefix)) {
    const varying = parts.filter((part) => !isConstant(part)).map((part) => withTexts(ids, part));
    const found = varying.map((part) => explainWhole(part) ?? explainWhole(withoutWord(part)));
    if (found.every((one) => one !== undefined)) return joined(found);
  }
  return undefined;
}

/** Texts cut in two. A counter grows in width, so the other part has the same width in all: the first or the last. */
function cuts(all: readonly string[], prefix: number): string[][][] {
  const lengths = all.map(({ length }) => length);
  const [shortest, longest] = [Math.min(...lengths), Math.max(...lengths)];
  if (prefix === 0 && longest > MAX_TWO_PARTS) return [];
  const cutAt = (at: number): string[][] => [
    all.map((text) => text.slice(0, at)),
    all.map((text) => text.slice(at)),
  ];
  const fromStart = range(prefix + 1, shortest).map(cutAt);
  return shortest === longest
    ? fromStart
    : [...fromStart, ...range(1, shortest).map((width) => cutAt(-width))];
}

/** @param end is not in it */
function range(start: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - start) }, (_one, i) => start + i);
}

/** Ids that are one number as a whole. */
export function explainWhole(ids: readonly DatedId[]): string | undefined {
  const all = texts(ids);
  return digitsOf(all)
    .map((digits) => explainNumber(ids, digits, 0, 0, commonPrefix(all)))
    .find((found) => found !== undefined);
}

/**
 * A number within each id.
 * @param start where it begins
 * @param suffix how many characters stand behind it
 * @param prefix what the ids begin with in common
 */
function explainNumber(
  ids: readonly DatedId[],
  { alphabet, count }: Digits,
  start: number,
  suffix: number,
  prefix: string,
): string | undefined {
  const numbers = texts(ids).map((id) => id.slice(start, suffix > 0 ? -suffix : undefined));
  if (!numbers.every((text) => text.length > 0 && isWritten(text, alphabet))) return undefined;
  const values = numbers.map((text) => valueOf(text, alphabet));
  const length = Math.max(...numbers.map((text) => text.length));
  // Zeros belong to the number; other constant digits may be anything, so that they prove nothing.
  const isOther = [...prefix.slice(start)].map((char) => char !== alphabet[0]);
  const zeros = Math.max(isOther.indexOf(true), isOther.length - 1 - isOther.lastIndexOf(true));
  const space = count ** (length - (prefix.length - start) + zeros);
  return explainCounter(values, ids, space) ?? explainClock(values, ids, space, alphabet.length ** length);
}

/** How far a counter gets that shares a number with a clock. */
const MAX_COUNTER_SPAN = 4096n;

/** A clock with constants or a counter in the bits below it, as in a snowflake. */
function explainBits(ids: readonly DatedId[]): string | undefined {
  if (!ids.every(({ id }) => /^\d{12,}$/.test(id))) return undefined;
  const values = ids.map(({ id }) => BigInt(id));
  for (let bits = 8n; bits <= 32n; bits++) {
    const low = values.map((value) => value & ((1n << bits) - 1n));
    const span = low.reduce((a, b) => (a > b ? a : b)) - low.reduce((a, b) => (a < b ? a : b));
    if (span > MAX_COUNTER_SPAN || span * 16n > 1n << bits) continue;
    const high = values.map((value) => value >> bits);
    const varying = high.reduce((all, value) => all | (value ^ (high[0] ?? 0n)), 0n);
    const clock = explainClock(high, ids, 2 ** varying.toString(2).length);
    if (clock) return `${clock} and a few bits`;
  }
  return undefined;
}
