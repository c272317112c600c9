import { CHANCE, commonPrefix, commonSuffix, range, type DatedId } from './dated-id';
import { digitsOf } from './numerals';

/*
 * Parts of ids that name a process, a machine or the like: they have few values, which take turns.
 */

/** Who has made fewer ids than this is not told from a random number. */
const MIN_OF_EACH = 3;
/** In a few ids a random digit has more values, nearly always. */
const MAX_NAMES = 4;
/** A longer text is not searched for names. */
const MAX_LENGTH = 40;

/** What belongs to each name. */
export function ofEach<T>(names: readonly string[], all: readonly T[]): T[][] {
  const groups = new Map<string, T[]>(names.map((name) => [name, []]));
  names.forEach((name, i) => groups.get(name)?.push(...all.slice(i, i + 1)));
  return [...groups.values()];
}

/** Whether a field can name processes. */
export function areNames(field: readonly string[], ids: readonly DatedId[]): boolean {
  const groups = ofEach(field, field);
  const areFew = groups.length <= MAX_NAMES || isAmongFewNames(field);
  return groups.length > 1 && areFew && areSeenOften(groups) && takeTurns(field, ids, groups.length);
}

function areSeenOften(groups: readonly string[][]): boolean {
  return groups.every(({ length }) => length >= MIN_OF_EACH);
}

/** What changes, but does not come back, is a part of a clock or a counter. */
function takeTurns(field: readonly string[], ids: readonly DatedId[], count: number): boolean {
  const inOrder = field
    .map((name, i) => ({ name, from: ids[i]?.from ?? 0 }))
    .sort((a, b) => a.from - b.from)
    .map(({ name }) => name);
  const turns = inOrder.filter((name, i) => name !== inOrder[i - 1]);
  return turns.length >= 2 * count;
}

/**
 * Whether random texts would have so few values with hardly any probability.
 * @param digits of how many different characters they would consist
 */
export function isAmongFewNames(names: readonly string[], digits?: number): boolean {
  const prefix = commonPrefix(names).length;
  const suffix = commonSuffix(names.map((name) => name.slice(prefix))).length;
  const varying = names.map((name) => name.slice(prefix, suffix > 0 ? -suffix : undefined));
  const space =
    (digits ?? digitsOf(varying)[0]?.count ?? 2) ** Math.max(...varying.map(({ length }) => length));
  const count = new Set(names).size;
  // As many sets of values are possible, and all have to be of one of them.
  let chance = (count / space) ** names.length;
  for (let i = 0; i < count; i++) chance *= (space - i) / (count - i);
  return chance < CHANCE;
}

interface NameSlice {
  names: string[];
  /** What stands before and behind the names. */
  around: string[][];
}

/** Where names stand in texts without a separator: as far from the beginning in all, or at the end. */
export function nameSlices(all: readonly string[], ids: readonly DatedId[]): NameSlice[] {
  const lengths = all.map(({ length }) => length);
  const shortest = Math.min(...lengths);
  if (Math.max(...lengths) > MAX_LENGTH) return [];
  // A character of a short alphabet has few values, too.
  const digits = new Set(all.join('')).size;
  const slice = (from: number, to?: number): string[] => all.map((text) => text.slice(from, to));
  const places = [
    ...range(0, shortest).map((start) => range(start + 1, shortest + 1).map((end) => [start, end] as const)),
    range(1, shortest).map((width) => [-width, undefined] as const),
  ];
  const slices = new Map<string, NameSlice>();
  for (const place of places)
    for (const [start, end] of seenOften(place, slice).reverse()) {
      const names = slice(start, end);
      // Of the slices that tell the same processes apart the first and longest one leaves least to explain.
      const processes = names.map((name) => names.indexOf(name)).join();
      if (slices.has(processes) || !isAmongFewNames(names, digits) || !areNames(names, ids)) continue;
      slices.set(processes, { names, around: [slice(0, start), slice(end ?? Infinity)] });
    }
  return [...slices.values()];
}

type Place = readonly [start: number, end?: number | undefined];

/** @param places of growing width: longer texts are seen less often */
function seenOften(places: readonly Place[], slice: (from: number, to?: number) => string[]): Place[] {
  const end = places.findIndex((place) => {
    const names = slice(...place);
    return !areSeenOften(ofEach(names, names));
  });
  return places.slice(0, end < 0 ? undefined : end);
}
