import { isObject, own, type JsonObject } from '../../contract/json';
import { canonical } from './canonical';
import { typeNames, typesOf, type Node } from './keywords';
import { stringsLike } from './pattern';
import { near, numbers, strings } from './scalar-probes';
import type { Expand } from './recursion';

/*
 * Values to try two schemas with: for each keyword those on either side of its border. They need not keep the schema;
 * what keeps it best stands first, so that a part is tried inside of a whole that is right in all else.
 */

/** More than this of one schema says no more, and takes time. */
const MAX_VALUES = 600;
const MAX_ITEMS = 300;
const MAX_DEPTH = 40;
/** Schemas that contain themselves: the way to a change is written out, and beside it a few levels are enough. */
const MAX_REFERENCES = 1;
const MAX_SIMPLE_DEPTH = 12;
const MAX_SIMPLE_ITEMS = 10;
/** A name that no document uses. */
export const UNNAMED = 'x-probe-0f3a';

/** One value of each type; the last resort, and what every schema is tried with. */
const PLAIN: unknown[] = [
  'text',
  '',
  0,
  1,
  -1,
  1.5,
  true,
  false,
  null,
  [],
  ['text'],
  [0],
  {},
  { [UNNAMED]: 0 },
];

/** Says whether a value keeps a schema; false where that can't be told. */
export type Keeps = (node: Node, value: unknown) => boolean;

/** Makes values for schemas of the normal form; what it has made for one it makes again for its equal. */
export class Prober {
  private readonly made = new Map<string, unknown[]>();
  private openReferences = 0;

  /** What references stand for in the schemas that are compared now. */
  expand: Expand = (node) => node;

  constructor(private readonly keeps: Keeps) {}

  /** @returns the likeliest value to be right first */
  values(node: Node, depth = 0): unknown[] {
    if (depth > MAX_DEPTH) return PLAIN;
    const isReference = typeof node.$ref === 'string';
    if (isReference && this.openReferences >= MAX_REFERENCES) return PLAIN;
    const key = `${this.openReferences} ${canonical(node)}`;
    const known = this.made.get(key);
    if (known) return known;
    if (isReference) this.openReferences++;
    const values = distinct([...this.candidates(this.expand(node), depth), ...PLAIN]).slice(0, MAX_VALUES);
    if (isReference) this.openReferences--;
    const best = values.findIndex((value) => this.keeps(node, value));
    if (best > 0) values.unshift(...values.splice(best, 1));
    this.made.set(key, values);
    return values;
  }

  /** Making values was stopped halfway. */
  reset(): void {
    this.openReferences = 0;
  }

  /** A value with nothing but what it needs: the likeliest one to be right, made without trying. */
  simple(node: Node, depth = 0): unknown {
    if (depth > MAX_SIMPLE_DEPTH) return null;
    const made = this.plain(this.expand(node), depth);
    return this.keeps(node, made) ? made : this.best(node, depth);
  }

  private plain(node: Node, depth: number): unknown {
    if (Array.isArray(node.enum)) return (node.enum as unknown[])[0];
    const listIn = (key: string): Node[] => (Array.isArray(node[key]) ? (node[key] as Node[]) : []);
    const branches = [...listIn('allOf'), ...listIn('anyOf').slice(0, 1), ...listIn('oneOf').slice(0, 1)];
    const parts = branches.map((branch) => this.simple(branch, depth + 1));
    const types = typesOf(node);
    const isFor = (type: string): boolean => types[0] === type || (types.length === 0 && parts.length > 0);
    if (isFor('object') && parts.every(isObject)) {
      const properties = isObject(node.properties) ? node.properties : {};
      const required = Array.isArray(node.required) ? (node.required as string[]) : [];
      const member = (name: string): unknown => {
        const schema = own(properties, name);
        return isObject(schema) ? this.simple(schema, depth + 1) : 'text';
      };
      return merged([...parts, Object.fromEntries(required.map((name) => [name, member(name)]))]);
    }
    if (types[0] !== 'array') return parts.length > 0 ? parts[0] : this.best(node, depth);
    const length = typeof node.minItems === 'number' ? Math.min(node.minItems, MAX_SIMPLE_ITEMS) : 0;
    const item = isObject(node.items) && length > 0 ? this.simple(node.items, depth + 1) : 0;
    return Array.from({ length }, () => item);
  }

