import type { Deviation } from './deviation';
import { MAX_POINTER, printable } from './printable';

/**
 * A deviation whose texts, many of which the API chose, are printable and bounded.
 * @param isTooMany whether a finding with this key would be one too many; it is then counted without its pointer
 */
export function printableDeviation(deviation: Deviation, isTooMany: (key: string) => boolean): Deviation {
  const { pointer: at, ...rest } = deviation;
  const pointer = at === undefined ? undefined : printable(at, MAX_POINTER);
  const texts = { ...rest, expected: printable(rest.expected), actual: printable(rest.actual) };
  const named = { ...texts, ...(pointer !== undefined && { pointer }) };
  if (pointer === undefined || !isTooMany(deviationKey(named))) return named;
  return { ...texts, actual: 'the same at many more places' };
}

/** What tells deviations of one requirement apart. */
export function deviationKey({ code, pointer = '' }: Pick<Deviation, 'code' | 'pointer'>): string {
  return `${code} ${pointer}`;
}
