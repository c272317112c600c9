import { CHANCE, greatestCommonDivisor, type DatedId } from './dated-id';

const CLOCKS = [
  ['seconds', 1000],
  ['milliseconds', 1],
  ['ten-thousandths of a second', 1 / 10],
  ['microseconds', 1 / 1000],
  ['100 nanoseconds', 1 / 10_000],
  ['nanoseconds', 1 / 1_000_000],
] as const;

/** How far the API's clock may be from ours. */
const NEAR_MS = 600_000;
/** How far the API's clock, or ours, may be corrected during a run: in virtual machines they jump by some milliseconds. */
const CORRECTED_MS = 5;
/** In about how many ways ids are read as numbers: any of them could be the time by chance. */
const READINGS = 1000;

/**
 * Whether numbers are times of a clock: all are as far apart as the answers that brought them.
 * @param space how many values the part that varies could have by chance
 * @param range how many the whole number could have. Where it is the time of day, that is no chance
 */
export function explainClock(
  values: readonly bigint[],
  ids: readonly DatedId[],
  space: number,
  range = Infinity,
): string | undefined {
  const [first = 0n] = values;
  const gaps = values.map((value) => (value < first ? first - value : value - first));
  const unit = gaps.reduce(greatestCommonDivisor, 0n) || 1n;
  // What stands below the clock in the bits of the number may be constant.
  const powerOfTwo = unit & -unit;
  for (const divisor of new Set([1n, powerOfTwo]))
    for (const [name, msPerUnit] of CLOCKS) {
      const steps = values.map((value) => Number((value - first) / divisor) * msPerUnit);
      const now = range < Infinity ? nowChance(values, ids, msPerUnit, range) : 1;
      if (now * paceChance(steps, ids, msPerUnit, space / Number(divisor)) < CHANCE)
        return `a clock of ${name}`;
    }
  return undefined;
}

/** The probability that random numbers show the time in a unit that some clock counts in; 1 where they don't. */
function nowChance(
  values: readonly bigint[],
  ids: readonly DatedId[],
  msPerUnit: number,
  range: number,
): number {
  const isNow = ids.every(({ from }, i) => Math.abs(Number(values[i] ?? 0n) * msPerUnit - from) < NEAR_MS);
  return isNow ? Math.min(1, (READINGS * 2 * NEAR_MS) / msPerUnit / range) : 1;
}

/** The probability that random times, in ms, would be as far apart as the answers; Infinity where they are not. */
function paceChance(
  times: readonly number[],
  ids: readonly DatedId[],
  msPerUnit: number,
  space: number,
): number {
  const [first, ...others] = ids
    .map(({ from, to }, i) => ({ from: from - CORRECTED_MS, to: to + CORRECTED_MS, time: times[i] ?? 0 }))
    .sort((a, b) => a.from - b.from);
  if (!first) return Infinity;
  let chance = 1;
  // A clock counts whole units that are over. Every id narrows down where it stands against ours.
  let [low, high] = [first.from - first.time - msPerUnit, first.to - first.time];
  for (const { from, to, time } of others) {
    const fitting = Math.floor((to - low) / msPerUnit) - Math.ceil((from - msPerUnit - high) / msPerUnit) + 1;
    low = Math.max(low, from - time - msPerUnit);
    high = Math.min(high, to - time);
    if (low > high) return Infinity;
    chance *= Math.min(1, fitting / space);
  }
  return chance;
}

/** The digits of a date and a time of day, however they are separated. */
export function explainCalendar(ids: readonly DatedId[]): string | undefined {
  const shapes = new Set(ids.map(({ id }) => id.replace(/\d+/g, '0')));
  const parts = ids.map(({ id }) =>
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{0,3})$/.exec(id.replace(/\D/g, '')),
  );
  if (shapes.size > 1 || parts.some((part) => part === null)) return undefined;
  const times = parts.map((part) => {
    const [year = 0, month = 0, day = 0, ...time] = (part ?? []).slice(1).map(Number);
    return BigInt(Date.UTC(year, month - 1, day, ...time) || 0);
  });
  // By chance the time of day could be any one within an hour; the date tells nothing.
  return explainClock(times, ids, 3_600_000) && 'a clock';
}
