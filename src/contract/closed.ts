import { definitionName, definitionsIn } from './cut/definitions';
import { isObject, type JsonObject } from './json';

/**
 * A schema with every object in it closed to properties that no branch names.
 * @param definitions what it may refer to
 */
export function closedSchema(schema: unknown, definitions: ReadonlyMap<string, unknown>): JsonObject {
  const needed = [...definitionsIn(schema, definitions)];
  const $defs = Object.fromEntries(needed.map((name) => [name, withClosedParts(definitions.get(name))]));
  const root = isObject(schema) ? (closed(schema) as JsonObject) : schema === false ? { not: {} } : {};
  return needed.length > 0 ? { ...root, $defs } : root;
}

function closed(schema: unknown): unknown {
  if (!isObject(schema)) return schema;
  return { allOf: [withClosedParts(schema)], unevaluatedProperties: false };
}

/** Closes what a schema holds, not the schema itself: another one may stand beside it. */
function withClosedParts(schema: unknown): unknown {
  if (!isObject(schema)) return schema;
  const name = definitionName(schema);
  if (name !== undefined) return { $ref: `#/$defs/${name}` };
  const result: JsonObject = { ...schema };
  for (const key of ['allOf', 'anyOf', 'oneOf'])
    if (Array.isArray(schema[key])) result[key] = (schema[key] as unknown[]).map(withClosedParts);
  if (isObject(schema.properties)) {
    result.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([member, one]) => [member, closed(one)]),
    );
  }
  if (isObject(schema.items)) result.items = closed(schema.items);
  // What is not closed may still refer to a definition.
  for (const [key, part] of Object.entries(result))
    if (!CLOSED.has(key)) result[key] = withLocalReferences(part);
  return result;
}

const CLOSED = new Set(['allOf', 'anyOf', 'oneOf', 'properties', 'items']);

function withLocalReferences(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(withLocalReferences);
  if (!isObject(part)) return part;
  const name = definitionName(part);
  if (name !== undefined) return { $ref: `#/$defs/${name}` };
  return Object.fromEntries(Object.entries(part).map(([key, one]) => [key, withLocalReferences(one)]));
}
