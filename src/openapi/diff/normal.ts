import type { Cut } from '../../contract/cut/cut';
import { definitionName, definitionPointer } from '../../contract/cut/definitions';
import { SCHEMA_LISTS, SCHEMA_MAPS, SCHEMA_PARTS } from '../../contract/cut/schema-keywords';
import { isAsserted } from '../../contract/formats';
import { canonicalJson, isObject, own, pointer, setOwn, type JsonObject } from '../../contract/json';
import { canonical } from './canonical';
import {
  EMPTY,
  FORMAT_NOTE,
  KEYWORDS_OF,
  keywordsFor,
  NOTES,
  typeNames,
  typesOf,
  type Node,
} from './keywords';

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

/** Brings the schemas of one cut into the normal form. */
export class Normalizer {
  private readonly places = new WeakMap<object, Place>();
  private readonly definitions = new Map<string, Node>();

  constructor(private readonly cut: Cut) {}

  /** @param at where it stands, for the schemas true and false and those that are not there */
  schema(value: unknown, at: string): Node {
    if (!isObject(value))
      return this.put(value === false ? { not: {} } : {}, { slot: at, at, written: new Map() });
    const here = this.cut.origin(value) || at;
    const name = definitionName(value);
    if (name !== undefined) return this.put({ $ref: name }, { slot: at, at: here, written: new Map() });
    const written = new Map<string, Written>();
    const node: Node = {};
    for (const [key, part] of Object.entries(value)) this.add(node, written, key, part, here);
    if ('const' in value && 'enum' in value) node.enum = bothValues(value.const, value.enum);
    this.put(node, { slot: at, at: here, written });
    if (!('if' in node) || !('then' in node || 'else' in node))
      for (const key of ['if', 'then', 'else']) delete node[key];
    this.mergeParts(node);
    this.uniteTypes(node);
    dropWhatCannotApply(node);
    return node;
  }

  private add(node: Node, written: Map<string, Written>, key: string, part: unknown, at: string): void {
    const isNote = key === 'format' && !isAsserted(part);
    const name = key === 'const' ? 'enum' : isNote ? FORMAT_NOTE : key;
    const keyAt = `${at}${pointer(key)}`;
    const simple = this.keyword(key, part, keyAt);
    written.set(name, { at: keyAt, value: part });
    if (canonicalJson(simple) !== own(EMPTY, name)) setOwn(node, name, simple);
  }

  /** The schema that a node with a $ref refers to. */
  definition(name: string): Node {
    const known = this.definitions.get(name);
    if (known) return known;
    const node = this.schema(this.cut.definitions.get(name), definitionPointer(name));
    this.definitions.set(name, node);
    return node;
  }

  place(node: Node): Place {
    return this.places.get(node) ?? { slot: '', at: '', written: new Map() };
  }

  put(node: Node, place: Place): Node {
    this.places.set(node, place);
    return node;
  }

  private keyword(key: string, part: unknown, at: string): unknown {
    if (SCHEMA_MAPS.has(key) && isObject(part)) {
      const mapAt = this.cut.origin(part) || at;
      return Object.fromEntries(
        Object.entries(part).map(([name, one]) => [name, this.schema(one, `${mapAt}${pointer(name)}`)]),
      );
    }
    if (SCHEMA_LISTS.has(key) && Array.isArray(part))
      return part.map((one, i) => this.schema(one, `${at}/${i}`));
    if (SCHEMA_PARTS.has(key)) return this.schema(part, at);
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
    // A reference stands alone in its node.
    if ('$ref' in part && Object.keys(node).length > 0) return false;
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
      const own = Object.hasOwn(a, name) ? (a[name] as Node) : undefined;
      if (own === undefined) {
        setOwn(result, name, one);
        continue;
      }
      const both = this.put({ ...own }, clonePlace(this.place(own)));
      if (!this.merge(both, one as Node)) return undefined;
      setOwn(result, name, both);
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
  ...['prefixItems', 'contains', 'if', 'then', 'else', '$ref', '$dynamicRef'],
];

function clonePlace({ written, ...place }: Place): Place {
  return { ...place, written: new Map(written) };
}

function simpleType(types: unknown[]): unknown {
  const list = unique(types).filter((type) => type !== 'integer' || !types.includes('number'));
  return list.length === 1 ? list[0] : list;
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

/** "const" beside "enum" allows what both allow. */
function bothValues(constant: unknown, values: unknown): unknown[] {
  const isAllowed =
    !Array.isArray(values) || values.some((value) => canonicalJson(value) === canonicalJson(constant));
  return isAllowed ? [constant] : [];
}

function unique(list: unknown[]): unknown[] {
  const byText = new Map(list.map((one) => [canonicalJson(one), one]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}
