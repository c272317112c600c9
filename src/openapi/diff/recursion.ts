import { SCHEMA_LISTS, SCHEMA_MAPS, SCHEMA_PARTS } from '../../contract/cut/schema-keywords';
import { areExclusive, canonical } from './canonical';
import { childrenOf, SETS, withChildren, type Node } from './keywords';
import type { Normalizer } from './normal';

/** Two schemas that belong together, in a form in which references to equal schemas are equal. */
export interface FoldedPair {
  before: Node;
  after: Node;
  /** The schema that a reference stands for; any other schema as it is. */
  expand: Expand;
}

export type Side = 'old' | 'now';
export type Expand = (node: Node, side?: Side) => Node;

let folds = 0;

/**
 * Folds two schemas that may contain themselves. A schema and its unrolled form have no equal text; but they are equal
 * where no way down leads to a difference. All schemas that are alike in that way become one class (found by refining a
 * partition until nothing changes), and whatever equals a definition becomes a reference named by its class.
 */
export function folded(old: Normalizer, now: Normalizer, before: Node, after: Node): FoldedPair {
  const sides = { old: reachable(before, old), now: reachable(after, now) };
  if (sides.old.definitions.size + sides.now.definitions.size === 0)
    return { before, after, expand: (node) => node };
  const classes = classesOf([sides.old, sides.now]);
  const isReferred = new Set(
    [...sides.old.definitions.values(), ...sides.now.definitions.values()].map((node) => classes.get(node)),
  );
  const prefix = `fold${++folds}-`;
  const classOf = (node: Node, side: Reachable): number => classes.get(side.resolve(node)) ?? -1;
  const rewriter = (side: Reachable, normalizer: Normalizer): ((node: Node) => Node) => {
    const made = new Map<Node, Node>();
    const rewrite = (node: Node): Node => {
      const known = made.get(node);
      if (known) return known;
      const result = withChildren(node, (child) => {
        const found = classOf(child, side);
        if (!isReferred.has(found)) return rewrite(child);
        return normalizer.put({ $ref: `${prefix}${found}` }, normalizer.place(child));
      });
      made.set(node, result);
      return normalizer.put(result, normalizer.place(node));
    };
    return rewrite;
  };
  const rewriteOld = rewriter(sides.old, old);
  const rewriteNow = rewriter(sides.now, now);
  const targets = {
    old: targetsOf(sides.old, isReferred, classOf, prefix, rewriteOld),
    now: targetsOf(sides.now, isReferred, classOf, prefix, rewriteNow),
  };
  const expand: Expand = (node, side = 'old') => {
    const name = node.$ref;
    if (typeof name !== 'string') return node;
    return targets[side].get(name) ?? targets.old.get(name) ?? targets.now.get(name) ?? node;
  };
  return {
    before: rewriteOld(sides.old.resolve(before)),
    after: rewriteNow(sides.now.resolve(after)),
    expand,
  };
}

interface Reachable {
  nodes: Set<Node>;
  definitions: Map<string, Node>;
  resolve: (node: Node) => Node;
}

/** All schemas that a schema leads to, but for references. */
function reachable(root: Node, normalizer: Normalizer): Reachable {
  const nodes = new Set<Node>();
  const definitions = new Map<string, Node>();
  const resolve = (node: Node): Node => {
    const name = node.$ref;
    if (typeof name !== 'string') return node;
    const target = normalizer.definition(name);
    definitions.set(name, target);
    // A definition may be no more than a reference, when all else in it said nothing.
    return target.$ref === undefined ? target : resolve(target);
  };
  const left = [root];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    const target = resolve(node);
    if (nodes.has(target)) continue;
    nodes.add(target);
    left.push(...childrenOf(target).reverse());
  }
  for (const [name, node] of definitions) definitions.set(name, resolve(node));
  return { nodes, definitions, resolve };
}

function classesOf(sides: Reachable[]): Map<Node, number> {
  let classes = new Map<Node, number>(sides.flatMap(({ nodes }) => [...nodes].map((node) => [node, 0])));
  for (let count = 1; ;) {
    const names = new Map<string, number>();
    const next = new Map<Node, number>();
    for (const { nodes, resolve } of sides) {
      for (const node of nodes) {
        const text = `${classes.get(node)} ${shapeOf(node, (child) => classes.get(resolve(child)) ?? -1)}`;
        if (!names.has(text)) names.set(text, names.size);
        next.set(node, names.get(text) ?? -1);
      }
    }
    classes = next;
    if (names.size === count) return classes;
    count = names.size;
  }
}

/** A schema's own keywords, with the classes of the schemas that it holds. */
function shapeOf(node: Node, classOf: (child: Node) => number): string {
  const parts = Object.entries(node).map(([key, part]) => {
    if (typeof part !== 'object' || part === null) return [key, part];
    if (SCHEMA_MAPS.has(key)) {
      const members = Object.entries(part).map(([name, one]) => [name, classOf(one as Node)]);
      return [key, members.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))];
    }
    if (SCHEMA_LISTS.has(key)) {
      const list = (part as Node[]).map(classOf);
      const name = key === 'oneOf' && !('anyOf' in node) && areExclusive(part as Node[]) ? 'anyOf' : key;
      return [name, SETS.has(key) ? list.sort((a, b) => a - b) : list];
    }
    if (SCHEMA_PARTS.has(key)) return [key, classOf(part as Node)];
    return [key, canonical({ [key]: part })];
  });
  return JSON.stringify(parts.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
}

function targetsOf(
  side: Reachable,
  isReferred: Set<number | undefined>,
  classOf: (node: Node, side: Reachable) => number,
  prefix: string,
  rewrite: (node: Node) => Node,
): Map<string, Node> {
  const targets = new Map<string, Node>();
  for (const node of side.nodes) {
    const found = classOf(node, side);
    const name = `${prefix}${found}`;
    if (isReferred.has(found) && !targets.has(name)) targets.set(name, rewrite(node));
  }
  return targets;
}

/** All that a schema refers to, also by way of others, by name. */
export function referredBy(node: Node, expand: Expand): Map<string, Node> {
  const found = new Map<string, Node>();
  const left = [node];
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    const name = one.$ref;
    if (typeof name !== 'string') left.push(...childrenOf(one));
    else if (!found.has(name)) {
      const target = expand(one);
      found.set(name, target);
      left.push(...childrenOf(target));
    }
  }
  return found;
}
