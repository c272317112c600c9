import type { Comparison } from './change';
import { compareDocuments, type Source } from './diff';
import { readSource, UnreadableSource } from './source';

/** Longer lines help nobody. */
const MAX_LINE = 400;

/**
 * Compares two sources.
 * @param before a file, a URL or a document that has been read
 */
export async function compareSources(before: string | Source, after: string | Source): Promise<Comparison> {
  try {
    const read = (source: string | Source): Source | Promise<Source> =>
      typeof source === 'string' ? readSource(source) : source;
    // Both at once: one that hangs takes all the time that there is.
    const [old, now] = await Promise.all([read(before), read(after)]);
    return compareDocuments(old, now);
  } catch (error) {
    return unreadable(error);
  }
}

function unreadable(error: unknown): Comparison {
  const { message } = error as Error;
  const says = error instanceof UnreadableSource ? message : `the documents can't be compared: ${message}`;
  const line = says.slice(0, MAX_LINE * 4).replace(/\s+/g, ' ');
  return {
    verdict: 'unreadable',
    changes: [],
    error: line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}...` : line,
  };
}
