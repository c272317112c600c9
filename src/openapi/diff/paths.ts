import { isObject, own, type JsonObject } from '../../contract/json';
import type { Node } from './keywords';
import { stringsLike } from './pattern';
import { UNNAMED, type Prober } from './probes';

/*
 * Values that lead to one place of a schema: those that tell two schemas apart at that place, each inside of a value that
 * is simple in all else. Without them a place a few levels down is lost among all the values that a whole can have.
 */

/** @param path from the root to the place: keywords, and the names or numbers of what they hold */
export function valuesAlong(prober: Prober, node: Node, path: string[]): unknown[] {
  const here = prober.expand(node);
  const [key, name = ''] = path;
  if (key === undefined) return prober.values(here);
  const child = childAt(here, key, name);
  if (!isObject(child)) return [];
  const inner = valuesAlong(prober, child, path.slice(NAMED.has(key) ? 2 : 1));
  const base = prober.simple(here);
  return inner.flatMap((value) => wrapped(key, name, value, base));
}

const NAMED = new Set([
  ...['properties', 'patternProperties', 'dependentSchemas'],
  ...['allOf', 'anyOf', 'oneOf', 'prefixItems'],
]);

function childAt(node: Node, key: string, name: string): unknown {
  const part = own(node, key);
  if (!NAMED.has(key)) return part;
  return Array.isArray(part) ? (part as unknown[])[Number(name)] : own(part, name);
}

function wrapped(key: string, name: string, value: unknown, base: unknown): unknown[] {
  const object: JsonObject = isObject(base) ? base : {};
  const list = Array.isArray(base) ? (base as unknown[]) : [];
  switch (key) {
    case 'properties':
      return [{ ...object, [name]: value }];
    case 'patternProperties':
      return stringsLike(name).map((member) => ({ ...object, [member]: value }));
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return [{ ...object, [UNNAMED]: value }];
    case 'items':
      return [[...list.slice(0, -1), value]];
    case 'unevaluatedItems':
      return [[...list, value]];
    default:
      // Another schema for the same value: alone, and with what the rest of the whole asks for.
      return isObject(value) ? [value, { ...object, ...value }] : [value];
  }
}

/** Keywords by which a value may become invalid because a part of it has become valid. */
const TURNS = ['oneOf', 'not', 'if', 'contains', 'unevaluatedProperties', 'unevaluatedItems'];

/** Whether whatever becomes valid, or invalid, at a place makes the whole just that, and nothing else. */
export function isMonotone(prober: Prober, node: Node, path: string[]): boolean {
  const here = prober.expand(node);
  if (TURNS.some((key) => key in here)) return false;
  const [key, name = ''] = path;
  if (key === undefined) return true;
  const child = childAt(here, key, name);
  return !isObject(child) || isMonotone(prober, child, path.slice(NAMED.has(key) ? 2 : 1));
}
