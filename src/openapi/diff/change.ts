import type { RequirementId } from '../../catalogue/requirements';

/** Verdicts from the least to the worst; "unreadable" is said of a whole comparison only. */
export const VERDICTS = ['none', 'prose', 'compatible', 'breaking', 'unreadable'] as const;
export type DriftVerdict = (typeof VERDICTS)[number];
export type ChangeVerdict = 'prose' | 'compatible' | 'breaking';

/** One change of the published document. */
export interface Change {
  /** JSON Pointer into the document after the change, or into the one before for what is gone. */
  pointer: string;
  verdict: ChangeVerdict;
  /** Names of the operations that it reaches, separated by commas. */
  operation: string;
  before?: unknown;
  after?: unknown;
  side?: Side;
  /** For a response: which values the schema loses, wins, or both. */
  direction?: Direction;
  /** For a response: who notices. */
  affects?: ('suite' | 'clients')[];
  /** Requirements whose source lies there. */
  requirements?: RequirementId[];
  reason?: string;
}

export type Side = 'request' | 'response';
export type Direction = 'narrow' | 'widen' | 'both';

/** What two documents have to say of each other. */
export interface Comparison {
  verdict: DriftVerdict;
  changes: Change[];
  /** Why nothing can be said, in one line. */
  error?: string;
}

/** A change where it was found, before it is known whom it reaches. */
export interface Found {
  pointer: string;
  verdict: ChangeVerdict;
  /** Its place as the pin would have it, for the requirements. */
  place: string;
  before?: unknown;
  after?: unknown;
  direction?: Direction;
  /** The suite can't go on without it. */
  isNeeded?: boolean;
  reason?: string;
  /** A value that was valid and is not now. */
  witness?: { value: unknown } | undefined;
}

export function worst(verdicts: readonly DriftVerdict[]): DriftVerdict {
  return verdicts.reduce((a, b) => (isAtLeast(a, b) ? a : b), 'none');
}

/** Whether a verdict is as bad as another one, or worse. */
export function isAtLeast(verdict: DriftVerdict, other: DriftVerdict): boolean {
  return VERDICTS.indexOf(verdict) >= VERDICTS.indexOf(other);
}

/** A value on one short line. */
export function show(value: unknown, length = 120): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > length ? `${text.slice(0, length - 3)}...` : text;
}
