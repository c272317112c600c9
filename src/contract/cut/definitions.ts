import { isObject, pointer, pointerPath, type JsonObject } from '../json';
import { UnreadableSource } from '../unreadable-source';
import { checkDepth } from './parts';
import { isAliasKey, isReference, leadsToItself, type References } from './references';
import { IN_PLACE, SCHEMA_LISTS, SCHEMA_MAPS, SCHEMA_PARTS } from './schema-keywords';

/** References to schemas of more parts than this, all that they refer to included, are not written out. */
const MAX_INLINE = 2000;
/** What a validator may have to ask of one value, by way of references. */
const MAX_IN_PLACE = 100_000;

/** A schema that others refer to. */
interface Target {
  parts: number;
  edges: Edge[];
  /** Order of the visit, and the earliest one that it leads back to (Tarjan's strongly connected components). */
  index: number;
  low: number;
  isOpen: boolean;
  isDefinition: boolean;
  /** Parts when it is written out; 1 for a definition. */
  size: number;
  /** Schemas that are asked of the same value, those that it refers to included. */
  inPlace: number;
}

interface Edge {
  to: string;
  /** Where the reference stands. */
  at: string;
  isInPlace: boolean;
}

/**
 * Decides which schemas become definitions of the cut, instead of being written out wherever they are referred to: those
 * that contain themselves, through members or items, and those that would multiply the document.
 */
export class Definitions {
  private readonly targets = new Map<string, Target>();
  private readonly stack: string[] = [];
  private readonly names = new Map<string, string>();
  private readonly used: Set<string>;
  private readonly isLoopFree = new Set<string>();

  constructor(
    private readonly references: References,
    private readonly is30: boolean,
    reserved: Iterable<string>,
  ) {
    this.used = new Set(reserved);
  }

  /** The name of the definition that the schema at a place becomes; undefined where it is to be written out. */
  nameOf(value: unknown, at: string): string | undefined {
    const target = this.targets.get(at) ?? this.visit(value, at);
    this.checkLoops(at);
    return target.isDefinition ? this.newName(at) : undefined;
  }

  /** Depth first, without recursion: documents refer from schema to schema a thousand times. */
  private visit(value: unknown, at: string): Target {
    const first = this.enter(value, at);
    const open = [{ at, target: first, next: 0 }];
    for (let here = open.at(-1); here !== undefined; here = open.at(-1)) {
      const edge = here.target.edges[here.next++];
      if (edge) {
        const known = this.targets.get(edge.to);
        if (known) absorb(here.target, known, edge, known.index);
        else
          open.push({ at: edge.to, target: this.enter(this.references.valueAt(edge.to), edge.to), next: 0 });
      } else {
        open.pop();
        this.leave(here.at, here.target);
        const before = open.at(-1);
        const by = before?.target.edges[before.next - 1];
        if (before && by) absorb(before.target, here.target, by, here.target.low);
      }
    }
    return first;
  }

  private enter(value: unknown, at: string): Target {
    const index = this.targets.size;
    const target: Target = {
      ...{ parts: 0, edges: [], index, low: index, isOpen: true, isDefinition: false },
      ...{ size: 0, inPlace: 1 },
    };
    this.targets.set(at, target);
    this.stack.push(at);
    this.look(value, at, true, 0, target);
    return target;
  }

  private leave(at: string, target: Target): void {
    if (target.inPlace > MAX_IN_PLACE)
      throw new UnreadableSource(`the references at ${at} expand to more than ${MAX_IN_PLACE} schemas`);
    target.size += target.parts;
    target.isDefinition ||= target.size > MAX_INLINE;
    if (target.isDefinition) target.size = 1;
    if (target.low === target.index) this.close(at);
  }

  /** All schemas that lead to each other have been seen. */
  private close(at: string): void {
    const members = this.stack.splice(this.stack.indexOf(at));
    for (const member of members) {
      const target = this.targets.get(member);
      if (!target) continue;
      target.isOpen = false;
      if (members.length > 1) Object.assign(target, { isDefinition: true, size: 1 });
    }
  }

