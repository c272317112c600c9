import type { DocumentedContent } from '../../contract/contract';
import { headerValues, type Answer } from '../answer';

export function mediaTypes(answer: Answer): string[] {
  return headerValues(answer, 'content-type');
}

/** One Content-Type, of the documented type. Parameters don't matter: JSON is UTF-8 whatever `charset` says (RFC 8259). */
export function isMediaType(answer: Answer, { mediaType }: DocumentedContent): boolean {
  const [actual, ...more] = mediaTypes(answer);
  if (actual === undefined || more.length > 0) return false;
  const essence = (value: string): string => (value.split(';')[0] ?? '').trim().toLowerCase();
  const [type, subtype] = essence(mediaType).split('/');
  const [actualType, actualSubtype] = essence(actual).split('/');
  return (type === '*' || type === actualType) && (subtype === '*' || subtype === actualSubtype);
}
