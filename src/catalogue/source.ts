import { HARMS, type Harm } from './harms';

/** Where a requirement comes from: a place in the pinned document, a section of a standard, or a harm. */
export type Source = { pointer: string } | { rfc: string } | { harm: Harm };

/** A source as one line. */
export function sourceText(source: Source): string {
  if ('pointer' in source) return source.pointer;
  return 'rfc' in source ? source.rfc : `harm: ${HARMS[source.harm]}`;
}
