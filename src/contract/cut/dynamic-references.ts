import { isObject, type JsonObject } from '../json';
import { SCHEMA_MAPS } from './schema-keywords';

/** Keywords of schemas and of OpenAPI whose objects have names for keys. */
const MAPS = new Set([
  ...SCHEMA_MAPS,
  ...['$defs', 'definitions', 'schemas', 'responses', 'parameters', 'requestBodies', 'headers', 'content'],
  ...['paths', 'pathItems', 'callbacks', 'links', 'mediaTypes', 'securitySchemes', 'webhooks'],
]);
/** Below these stand values, not schemas. */
const DATA = /^(?:enum|const|default|examples?|x-.*)$/;

/**
 * A document with $ref in place of $dynamicRef. Where each $dynamicAnchor has a name of its own, nothing can override it,
 * and both mean the same (JSON Schema 2020-12, 8.2.3.2). Any other document is returned as it is.
 */
export function withStaticReferences(document: JsonObject): JsonObject {
  const found = { any: false, anchors: new Set<string>(), isStatic: true };
  visit(document, (node) => {
    if (typeof node.$dynamicRef === 'string') found.any = true;
    if (typeof node.$dynamicAnchor !== 'string') return;
    found.any = true;
    if (found.anchors.has(node.$dynamicAnchor) || '$anchor' in node) found.isStatic = false;
    found.anchors.add(node.$dynamicAnchor);
  });
  return found.any && found.isStatic ? (rewritten(document, false, new Map()) as JsonObject) : document;
}

/** Visits each object once, however often it stands in the document. */
function visit(document: JsonObject, look: (node: JsonObject) => void): void {
  const seen = new Set<unknown>();
  const left: [unknown, boolean][] = [[document, false]];
  for (let next = left.pop(); next; next = left.pop()) {
    const [value, isMap] = next;
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (isObject(value) && !isMap) look(value);
    for (const [key, part] of Object.entries(value))
      if (isMap || !DATA.test(key)) left.push([part, !isMap && MAPS.has(key)]);
  }
}

/** @param isMap its keys are names, not keywords */
function rewritten(value: unknown, isMap: boolean, made: Map<unknown, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const known = made.get(value);
  if (known !== undefined) return known;
  const part = (key: string, one: unknown): unknown =>
    !isMap && DATA.test(key) ? one : rewritten(one, !isMap && MAPS.has(key), made);
  const result = Array.isArray(value)
    ? value.map((one) => rewritten(one, false, made))
    : withStaticKeywords(
        Object.fromEntries(Object.entries(value).map(([key, one]) => [key, part(key, one)])),
        isMap,
      );
  made.set(value, result);
  return result;
}

function withStaticKeywords(node: JsonObject, isMap: boolean): JsonObject {
  if (isMap) return node;
  const { $dynamicRef, $dynamicAnchor, ...rest } = node;
  const result: JsonObject = { ...rest };
  if (typeof $dynamicAnchor === 'string') result.$anchor = $dynamicAnchor;
  if (typeof $dynamicRef !== 'string') return result;
  if (!('$ref' in result)) return { $ref: $dynamicRef, ...result };
  const all = Array.isArray(result.allOf) ? (result.allOf as unknown[]) : [];
  return { ...result, allOf: [...all, { $ref: $dynamicRef }] };
}