  /** Counts the parts of one schema, and notes the references in it. */
  private look(value: unknown, at: string, isInPlace: boolean, depth: number, target: Target): void {
    checkDepth(depth);
    // Counted as what is written out: a reference is what it leads to, and keywords beside it are a branch more.
    const isPlain = isReference(value) && (this.is30 || Object.keys(value).every(isAliasKey));
    target.parts += isPlain ? 0 : isReference(value) ? 2 : 1;
    if (!isObject(value)) return;
    if (isReference(value)) {
      const { at: to } = this.references.step(value.$ref, at);
      target.edges.push({ to, at, isInPlace });
      if (this.is30) return;
    }
    for (const [key, part] of Object.entries(value)) {
      const isHere = isInPlace && IN_PLACE.has(key);
      const keyAt = `${at}${pointer(key)}`;
      if (SCHEMA_MAPS.has(key) || SCHEMA_LISTS.has(key)) {
        if (typeof part !== 'object' || part === null) continue;
        for (const [name, one] of Object.entries(part))
          this.look(one, `${keyAt}${pointer(name)}`, isHere, depth + 1, target);
      } else if (SCHEMA_PARTS.has(key)) this.look(part, keyAt, isHere, depth + 1, target);
    }
  }

  /** A schema that asks a value to keep that very schema says nothing, and no validator comes to an end with it. */
  private checkLoops(at: string): void {
    const left = [at];
    const check = (one: string, open: Set<string>): void => {
      this.isLoopFree.add(one);
      open.add(one);
      for (const { to, at: from, isInPlace } of this.targets.get(one)?.edges ?? []) {
        if (isInPlace && open.has(to)) throw leadsToItself(from);
        if (!isInPlace) left.push(to);
        else if (!this.isLoopFree.has(to)) check(to, open);
      }
      open.delete(one);
    };
    for (let next = left.pop(); next !== undefined; next = left.pop())
      if (!this.isLoopFree.has(next)) check(next, new Set());
  }

  private newName(at: string): string {
    const known = this.names.get(at);
    if (known !== undefined) return known;
    const last = (pointerPath(at).at(-1) ?? '').replace(/[^\w.-]/g, '_') || 'schema';
    const base = last in Object.prototype ? `${last}_` : last;
    let name = base;
    for (let i = 2; this.used.has(name); i++) name = `${base}_${i}`;
    this.used.add(name);
    this.names.set(at, name);
    return name;
  }
}

/** Takes up what a reference leads to. */
function absorb(target: Target, other: Target, { isInPlace }: Edge, low: number): void {
  if (other.isOpen) {
    target.low = Math.min(target.low, low);
    target.isDefinition = true;
  }
  target.size += other.size;
  if (isInPlace) target.inPlace += other.inPlace;
}

/** The place of a definition in a pinned document. */
export function definitionPointer(name: string): string {
  return pointer('components', 'schemas', name);
}

/** The names of all definitions that a part of a cut needs, also by way of others. */
export function definitionsIn(part: unknown, definitions: ReadonlyMap<string, unknown>): Set<string> {
  const found = new Set<string>();
  const left = [part];
  const look = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(look);
    else if (isObject(value)) {
      const name = definitionName(value);
      if (name !== undefined && definitions.has(name) && !found.has(name)) {
        found.add(name);
        left.push(definitions.get(name));
      }
      Object.values(value).forEach(look);
    }
  };
  while (left.length > 0) look(left.pop());
  return found;
}

const START = '#/components/schemas/';

/** The name of the definition that a schema of a cut refers to. */
export function definitionName(schema: JsonObject): string | undefined {
  return isReference(schema) && schema.$ref.startsWith(START) ? schema.$ref.slice(START.length) : undefined;
}
