import { isObject } from '../../contract/json';
import { NOTES, type Node } from './keywords';
import type { Expand } from './recursion';

/** The schemas of a keyword that holds them by name. */
export function nodesIn(node: Node, key: string): Map<string, Node> {
  const map = node[key];
  return new Map(isObject(map) ? (Object.entries(map) as [string, Node][]) : []);
}

export function requiredIn(node: Node): string[] {
  return Array.isArray(node.required) ? (node.required as string[]) : [];
}

export function without(node: Node, ...keys: string[]): Node {
  return Object.fromEntries(Object.entries(node).filter(([key]) => !keys.includes(key)));
}

export function only(node: Node, keys: string[]): Node {
  return Object.fromEntries(Object.entries(node).filter(([key]) => keys.includes(key)));
}

export function withoutNotes(node: Node): Node {
  return without(node, ...NOTES);
}

/** A copy with what stands at the end of the path put through the change; references on the way are written out. */
export function replaced(
  node: unknown,
  path: string[],
  expand: Expand,
  change: (part: unknown) => unknown,
): Node {
  const [key, ...rest] = path;
  const here = isObject(node) ? expand(node) : node;
  if (key === undefined) return change(here ?? {}) as Node;
  if (Array.isArray(here))
    return here.map((one: unknown, i) =>
      String(i) === key ? replaced(one, rest, expand, change) : one,
    ) as unknown as Node;
  const object = isObject(here) ? here : {};
  const part = Object.hasOwn(object, key) ? object[key] : undefined;
  return { ...object, [key]: replaced(part, rest, expand, change) };
}
