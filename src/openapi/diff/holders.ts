import type { Cut } from '../../contract/cut/cut';
import { canonicalJson, isObject, own, pointer, type JsonObject } from '../../contract/json';
import type { Found, Side } from './change';
import type { Normalizer } from './normal';
import type { Witnesses } from './witnesses';

/** What a comparison of an operation rests on. */
export interface Holders {
  old: Cut;
  now: Cut;
  normalOld: Normalizer;
  normalNow: Normalizer;
  witnesses: Witnesses;
  /** What the new document has at a JSON Pointer. */
  valueAfter: (pointer: string) => unknown;
  /** Places that were replaced as a whole. */
  wholes: string[];
  report: (side?: Side) => (found: Found) => void;
  /** The member of a response without which the suite can't go on. */
  needed?: { status: string; member: string };
}

/** Two parts of the documents that belong together. */
export interface Pair {
  before: JsonObject;
  after: JsonObject;
  place: string;
  /** Undefined for what belongs to the operation itself. */
  side?: Side;
}

export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** What a parameter or a header says where it says nothing of it. */
const DEFAULT_STYLES = new Map([
  ['query', 'form'],
  ['cookie', 'form'],
]);

/** A parameter or header with its defaults written out. */
export function withDefaults(holder: JsonObject): JsonObject {
  const style = DEFAULT_STYLES.get(String(holder.in)) ?? 'simple';
  return {
    style,
    explode: (holder.style ?? style) === 'form',
    allowReserved: false,
    allowEmptyValue: false,
    ...holder,
  };
}

export function diffRequired(holders: Holders, { before, after, place, side }: Pair): void {
  const [was, is] = [before.required === true, after.required === true];
  if (was === is) return;
  const at = 'required' in after ? holders.now.origin(after) : holders.old.origin(before);
  holders.report(side)({
    pointer: `${at}/required`,
    verdict: is ? 'breaking' : 'compatible',
    place: `${place}/required`,
    before: before.required,
    after: after.required,
    direction: is ? 'narrow' : 'widen',
    reason: is ? 'it is required now' : 'it is no longer required',
  });
}

/** All other keys: what they mean is not known, except that a deprecation forbids nothing. */
export function diffOthers(holders: Holders, pair: Pair, handled: string[], normal = pair): void {
  const { before, after, place, side } = pair;
  for (const key of new Set([...Object.keys(normal.before), ...Object.keys(normal.after)])) {
    const [was, is] = [own(normal.before, key), own(normal.after, key)];
    if (handled.includes(key) || canonicalJson({ is: was }) === canonicalJson({ is })) continue;
    const isDeprecation = key === 'deprecated';
    if (isDeprecation && (was ?? false) === (is ?? false)) continue;
    const at = Object.hasOwn(after, key) ? holders.now.origin(after) : holders.old.origin(before);
    holders.report(side)({
      pointer: `${at}${pointer(key)}`,
      verdict: isDeprecation ? 'compatible' : 'breaking',
      place: `${place}${pointer(key)}`,
      before: own(before, key),
      after: own(after, key),
      direction: isDeprecation ? 'widen' : 'both',
      reason: isDeprecation
        ? '"deprecated" forbids nothing'
        : `undecided: what "${key}" means to a message can't be tried`,
    });
  }
}
