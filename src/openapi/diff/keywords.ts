import { isObject, type JsonObject } from '../../contract/json';
import { SCHEMA_LISTS, SCHEMA_MAPS, SCHEMA_PARTS } from '../../contract/cut/schema-keywords';

/** A schema of the normal form. */
export type Node = JsonObject;

/** Where a format that is not asserted stands in the normal form. */
export const FORMAT_NOTE = 'format-note';

/** Annotations that the tables name; they forbid nothing. */
export const NOTES = new Set([
  ...['default', 'deprecated', 'readOnly', 'writeOnly'],
  ...['contentEncoding', 'contentMediaType', 'contentSchema', FORMAT_NOTE],
]);

const TYPES = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];
/** Keywords that ask something of values of one type only. */
export const KEYWORDS_OF: Record<string, string[]> = {
  string: ['minLength', 'maxLength', 'pattern', 'format', FORMAT_NOTE],
  number: [
    ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
    ...['format', FORMAT_NOTE],
  ],
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
export const EMPTY: Record<string, string> = {
  ...{ minLength: '0', minItems: '0', minProperties: '0', uniqueItems: 'false', required: '[]' },
  ...{ properties: '{}', patternProperties: '{}', dependentSchemas: '{}', dependentRequired: '{}' },
  ...{ items: '{}', propertyNames: '{}', deprecated: 'false', readOnly: 'false', writeOnly: 'false' },
  ...{ additionalProperties: '{}', unevaluatedProperties: '{}', unevaluatedItems: '{}' },
};
/** Order of these is nothing that a value could show. */
export const SETS = new Set(['allOf', 'anyOf', 'oneOf', 'enum', 'required', 'type']);

/** The schema that no value keeps. */
export const NOTHING = '{"not":{}}';

/** The types that a node names; none where it names none, or what is no type. */
export function typesOf(node: Node): string[] {
  const types = (Array.isArray(node.type) ? node.type : [node.type]) as unknown[];
  return types.every((type) => TYPES.includes(type as string)) ? (types as string[]) : [];
}

/** The type of a value; an integer is a number too. */
export function typeNames(value: unknown): string[] {
  if (value === null) return ['null'];
  if (Array.isArray(value)) return ['array'];
  if (typeof value === 'number') return Number.isInteger(value) ? ['integer', 'number'] : ['number'];
  return [typeof value];
}

export function keywordsFor(types: string[]): string[] {
  return types.flatMap((type) => KEYWORDS_OF[type === 'integer' ? 'number' : type] ?? []);
}

/** The schemas that a schema holds. */
export function childrenOf(node: Node): Node[] {
  return Object.entries(node).flatMap(([key, part]): Node[] => {
    if (typeof part !== 'object' || part === null) return [];
    if (SCHEMA_MAPS.has(key)) return Object.values(part) as Node[];
    if (SCHEMA_LISTS.has(key)) return part as Node[];
    return SCHEMA_PARTS.has(key) && isObject(part) ? [part] : [];
  });
}

/** A copy with each schema that the schema holds put through a change. */
export function withChildren(node: Node, change: (child: Node) => unknown): Node {
  const entries = Object.entries(node).map(([key, part]): [string, unknown] => {
    if (typeof part !== 'object' || part === null) return [key, part];
    if (SCHEMA_MAPS.has(key))
      return [
        key,
        Object.fromEntries(Object.entries(part).map(([name, one]) => [name, change(one as Node)])),
      ];
    if (SCHEMA_LISTS.has(key)) return [key, (part as Node[]).map(change)];
    return [key, SCHEMA_PARTS.has(key) ? change(part as Node) : part];
  });
  return Object.fromEntries(entries);
}
