import type { Found, Side } from './change';
import type { Node } from './keywords';
import type { Normalizer } from './normal';
import type { Witnesses } from './witnesses';

/** What a comparison of two schemas rests on. */
export interface SchemaContext {
  old: Normalizer;
  now: Normalizer;
  witnesses: Witnesses;
  side: Side;
  /** A member of the body without which the suite can't go on. */
  needed?: string;
  /** What the new document has at a JSON Pointer. */
  valueAfter: (pointer: string) => unknown;
  report: (found: Found) => void;
  /** Places that were replaced as a whole: words below them came or went with them. */
  wholes: string[];
}

/** Two schemas that belong together, and the way to the old one from its root. */
export interface Spot {
  before: Node;
  after: Node;
  path: string[];
  place: string;
  /** Whether it describes the body itself, not a part of it. */
  isBody: boolean;
}

/** Why the suite can't do without a member. */
export const NEEDED = 'the next request is built from it';
