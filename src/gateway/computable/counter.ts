import { CHANCE, greatestCommonDivisor, type DatedId } from './dated-id';

/** Between two known ids others may have been created, but no more than an attacker can try. */
const MAX_GAP = 10_000n;

/**
 * Whether numbers are those of a counter: all lie close together.
 * @param space how many values a random number could have
 */
export function explainCounter(
  values: readonly bigint[],
  ids: readonly DatedId[],
  space: number,
): string | undefined {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const gaps = sorted.slice(1).map((value, i) => value - (sorted[i] ?? 0n));
  // Of a number that grows in steps of a power of two only the upper part counts.
  const unit = gaps.reduce(greatestCommonDivisor, 0n) || 1n;
  if (gaps.some((gap) => gap / unit > MAX_GAP)) return undefined;
  const span = Number(((sorted.at(-1) ?? 0n) - (sorted[0] ?? 0n)) / unit);
  const cells = Math.max(space / Number(unit), 1);
  // Distinct values have fewer ways to be so close.
  const isDistinct = gaps.every((gap) => gap > 0n);
  let chance = values.length;
  // Without any gap, the beginning decides about all of them.
  if (isDistinct && span === gaps.length) chance *= (cells - span) / cells;
  for (let i = 0; i < gaps.length; i++) chance *= Math.min(1, (isDistinct ? span - i : span + 1) / cells);
  const aligned = Number(unit) ** -(values.length - 2);
  return chance * aligned * orderChance(values, ids) < CHANCE ? 'a counter' : undefined;
}

/** The probability that random values would be in the order in which they were made, as far as that is known. */
function orderChance(values: readonly bigint[], ids: readonly DatedId[]): number {
  const groups = groupsInOrder(values, ids);
  const steps = groups.slice(1).flatMap((group, i) => {
    const before = groups[i] ?? [];
    return group.flatMap((value) => before.map((other) => (value > other ? 1 : value < other ? -1 : 0)));
  });
  if (!(steps.every((step) => step > 0) || steps.every((step) => step < 0))) return 1;
  const orders = groups.reduce((product, { length }) => product * factorial(length), 1);
  return Math.min(1, (2 * orders) / factorial(values.length));
}

/** Ids that were made concurrently form one group, in which any order may be the right one. */
function groupsInOrder(values: readonly bigint[], ids: readonly DatedId[]): bigint[][] {
  const inOrder = ids
    .map((one, i) => ({ one, value: values[i] ?? 0n }))
    .sort((a, b) => a.one.from - b.one.from);
  const groups: bigint[][] = [];
  let end = -Infinity;
  for (const { one, value } of inOrder) {
    if (one.from >= end) groups.push([]);
    groups.at(-1)?.push(value);
    end = Math.max(end, one.to);
  }
  return groups;
}

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}
