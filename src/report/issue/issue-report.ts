import { createHash } from 'node:crypto';

/** What an issue is kept about: one is open for each kind and target. */
export interface Subject {
  kind: 'drift' | 'nightly';
  /** A name of letters, digits, dots, hyphens and underscores. */
  target: string;
}

/** What a run has found out about a subject. */
export interface IssueReport {
  /** red: the issue has to be open; green: it has to be closed; unknown: the run could not tell. */
  state: 'red' | 'green' | 'unknown';
  /** One word, such as "deviates". */
  verdict: string;
  title: string;
  /** Markdown, with words that are not ours. */
  text: string;
  /** What is wrong, as keyOf makes it: what a comment tells the changes of. */
  keys: string[];
  /** Why the issue is there and when it closes. */
  about: string;
  /** Comment for when it closes. */
  closing: string;
  /** Opens an issue although the run could not tell. */
  opensWhenUnknown: boolean;
}

const MAX_NAME = 40;

/**
 * A short key of something that is wrong: a name for people, and a hash of all that tells it from others. What is not
 * ours goes into the hash only.
 */
export function keyOf(name: string, ...identity: unknown[]): string {
  const hash = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 8);
  return `${name.replace(/[^\w ./-]/g, '').slice(0, MAX_NAME)} ${hash}`;
}

export function nameOf(key: string): string {
  return key.replace(/ [\da-f]{8}$/, '');
}