  private best(node: Node, depth: number): unknown {
    return this.values(node, depth)[0];
  }

  private candidates(node: Node, depth: number): unknown[] {
    if (Array.isArray(node.enum)) return node.enum as unknown[];
    const types = typesOf(node);
    const isFor = (type: string): boolean => types.length === 0 || types.includes(type);
    const ownValues: unknown[] = [];
    const asks = (keys: string[]): boolean => keys.some((key) => key in node);
    const parts = this.partValues(node, depth);
    if (isFor('object') && (types.includes('object') || asks(OBJECT_KEYWORDS)))
      ownValues.push(...this.objects(node, depth, parts));
    if (isFor('array') && (types.includes('array') || asks(ARRAY_KEYWORDS)))
      ownValues.push(...this.arrays(node, depth));
    if (isFor('string') && (types.includes('string') || asks(STRING_KEYWORDS)))
      ownValues.push(...strings(node));
    if (types.includes('number') || types.includes('integer') || asks(NUMBER_KEYWORDS))
      ownValues.push(...numbers(node));
    return [...ownValues, ...parts];
  }

  /** Values of what a schema combines, also put together, where objects of two branches could pass as one. */
  private partValues(node: Node, depth: number): unknown[] {
    const lists = ['allOf', 'anyOf', 'oneOf'].map((key) =>
      Array.isArray(node[key]) ? (node[key] as Node[]) : [],
    );
    const single = ['not', 'if', 'then', 'else'].map((key) => node[key]).filter(isObject);
    const dependent = isObject(node.dependentSchemas) ? Object.values(node.dependentSchemas) : [];
    const parts = [...lists.flat(), ...single, ...dependent].filter(isObject);
    const bests = parts.map((part) => this.best(part, depth + 1)).filter(isObject);
    const all = lists[0]?.map((part) => this.best(part, depth + 1)) ?? [];
    const joined = all.length > 0 && all.every(isObject) ? [merged(all)] : [];
    const pairs = bests
      .slice(0, 12)
      .flatMap((one, i) => bests.slice(0, 12).flatMap((other, j) => (i === j ? [] : [{ ...one, ...other }])));
    const each = interleaved(parts.map((part) => this.values(part, depth + 1)));
    return [...joined, ...each, ...pairs];
  }

  private objects(node: Node, depth: number, parts: unknown[]): unknown[] {
    const properties = isObject(node.properties) ? (node.properties as Record<string, Node>) : {};
    const required = Array.isArray(node.required) ? (node.required as string[]) : [];
    const names = Object.keys(properties);
    const member = (name: string): unknown =>
      Object.hasOwn(properties, name) ? this.best(properties[name] as Node, depth + 1) : 'text';
    const of = (list: string[]): JsonObject => Object.fromEntries(list.map((name) => [name, member(name)]));
    const full = of([...new Set([...names, ...required])]);
    const minimal = of(required);
    const made: unknown[] = [full, minimal];
    const fitting = parts.filter(isObject).slice(0, 60);
    for (const part of fitting)
      made.push({ ...full, ...part }, { ...minimal, ...part }, { ...part, ...full });
    for (const name of Object.keys(full)) made.push(without(full, name), { ...minimal, [name]: full[name] });
    made.push(
      ...this.extras(node, depth).flatMap((extra) => [
        { ...full, ...extra },
        { ...minimal, ...extra },
      ]),
    );
    for (const count of near(node, ['minProperties', 'maxProperties']))
      if (count <= MAX_ITEMS) made.push(ofSize(full, count));
    made.push(
      ...interleaved(
        names.map((name) =>
          this.values(properties[name] as Node, depth + 1).map((value) => ({ ...full, [name]: value })),
        ),
      ),
    );
    return made;
  }

