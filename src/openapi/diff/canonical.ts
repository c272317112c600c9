import { canonicalJson, isObject } from '../../contract/json';
import { SETS, typeNames, typesOf, type Node } from './keywords';

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
