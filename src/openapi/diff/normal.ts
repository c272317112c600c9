import type { Cut } from '../../contract/cut';
import { canonicalJson, isObject, pointer, type JsonObject } from '../../contract/json';

/*
 * Schemas in a normal form: what can be written in several ways is written in one, so that equal meaning is equal text
 * and two schemas can be compared keyword by keyword. The form is itself a JSON Schema, which AJV compiles.
 */

/** A keyword as its document has it. */
export interface Written {
  /** JSON Pointer into the document. */
  at: string;
  value: unknown;
}

/** Where a schema of the normal form comes from. */
export interface Place {
  /** What refers to it, or holds it. */
  slot: string;
  /** Where it is written out: elsewhere, behind a $ref. */
  at: string;
  /** Its keywords as they were written, those too that the normal form does without; "const" stands as "enum". */
  written: Map<string, Written>;
}

/** Annotations that the tables name; they forbid nothing. */
export const NOTES = new Set(['default', 'deprecated', 'readOnly', 'writeOnly']);

const TYPES = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];
/** Keywords that ask something of values of one type only. */
const KEYWORDS_OF: Record<string, string[]> = {
  string: ['minLength', 'maxLength', 'pattern', 'format'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'format'],
  array: [
    ...['items', 'prefixItems', 'contains', 'minContains', 'maxContains'],
    ...['minItems', 'maxItems', 'uniqueItems', 'unevaluatedItems'],
  ],
  object: [
    ...['properties', 'patternProperties', 'additionalProperties', 'unevaluatedProperties', 'propertyNames'],
    ...['required', 'minProperties', 'maxProperties', 'dependentRequired', 'dependentSchemas'],
  ],
};
/** Keywords that a value keeps or breaks by itself; no others are known to mean the same to all values that are allowed. */
export const ASSERTIONS = new Set(['type', 'enum', ...Object.values(KEYWORDS_OF).flat()]);
/** Values that say as much as no keyword at all. */
const EMPTY: Record<string, string> = {
  ...{ minLength: '0', minItems: '0', minProperties: '0', uniqueItems: 'false', required: '[]' },
  ...{ properties: '{}', patternProperties: '{}', dependentSchemas: '{}', dependentRequired: '{}' },
  ...{ items: '{}', propertyNames: '{}', deprecated: 'false', readOnly: 'false', writeOnly: 'false' },
  ...{ additionalProperties: '{}', unevaluatedProperties: '{}', unevaluatedItems: '{}' },
};
const MAPS = new Set(['properties', 'patternProperties', 'dependentSchemas']);
const LISTS = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const PARTS = new Set([
  ...['items', 'additionalProperties', 'not', 'if', 'then', 'else', 'contains', 'propertyNames'],
  ...['unevaluatedItems', 'unevaluatedProperties'],
]);
/** Order of these is nothing that a value could show. */
const SETS = new Set(['allOf', 'anyOf', 'oneOf', 'enum', 'required', 'type']);

export type Node = JsonObject;

/** The schema that no value keeps. */
export const NOTHING = '{"not":{}}';

/** Brings the schemas of one cut into the normal form. */
export class Normalizer {
  private readonly places = new WeakMap<object, Place>();

  constructor(private readonly cut: Cut) {}

  /** @param at where it stands, for the schemas true and false and those that are not there */
  schema(value: unknown, at: string): Node {
    if (!isObject(value))
      return this.put(value === false ? { not: {} } : {}, { slot: at, at, written: new Map() });
    const here = this.cut.origin(value) || at;
    const written = new Map<string, Written>();
    const node: Node = {};
    for (const [key, part] of Object.entries(value)) {
      const keyAt = `${here}${pointer(key)}`;
      const name = key === 'const' ? 'enum' : key;
      const simple = this.keyword(key, part, keyAt);
      if (name !== key && 'enum' in value) continue;
      written.set(name, { at: keyAt, value: part });
      if (canonicalJson(simple) !== EMPTY[name]) node[name] = simple;
    }
    this.put(node, { slot: at, at: here, written });
    if (!('if' in node) || !('then' in node || 'else' in node))
      for (const key of ['if', 'then', 'else']) delete node[key];
    this.mergeParts(node);
    this.uniteTypes(node);
    dropWhatCannotApply(node);
    return node;
  }

  place(node: Node): Place {
    return this.places.get(node) ?? { slot: '', at: '', written: new Map() };
  }

  private put(node: Node, place: Place): Node {
    this.places.set(node, place);
    return node;
  }