  /** Members that "properties" doesn't name. */
  private extras(node: Node, depth: number): JsonObject[] {
    const additional = [node.additionalProperties, node.unevaluatedProperties].filter(isObject);
    const values = [
      0,
      'text',
      null,
      {},
      ...additional.flatMap((one) => this.values(one, depth + 1).slice(0, 30)),
    ];
    const made: JsonObject[] = values.map((value) => ({ [UNNAMED]: value }));
    const patterns = isObject(node.patternProperties) ? Object.entries(node.patternProperties) : [];
    for (const [pattern, part] of patterns)
      for (const name of stringsLike(pattern).slice(0, 4))
        made.push(
          ...this.values(part as Node, depth + 1)
            .slice(0, 30)
            .map((value) => ({ [name]: value })),
        );
    if (isObject(node.propertyNames))
      for (const name of this.values(node.propertyNames, depth + 1).slice(0, 60))
        if (typeof name === 'string') made.push({ [name]: 0 });
    if (isObject(node.dependentRequired))
      for (const [name, others] of Object.entries(node.dependentRequired)) {
        made.push({ [name]: 'text' });
        if (Array.isArray(others))
          made.push(Object.fromEntries([name, ...(others as string[])].map((one) => [one, 'text'])));
      }
    return made;
  }

  private arrays(node: Node, depth: number): unknown[] {
    const prefix = Array.isArray(node.prefixItems) ? (node.prefixItems as Node[]) : [];
    const items = isObject(node.items) ? node.items : undefined;
    const contains = isObject(node.contains) ? node.contains : undefined;
    const rest = items ?? contains ?? {};
    const start = prefix.map((part) => this.best(part, depth + 1));
    const more = this.values(rest, depth + 1);
    const ofLength = (length: number): unknown[] => [
      ...start.slice(0, length),
      ...Array.from({ length: Math.max(0, length - start.length) }, (_, i) =>
        node.uniqueItems === true ? (more[i] ?? i) : more[0],
      ),
    ];
    const lengths = [...near(node, ['minItems', 'maxItems']), start.length, start.length + 1, 0, 2];
    const made: unknown[] = lengths.filter((length) => length <= MAX_ITEMS).map(ofLength);
    const least = typeof node.minItems === 'number' && node.minItems <= MAX_ITEMS ? node.minItems : 1;
    const base = ofLength(Math.max(least, start.length + 1));
    for (const value of more) made.push([...base.slice(0, -1), value]);
    prefix.forEach((part, i) =>
      this.values(part, depth + 1).forEach((value) =>
        made.push(base.map((one, j) => (i === j ? value : one))),
      ),
    );
    made.push([...base, base.at(-1)]);
    return made;
  }
}

const OBJECT_KEYWORDS = [
  ...['properties', 'required', 'patternProperties', 'additionalProperties', 'propertyNames'],
  ...['minProperties', 'maxProperties', 'dependentRequired', 'unevaluatedProperties', 'dependentSchemas'],
];
const ARRAY_KEYWORDS = [
  'items',
  'prefixItems',
  'contains',
  'minItems',
  'maxItems',
  'uniqueItems',
  'unevaluatedItems',
];
const STRING_KEYWORDS = ['minLength', 'maxLength', 'pattern', 'format'];
const NUMBER_KEYWORDS = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'format',
];

function ofSize(object: JsonObject, count: number): JsonObject {
  const entries = Object.entries(object).slice(0, count);
  for (let i = entries.length; i < count; i++) entries.push([`${UNNAMED}-${i}`, 0]);
  return Object.fromEntries(entries);
}

/** A spread, unlike an assignment, copies a member that is called "__proto__". */
function merged(objects: JsonObject[]): JsonObject {
  return objects.reduce((all, one) => ({ ...all, ...one }), {});
}

function without(object: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([other]) => other !== name));
}

/** The first of each, then the second of each: what is cut off is cut off evenly. */
function interleaved<T>(lists: T[][]): T[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, i) =>
    lists.flatMap((list) => (i < list.length ? [list[i] as T] : [])),
  ).flat();
}

function distinct(values: unknown[]): unknown[] {
  return [
    ...new Map(values.map((value) => [`${typeNames(value)[0]} ${JSON.stringify(value)}`, value])).values(),
  ];
}
