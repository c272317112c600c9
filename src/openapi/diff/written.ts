import { canonicalJson, isObject } from '../../contract/json';
import type { Found } from './change';
import { FORMAT_NOTE, type Node } from './keywords';
import type { Normalizer, Written } from './normal';

interface Documents {
  old: Normalizer;
  now: Normalizer;
  /** What the new document has at a JSON Pointer. */
  valueAfter: (pointer: string) => unknown;
}

/** Where keywords stand in the documents, and what they say: a single one by itself, several as their schema. */
export function written(
  documents: Documents,
  { before, after, place }: { before: Node; after: Node; place: string },
  keys: string[],
): Pick<Found, 'pointer' | 'place' | 'before' | 'after'> {
  const [old, now] = [documents.old.place(before), documents.now.place(after)];
  const text = (one: Written | undefined): string =>
    canonicalJson({ is: one?.at.endsWith('/const') ? [one.value] : one?.value });
  const names = new Set([...old.written.keys(), ...now.written.keys()]);
  // The normal form may have taken away a type beside the values that it allows.
  const isType = (name: string): boolean =>
    name === 'type' && keys.includes('enum') && !('type' in before && 'type' in after);
  const changed = [...names].filter(
    (name) =>
      (keys.includes(name) || isType(name)) && text(old.written.get(name)) !== text(now.written.get(name)),
  );
  const [key] = changed;
  const written = documents.valueAfter(now.at);
  if (changed.length === 1 && key !== undefined && isObject(written)) {
    const [one, other] = [old.written.get(key), now.written.get(key)];
    return {
      pointer: (other ?? one)?.at ?? now.at,
      place: `${place}/${key === FORMAT_NOTE ? 'format' : key}`,
      ...(one && { before: one.value }),
      ...(other && { after: other.value }),
    };
  }
  const values = (from: Map<string, Written>): Node =>
    Object.fromEntries(changed.flatMap((name) => (from.has(name) ? [[name, from.get(name)?.value]] : [])));
  return {
    pointer: written === undefined ? old.slot : isObject(written) ? now.at : now.slot,
    place,
    before: values(old.written),
    ...(written !== undefined && { after: isObject(written) ? values(now.written) : written }),
  };
}
