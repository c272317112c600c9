/** An id, and the span of time in which it was made: from its request sent to its answer received, in ms since 1970. */
export interface DatedId {
  id: string;
  from: number;
  to: number;
}

/** Ids count as computable where random ones would look as they do with less than this probability. */
export const CHANCE = 1e-9;

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