  private keyword(key: string, part: unknown, at: string): unknown {
    if (MAPS.has(key) && isObject(part)) {
      const mapAt = this.cut.origin(part) || at;
      return Object.fromEntries(
        Object.entries(part).map(([name, one]) => [name, this.schema(one, `${mapAt}${pointer(name)}`)]),
      );
    }
    if (LISTS.has(key) && Array.isArray(part)) return part.map((one, i) => this.schema(one, `${at}/${i}`));
    if (PARTS.has(key)) return this.schema(part, at);
    if (key === 'const') return [part];
    if (key === 'type' && Array.isArray(part)) return simpleType(part);
    if (key === 'enum' && Array.isArray(part)) return unique(part);
    if (key === 'required' && Array.isArray(part)) return unique(part);
    return part;
  }

  /** Takes up what "allOf" holds, and lone branches of the other two, where that says the same. */
  private mergeParts(node: Node): void {
    for (const key of ['allOf', 'anyOf', 'oneOf']) {
      const branches = node[key];
      if (!Array.isArray(branches) || branches.length === 0 || (key !== 'allOf' && branches.length > 1))
        continue;
      delete node[key];
      const rest = (branches as Node[]).filter((branch) => !this.merge(node, branch));
      if (rest.length > 0) node[key] = rest;
    }
  }

  /** Whether a schema that has to hold besides could be written into the node. */
  private merge(node: Node, part: Node): boolean {
    if (Object.keys(part).length === 0) return true;
    const isEmpty = Object.keys(node).every((key) => NOTES.has(key));
    const looksAtSiblings = (one: Node): boolean => SIBLING_KEYWORDS.some((key) => key in one);
    if (!isEmpty && (looksAtSiblings(node) || looksAtSiblings(part))) return false;
    const merged: Node = {};
    for (const [key, value] of Object.entries(part)) {
      const own = node[key];
      const both = own === undefined ? value : this.conjunction(key, own, value);
      if (both === undefined) return false;
      merged[key] = both;
    }
    const before = { ...node };
    Object.assign(node, merged);
    const [place, other] = [this.place(node), this.place(part)];
    if (isEmpty) place.at = other.at;
    for (const [key, written] of other.written) {
      const isOwn = place.written.has(key) && canonical(before[key]) === canonical(node[key]);
      if (!isOwn)
        place.written.set(key, { at: written.at, value: key in before ? node[key] : written.value });
    }
    return true;
  }

  /** One value for a keyword that says what two values of it say together, or undefined. */
  private conjunction(key: string, a: unknown, b: unknown): unknown {
    if (canonical(a) === canonical(b) || NOTES.has(key)) return a;
    if (key === 'required' && Array.isArray(a) && Array.isArray(b))
      return unique((a as unknown[]).concat(b as unknown[]));
    if (key.startsWith('min') || key === 'exclusiveMinimum')
      return typeof a === 'number' && typeof b === 'number' ? Math.max(a, b) : undefined;
    if (key.startsWith('max') || key === 'exclusiveMaximum')
      return typeof a === 'number' && typeof b === 'number' ? Math.min(a, b) : undefined;
    if (key !== 'properties' || !isObject(a) || !isObject(b)) return undefined;
    const result: JsonObject = { ...a };
    for (const [name, one] of Object.entries(b)) {
      const own = a[name] as Node | undefined;
      if (own === undefined) {
        result[name] = one;
        continue;
      }
      const both = this.put({ ...own }, clonePlace(this.place(own)));
      if (!this.merge(both, one as Node)) return undefined;
      result[name] = both;
    }
    return result;
  }

  /** Branches for different types are one schema for all of them: each keyword minds its own type only. */
  private uniteTypes(node: Node): void {
    for (const key of ['anyOf', 'oneOf']) {
      const branches = node[key] as Node[] | undefined;
      const beside = Object.keys(node).filter((other) => other !== key && !NOTES.has(other));
      if (!Array.isArray(branches) || beside.length > 0) continue;
      const types = branches.map((branch) => typesOf(branch));
      const all = types.flatMap((list) => (list.includes('integer') ? [...list, 'number'] : list));
      const isPlain = branches.every((branch) =>
        Object.keys(branch).every((one) => one === 'type' || keywordsFor(typesOf(branch)).includes(one)),
      );
      // "format" minds strings and numbers alike.
      const hasFormat = branches.some((branch) => 'format' in branch);
      if (types.some((list) => list.length === 0) || new Set(all).size < all.length || !isPlain) continue;
      if (hasFormat && all.some((type) => type === 'number') && all.includes('string')) continue;
      const written = this.place(node).written;
      delete node[key];
      for (const branch of branches) {
        Object.assign(node, branch);
        for (const [name, one] of this.place(branch).written) written.set(name, one);
      }
      node.type = simpleType(types.flat());
      written.set('type', { at: written.get(key)?.at ?? this.place(node).at, value: node.type });
      written.delete(key);
    }
  }
}

