import type { PinnedDocument } from '../contract/pin';
import { UnreadableSource } from '../contract/unreadable-source';
import type { Comparison } from './diff/change';
import { compareDocuments, type Source } from './diff/documents';
import { pinFrom } from './pull';
import { readSource } from './source';
import type { SourceDocument } from './source-document';

/** Longer lines help nobody. */
const MAX_LINE = 400;

/** Work on documents of others, which may be as large and as odd as they like. */
export interface Task {
  /** A source (a file or a URL), or a document that has been read. */
  before: string | Source | undefined;
  after: string | Source;
  /** Makes a pin of the second one, which must be a source then. */
  pull?: { date: string; former?: PinnedDocument };
}

export interface TaskResult {
  /** Of two documents; that of a pull without a former pin has no changes. */
  comparison: Comparison;
  /** Of a pull. */
  pulled?: { pin: PinnedDocument } & Pick<SourceDocument, 'name' | 'form' | 'sha256'>;
}

/** Does the work in this process, without a bound. */
export async function perform({ before, after, pull }: Task): Promise<TaskResult> {
  try {
    // Both at once: one that hangs takes all the time that there is.
    const [old, now] = await Promise.all([before === undefined ? undefined : read(before), read(after)]);
    const comparison: Comparison = old ? compareDocuments(old, now) : { verdict: 'none', changes: [] };
    if (!pull || !('sha256' in now)) return { comparison };
    const { name, form, sha256 } = now;
    return { comparison, pulled: { pin: pinFrom(now, pull.date, pull.former), name, form, sha256 } };
  } catch (error) {
    return { comparison: unreadable(error) };
  }
}

function read(source: string | Source): Promise<SourceDocument> | Source {
  return typeof source === 'string' ? readSource(source) : source;
}

export function unreadable(error: unknown): Comparison {
  const { message } = error as Error;
  const reason = error instanceof RangeError ? 'their references nest too deep' : message;
  const text = error instanceof UnreadableSource ? message : `the documents can't be compared: ${reason}`;
  const line = text.slice(0, MAX_LINE * 4).replace(/\s+/g, ' ');
  return {
    verdict: 'unreadable',
    changes: [],
    error: line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}...` : line,
  };
}
