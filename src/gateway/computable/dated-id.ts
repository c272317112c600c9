/** An id, and the span of time in which it was made: from its request sent to its answer received, in ms since 1970. */
export interface DatedId {
  id: string;
  from: number;
  to: number;
}

/** Numbers within ids; by chance each could have as many values as space says. */
export interface DatedNumbers {
  values: readonly bigint[];
  ids: readonly DatedId[];
  space: number;
}

/** Ids count as computable where random ones would look as they do with less than this probability. */
export const CHANCE = 1e-9;

/** The probability that a product of such chances is as small, by Fisher's method: among many some are small. */
export function combined(chances: readonly number[]): number {
  if (chances.includes(Infinity)) return Infinity;
  const log = chances.reduce((sum, chance) => sum - Math.log(Math.min(1, chance)), 0);
  let [term, sum] = [1, 0];
  for (let i = 0; i < chances.length; i++) {
    sum += term;
    term *= log / (i + 1);
  }
  return Math.exp(-log) * sum;
}

export function texts(ids: readonly DatedId[]): string[] {
  return ids.map(({ id }) => id);
}

/** The same ids, with a part of each in place of the whole. */
export function withTexts(ids: readonly DatedId[], parts: readonly string[]): DatedId[] {
  return ids.map((one, i) => ({ ...one, id: parts[i] ?? '' }));
}

/** The same ids without letters that all begin with: a number may follow. */
export function withoutWord(ids: readonly DatedId[]): DatedId[] {
  const all = texts(ids);
  const length = /^\D*/.exec(commonPrefix(all))?.[0].length ?? 0;
  return withTexts(
    ids,
    all.map((text) => text.slice(length)),
  );
}

export function commonPrefix(all: readonly string[]): string {
  const [first = ''] = all;
  let length = 0;
  while (length < first.length && all.every((text) => text[length] === first[length])) length++;
  return first.slice(0, length);
}

export function commonSuffix(all: readonly string[]): string {
  const reversed = (text: string): string => [...text].reverse().join('');
  return reversed(commonPrefix(all.map(reversed)));
}

export function isConstant(all: readonly string[]): boolean {
  return new Set(all).size === 1;
}

export function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

/** @param end is not in it */
export function range(start: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - start) }, (_one, i) => start + i);
}
