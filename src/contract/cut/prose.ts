import { createHash } from 'node:crypto';
import { canonicalJson } from '../json';

/** Names of prose: words, and what the document's rendering or code generators use. Also every x-* key. */
const PROSE = new Set([
  'description',
  'summary',
  'title',
  'example',
  'examples',
  'externalDocs',
  '$comment',
  'tags',
  'operationId',
]);
/** Not words, but nothing that a request or a response could violate either: hints for clients, hashed as prose is. */
export const HINTS = new Set(['callbacks', 'links', 'discriminator', 'xml']);

export function isWord(key: string): boolean {
  return PROSE.has(key) || key.startsWith('x-');
}

/** A hash that doesn't change with line breaks and indentation, which differ between JSON and a rendered page. */
export function proseHash(value: unknown): string {
  const text = typeof value === 'string' ? value : canonicalJson(value);
  return createHash('sha256').update(text.replace(/\s+/g, ' ').trim()).digest('hex').slice(0, 16);
}