const SIBLING_KEYWORDS = [
  ...['additionalProperties', 'unevaluatedProperties', 'unevaluatedItems', 'patternProperties', 'items'],
  ...['prefixItems', 'contains', 'if', 'then', 'else', '$dynamicRef'],
];

function clonePlace({ written, ...place }: Place): Place {
  return { ...place, written: new Map(written) };
}

function simpleType(types: unknown[]): unknown {
  const list = unique(types).filter((type) => type !== 'integer' || !types.includes('number'));
  return list.length === 1 ? list[0] : list;
}

/** The types that a node names; none where it names none, or what is no type. */
export function typesOf(node: Node): string[] {
  const types = (Array.isArray(node.type) ? node.type : [node.type]) as unknown[];
  return types.every((type) => TYPES.includes(type as string)) ? (types as string[]) : [];
}

function keywordsFor(types: string[]): string[] {
  return types.flatMap((type) => KEYWORDS_OF[type === 'integer' ? 'number' : type] ?? []);
}

/** Keywords for other types than the node's own say nothing, nor does a type that all allowed values have. */
function dropWhatCannotApply(node: Node): void {
  const types = typesOf(node);
  if (types.length > 0) {
    const applicable = keywordsFor(types);
    for (const key of Object.values(KEYWORDS_OF).flat())
      if (key in node && !applicable.includes(key)) delete node[key];
  }
  if (!Array.isArray(node.enum) || types.length === 0) return;
  const left = (node.enum as unknown[]).filter((value) =>
    typeNames(value).some((type) => types.includes(type)),
  );
  if (left.length === 0) return;
  node.enum = left;
  delete node.type;
}

/** The type of a value; an integer is a number too. */
export function typeNames(value: unknown): string[] {
  if (value === null) return ['null'];
  if (Array.isArray(value)) return ['array'];
  if (typeof value === 'number') return Number.isInteger(value) ? ['integer', 'number'] : ['number'];
  return [typeof value];
}

function unique(list: unknown[]): unknown[] {
  const byText = new Map(list.map((one) => [canonicalJson(one), one]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** The same meaning as the same text: order set aside, and branches that exclude each other need no "oneOf". */
export function canonical(value: unknown): string {
  return canonicalJson(ordered(value));
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, part]): [string, unknown] => {
    const inner = ordered(part);
    // A property may be called "enum", too; then it is no list.
    if (!SETS.has(key) || !Array.isArray(inner)) return [key, inner];
    const name = key === 'oneOf' && areExclusive(part as unknown[]) ? 'anyOf' : key;
    const byText = inner.map((one) => canonicalJson(one)).sort();
    return [name in value && name !== key ? key : name, byText];
  });
  return Object.fromEntries(entries);
}

/** Whether no value can keep two of the schemas, as far as their types and the fixed values of members tell. */
export function areExclusive(branches: unknown[]): boolean {
  return branches.every((one, i) => branches.slice(i + 1).every((other) => areDisjoint(one, other)));
}

function areDisjoint(a: unknown, b: unknown): boolean {
  if (!isObject(a) || !isObject(b)) return false;
  const [types, others] = [allowedTypes(a), allowedTypes(b)];
  const overlap = (type: string): boolean =>
    others.includes(type) ||
    (type === 'integer' ? others.includes('number') : type === 'number' && others.includes('integer'));
  if (types.length > 0 && others.length > 0 && !types.some(overlap)) return true;
  if (haveDisjointValues(a.enum, b.enum)) return true;
  if (!types.concat(others).includes('object') || !isObject(a.properties) || !isObject(b.properties))
    return false;
  const onlyObjects = [types, others].some((list) => list.length === 1 && list[0] === 'object');
  const [own, theirs] = [a.properties, b.properties];
  const needed = [a.required, b.required].flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []));
  return (
    onlyObjects &&
    Object.keys(own).some(
      (name) =>
        needed.includes(name) &&
        isObject(own[name]) &&
        isObject(theirs[name]) &&
        haveDisjointValues(own[name].enum, theirs[name].enum),
    )
  );
}

function allowedTypes(node: Node): string[] {
  return Array.isArray(node.enum) ? (node.enum as unknown[]).flatMap(typeNames) : typesOf(node);
}

function haveDisjointValues(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return false;
  const values = new Set(a.map(canonicalJson));
  return !b.some((value) => values.has(canonicalJson(value)));
}
