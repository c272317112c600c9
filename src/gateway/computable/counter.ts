import { CHANCE, combined, greatestCommonDivisor, type DatedId, type DatedNumbers } from './dated-id';

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
  return closeChance(values, space) * orderChance([{ values, ids }]) < CHANCE ? 'a counter' : undefined;
}

/** Whether the numbers of each process are those of a counter that it has for itself. */
export function areCounters(processes: readonly DatedNumbers[]): boolean {
  const varying = processes.filter(({ values }) => new Set(values).size > 1);
  if (!varying.every(({ values }) => new Set(values).size === values.length)) return false;
  const order = orderChance(varying);
  return (
    order < 1 && order * combined(varying.map(({ values, space }) => closeChance(values, space))) < CHANCE
  );
}

/** The probability that random numbers would be as close together; Infinity where they are not close. */
function closeChance(values: readonly bigint[], space: number): number {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const gaps = sorted.slice(1).map((value, i) => value - (sorted[i] ?? 0n));
  // Of a number that grows in steps of a power of two only the upper part counts.
  const unit = gaps.reduce(greatestCommonDivisor, 0n) || 1n;
  if (gaps.some((gap) => gap / unit > MAX_GAP)) return Infinity;
  const span = Number(((sorted.at(-1) ?? 0n) - (sorted[0] ?? 0n)) / unit);
  const cells = Math.max(space / Number(unit), 1);
  // Distinct values have fewer ways to be so close.
  const isDistinct = gaps.every((gap) => gap > 0n);
  let chance = values.length;
  // Without any gap, the beginning decides about all of them.
  if (isDistinct && span === gaps.length) chance *= (cells - span) / cells;
  for (let i = 0; i < gaps.length; i++)
    chance *= Math.min(1, isDistinct ? (span - i) / Math.max(cells - 1 - i, 1) : (span + 1) / cells);
  const aligned = Number(unit) ** -(values.length - 2);
  return chance * aligned;
}

/** The probability that random values would be in the order in which they were made, as far as that is known; 1 where they are not. */
function orderChance(processes: readonly Pick<DatedNumbers, 'values' | 'ids'>[]): number {
  const steps = processes.flatMap(({ values, ids }) => stepsBetween(values, ids));
  if (!(steps.every((step) => step > 0n) || steps.every((step) => step < 0n))) return 1;
  const shares = processes.map(({ values, ids }) => {
    const orders = groupsInOrder(values, ids).reduce((product, { length }) => product * factorial(length), 1);
    return orders / factorial(values.length);
  });
  return Math.min(1, 2 * shares.reduce((product, share) => product * share, 1));
}

/** Whether values only grow, or only shrink. */
export function isInOrder(values: readonly bigint[], ids: readonly DatedId[]): boolean {
  const steps = stepsBetween(values, ids);
  return steps.every((step) => step >= 0n) || steps.every((step) => step <= 0n);
}

function stepsBetween(values: readonly bigint[], ids: readonly DatedId[]): bigint[] {
  const groups = groupsInOrder(values, ids);
  return groups.slice(1).flatMap((group, i) => {
    const before = groups[i] ?? [];
    return group.flatMap((value) => before.map((other) => value - other));
  });
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
