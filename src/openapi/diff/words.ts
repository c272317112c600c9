import { operationPointer, type OperationName } from '../../catalogue/operations';
import type { Cut } from '../../contract/cut/cut';
import { definitionPointer } from '../../contract/cut/definitions';
import { HINTS } from '../../contract/cut/prose';
import { pointer, pointerPath, valueAt, type JsonObject } from '../../contract/json';
import { essenceOf } from '../../contract/media-type';
import type { Found } from './change';

/** A document whose words are compared. */
export interface Worded {
  document: JsonObject;
  cut: Cut;
  isPage: boolean;
  isPin: boolean;
}

/** A change of words, with the operations that it reaches. */
export interface WordChange {
  found: Found;
  /** Its place, however the document is arranged. */
  key: string;
  operations: OperationName[];
}

interface Words {
  place: string;
  hash: string;
  at: string;
  text: unknown;
}

const DEFINITIONS = definitionPointer('');

/** What has changed in the words of the operations that both documents show. */
export function changedWords(old: Worded, now: Worded, names: OperationName[]): WordChange[] {
  const withAside = !old.isPin && !now.isPin;
  const [before, after] = [wordsOf(old, names, withAside), wordsOf(now, names, withAside)];
  const [isNewThere, isNewHere] = [isNotMoved(after), isNotMoved(before)];
  const changes: WordChange[] = [];
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [gone, come] = apart(before.get(key) ?? [], after.get(key) ?? []);
    const [left, right] = [gone.filter(isNewThere), come.filter(isNewHere)];
    for (let i = 0; i < Math.max(left.length, right.length); i++) {
      const [one, other] = [left[i], right[i]];
      const place = (other ?? one)?.place ?? '';
      // A page may leave out words about the document as a whole.
      if (place.startsWith('/info/') && (old.isPage || now.isPage) && !(one && other)) continue;
      changes.push({ found: wordChange(one, other), key, operations: reached(place, names) });
    }
  }
  return changes;
}

function wordChange(one: Words | undefined, other: Words | undefined): Found {
  const { place = '', at = place } = other ?? one ?? {};
  const name = place.split('/').at(-1) ?? '';
  const isHint = HINTS.has(name);
  return {
    pointer: at,
    verdict: isHint ? 'compatible' : 'prose',
    place,
    ...(one?.text !== undefined && { before: one.text }),
    ...(other?.text !== undefined && { after: other.text }),
    reason: isHint ? `"${name}" is a hint for clients` : 'only words',
  };
}

function reached(place: string, names: OperationName[]): OperationName[] {
  const isShared = place.startsWith('/info/') || place.startsWith(DEFINITIONS);
  return isShared ? names : names.filter((name) => isOf(place, name));
}

/** Whether words belong to an operation, or to its path. */
function isOf(place: string, name: OperationName): boolean {
  const at = operationPointer(name);
  const path = at.replace(/\/[a-z]+$/, '');
  return (
    place.startsWith(`${at}/`) ||
    (place.startsWith(`${path}/`) && !place.slice(path.length + 1).includes('/'))
  );
}

/** All words by a place that doesn't change with the way in which a document says the same. */
function wordsOf(
  { cut, document }: Worded,
  names: OperationName[],
  withAside: boolean,
): Map<string, Words[]> {
  const words = new Map<string, Words[]>();
  for (const [place, hash] of Object.entries({ ...cut.prose, ...(withAside && cut.proseAside) })) {
    if (reached(place, names).length === 0) continue;
    const at = cut.proseOrigin(place);
    const key = plainPlace(place);
    const text = at === undefined ? undefined : valueAt(document, at);
    words.set(key, [...(words.get(key) ?? []), { place, hash, at: at ?? place, text }]);
  }
  return words;
}

/** A place without the order of branches, an "allOf" around a schema, the form of a server's URL, or a charset. */
export function plainPlace(place: string): string {
  return pointer(
    ...pointerPath(
      place
        .replace(/\/allOf\/\d+(?=\/)/g, '')
        .replace(/\/(?:oneOf|anyOf)\/\d+(?=\/|$)/g, '/anyOf/*')
        .replace(/\/servers\/[^/]*/, '/servers/*'),
    ).map((key, i, path) => (path[i - 1] === 'content' ? essenceOf(key) : key)),
  );
}

function apart(before: Words[], after: Words[]): [Words[], Words[]] {
  const left = [...after];
  const gone = before.filter(({ hash }) => {
    const i = left.findIndex((one) => one.hash === hash);
    if (i >= 0) left.splice(i, 1);
    return i < 0;
  });
  return [gone, left];
}

/** A schema that is written out here may be a definition there, its words with it. */
function isNotMoved(there: Map<string, Words[]>): (words: Words) => boolean {
  const all = [...there.values()].flat();
  const everywhere = new Set(all.map(({ hash }) => hash));
  const inDefinitions = new Set(
    all.filter(({ place }) => place.startsWith(DEFINITIONS)).map(({ hash }) => hash),
  );
  return ({ place, hash }) =>
    !(place.startsWith(DEFINITIONS) ? everywhere.has(hash) : inDefinitions.has(hash));
}
