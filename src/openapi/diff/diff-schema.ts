import { show, type Found, type Side } from './change';
import { canonicalJson, isObject, pointer } from '../../contract/json';
import {
  ASSERTIONS,
  canonical,
  NOTES,
  NOTHING,
  typesOf,
  type Node,
  type Normalizer,
  type Written,
} from './normal';
import { NO_VALUE, type Difference, type Witnesses } from './witness';

/** What a comparison of two schemas rests on. */
export interface SchemaContext {
  old: Normalizer;
  now: Normalizer;
  witnesses: Witnesses;
  side: Side;
  /** A member of the body without which the suite can't go on. */
  needed?: string;
  /** What the new document has at a JSON Pointer. */
  valueAfter: (pointer: string) => unknown;
  report: (found: Found) => void;
  /** Places that were replaced as a whole: words below them came or went with them. */
  wholes: string[];
}

/** Two schemas that belong together, and the way to the old one from its root. */
interface Spot {
  before: Node;
  after: Node;
  path: string[];
  place: string;
  /** Whether it describes the body itself, not a part of it. */
  isBody: boolean;
}

const MAPS = ['patternProperties', 'dependentSchemas'];
const PARTS = ['items', 'additionalProperties', 'unevaluatedProperties', 'unevaluatedItems', 'then', 'else'];

/**
 * Compares two schemas place by place. What a change at one place does is tried on the whole body: the old schema with
 * nothing but that change is the other side, so that branches that now overlap are seen.
 */
export class SchemaDiff {
  private readonly found: Found[] = [];
  /** The old schema, with the members that were newly documented: no earlier value is taken to carry their names. */
  private oldWithNews: Node;

  constructor(
    private readonly context: SchemaContext,
    private readonly root: Node,
    private readonly rootAfter: Node,
    private readonly place: string,
  ) {
    this.oldWithNews = root;
  }

  run(): void {
    this.compare({ before: this.root, after: this.rootAfter, path: [], place: this.place, isBody: true });
    if (this.found.length > 1 && !this.found.some(({ verdict }) => verdict === 'breaking')) this.together();
    this.found.forEach(this.context.report);
  }

  /** Changes that are harmless one by one need not be so together. */
  private together(): void {
    const difference = this.context.witnesses.compare(this.oldWithNews, this.rootAfter);
    if (!difference.narrow) return;
    this.found.push({
      pointer: this.context.now.place(this.rootAfter).at,
      verdict: 'breaking',
      place: this.place,
      direction: 'narrow',
      reason: `all changes of this schema together: ${says(difference)}`,
    });
  }

  private compare(spot: Spot): void {
    const { before, after } = spot;
    if (canonical(before) === canonical(after)) return;
    this.notes(spot);
    const [old, now] = [withoutNotes(before), withoutNotes(after)];
    if (canonical(old) === canonical(now)) return;
    const [types, others] = [typesOf(old), typesOf(now)];
    const isOther = types.length > 0 && others.length > 0 && !types.some((type) => others.includes(type));
    const isAll = (node: Node): boolean => Object.keys(node).length === 0 || canonicalJson(node) === NOTHING;
    if (isAll(old) || isAll(now) || isOther) {
      const parts = isOther
        ? ['properties', 'items', 'oneOf', 'anyOf'].map((key) => `${spot.place}/${key}`)
        : [spot.place];
      this.context.wholes.push(...parts);
      this.keywords(spot, [...new Set([...Object.keys(old), ...Object.keys(now)])]);
      return;
    }
    const handled = new Set(['properties', 'required', ...NOTES]);
    this.members(spot);
    this.required(spot);
    for (const key of MAPS) if (this.map(spot, key)) handled.add(key);
    for (const key of PARTS) if (this.part(spot, key)) handled.add(key);
    for (const key of this.branches(spot)) handled.add(key);
    const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
      (key) => !handled.has(key) && canonical({ [key]: old[key] }) !== canonical({ [key]: now[key] }),
    );
    if (keys.length > 0) this.keywords(spot, keys);
  }

  private notes(spot: Spot): void {
    const { before, after } = spot;
    for (const key of NOTES) {
      if (canonicalJson({ key: before[key] }) === canonicalJson({ key: after[key] })) continue;
      this.add({
        ...this.written(spot, [key]),
        verdict: 'compatible',
        direction: 'widen',
        reason: `"${key}" forbids nothing`,
      });
    }
  }

  private members(spot: Spot): void {
    const { before, after, place } = spot;
    const [old, now] = [nodesIn(before, 'properties'), nodesIn(after, 'properties')];
    for (const name of [...new Set([...Object.keys(old), ...Object.keys(now)])]) {
      const [one, other] = [old[name], now[name]];
      const memberPlace = `${place}/properties${pointer(name)}`;
      const path = [...spot.path, 'properties', name];
      if (one && other) this.compare({ before: one, after: other, path, place: memberPlace, isBody: false });
      else if (other) this.newMember(spot, name, other, memberPlace);
      else if (one) this.goneMember(spot, name, one, memberPlace);
    }
  }

  private newMember(spot: Spot, name: string, member: Node, place: string): void {
    const isNeeded = requiredIn(spot.after).includes(name) && !requiredIn(spot.before).includes(name);
    this.oldWithNews = replaced(this.oldWithNews, [...spot.path, 'properties'], (map) => ({
      ...(isObject(map) ? map : {}),
      [name]: member,
    }));
    const { slot } = this.context.now.place(member);
    const common = { pointer: slot, place, after: member };
    if (isNeeded) {
      const reason = `${show(name)} is required, and was not documented before`;
      this.add({ ...common, verdict: 'breaking', direction: 'narrow', reason });
    } else {
      const reason = `${show(name)} is newly documented, and optional`;
      this.add({ ...common, verdict: 'compatible', direction: 'widen', reason });
    }
  }

  private goneMember(spot: Spot, name: string, member: Node, place: string): void {
    const { side, needed, old } = this.context;
    const isDropped = !requiredIn(spot.after).includes(name);
    const difference = this.tried(spot.path, (node) => ({
      ...node,
      properties: without(node.properties as Node, name),
      ...(isDropped && 'required' in node && { required: requiredIn(node).filter((one) => one !== name) }),
    }));
    const common = { pointer: old.place(member).slot, place, before: member };
    const gone = `${show(name)} is no longer documented`;
    if (difference.narrow)
      this.add({
        ...common,
        verdict: 'breaking',
        direction: directionOf(difference),
        reason: `${gone}: ${says(difference)}`,
      });
    else if (side === 'request')
      this.add({ ...common, verdict: 'breaking', reason: `${gone}: nothing promises that it is honoured` });
    else if (spot.isBody && name === needed)
      this.add({
        ...common,
        verdict: 'breaking',
        direction: 'widen',
        isNeeded: true,
        reason: `${gone}: ${NEEDED}`,
      });
    else
      this.add({
        ...common,
        verdict: 'compatible',
        direction: 'widen',
        reason: `${gone}: answers may still carry it`,
      });
  }

  /** Members that come or go take their being required with them; here are all others. */
  private required(spot: Spot): void {
    const { before, after } = spot;
    const [old, now] = [requiredIn(before), requiredIn(after)];
    const [oldNames, newNames] = [nodesIn(before, 'properties'), nodesIn(after, 'properties')];
    const added = now.filter((name) => !old.includes(name) && (name in oldNames || !(name in newNames)));
    const dropped = old.filter((name) => !now.includes(name) && (name in newNames || !(name in oldNames)));
    if (added.length + dropped.length === 0) return;
    const difference = this.tried(spot.path, (node) => ({
      ...node,
      required: [...old.filter((name) => !dropped.includes(name)), ...added],
    }));
    const lost = spot.isBody && dropped.some((name) => name === this.context.needed);
    const isNarrow = added.length > 0 || difference.narrow !== undefined;
    const reasons = [
      ...(added.length > 0 ? [`${added.map((name) => show(name)).join(', ')} required now`] : []),
      ...(dropped.length > 0 ? [`${dropped.map((name) => show(name)).join(', ')} no longer required`] : []),
      ...(lost ? [NEEDED] : []),
      ...(difference.narrow ? [says(difference)] : []),
    ];
    this.add({
      ...this.written(spot, ['required']),
      verdict: isNarrow || lost ? 'breaking' : 'compatible',
      direction: isNarrow ? (dropped.length > 0 ? 'both' : 'narrow') : 'widen',
      isNeeded: lost,
      reason: reasons.join('; '),
    });
  }

  /** @returns whether both sides have the map, with the same names in it */
  private map(spot: Spot, key: string): boolean {
    const [old, now] = [nodesIn(spot.before, key), nodesIn(spot.after, key)];
    const names = Object.keys(old);
    if (names.length === 0 || names.sort().join('\n') !== Object.keys(now).sort().join('\n')) return false;
    for (const name of names)
      this.compare({
        before: old[name] as Node,
        after: now[name] as Node,
        path: [...spot.path, key, name],
        place: `${spot.place}${pointer(key, name)}`,
        isBody: false,
      });
    return true;
  }

  private part(spot: Spot, key: string): boolean {
    const [before, after] = [spot.before[key], spot.after[key]];
    if (!isObject(before) || !isObject(after)) return false;
    if (canonicalJson(before) === NOTHING || canonicalJson(after) === NOTHING) return false;
    const isBody = spot.isBody && (key === 'then' || key === 'else');
    this.compare({ before, after, path: [...spot.path, key], place: `${spot.place}/${key}`, isBody });
    return true;
  }

  /** @returns the keywords that it has dealt with */
  private branches(spot: Spot): string[] {
    const { before, after } = spot;
    const has = (node: Node, key: string): boolean =>
      Array.isArray(node[key]) && (node[key] as unknown[]).every(isObject);
    const dealtWith: string[] = [];
    for (const key of ['allOf', 'anyOf', 'oneOf']) {
      if (!has(before, key)) continue;
      const other = ['anyOf', 'oneOf'].find(
        (one) => one !== key && has(after, one) && !has(after, key) && !has(before, one),
      );
      // The two mean the same where branches exclude each other; where they do not, that is a change of the keyword.
      const isSame =
        other !== undefined &&
        key !== 'allOf' &&
        canonical({ [key]: before[key] }) === canonical({ [other === key ? key : other]: before[key] });
      const key2 = has(after, key) ? key : isSame ? other : undefined;
      if (key2 === undefined) continue;
      this.branchesOf(spot, key, key2);
      dealtWith.push(key, key2);
    }
    return dealtWith;
  }

  private branchesOf(spot: Spot, key: string, keyAfter: string): void {
    const [old, now] = [spot.before[key] as Node[], spot.after[keyAfter] as Node[]];
    const place = `${spot.place}/${key}`;
    const { pairs, gone, added } = matched(old, now);
    for (const [i, j] of pairs) {
      const path = [...spot.path, key, String(i)];
      this.compare({
        before: old[i] as Node,
        after: now[j] as Node,
        path,
        place: `${place}/${i}`,
        isBody: spot.isBody,
      });
    }
    for (const i of gone)
      this.decide({
        pointer: this.context.old.place(old[i] as Node).slot,
        place: `${place}/${i}`,
        before: old[i],
        path: spot.path,
        change: (node) => ({ ...node, [key]: (node[key] as Node[]).filter((_, k) => k !== i) }),
        isBody: spot.isBody,
      });
    for (const j of added)
      this.decide({
        pointer: this.context.now.place(now[j] as Node).slot,
        place: `${place}/${old.length}`,
        after: now[j],
        path: spot.path,
        change: (node) => ({ ...node, [key]: [...(node[key] as Node[]), now[j]] }),
        isBody: spot.isBody,
      });
  }

  /** Keywords of one schema that changed, taken together: they may make up for each other. */
  private keywords(spot: Spot, keys: string[]): void {
    const { before, after } = spot;
    const change = (node: Node): Node => ({ ...without(node, ...keys), ...only(after, keys) });
    const written = this.written(spot, keys);
    const members = Object.keys(nodesIn(before, 'properties'));
    const isGone = keys.includes('properties') && !('properties' in after) && members.length > 0;
    this.decide({
      ...written,
      path: spot.path,
      change,
      isBody: spot.isBody,
      isFinite:
        keys.every((key) => ASSERTIONS.has(key)) &&
        [before, change(before)].every(
          ({ enum: values }) => Array.isArray(values) && values.length <= MAX_FINITE,
        ),
      ...(isGone && this.context.side === 'request' && { undocumented: members }),
    });
  }

  private decide({
    path,
    change,
    isBody,
    isFinite,
    undocumented,
    ...common
  }: Pick<Found, 'pointer' | 'place' | 'before' | 'after'> & {
    path: string[];
    change: (node: Node) => Node;
    isBody: boolean;
    /** All values that come into question are tried. */
    isFinite?: boolean;
    undocumented?: string[];
  }): void {
    const difference = this.tried(path, change);
    if (difference.undecided !== undefined) {
      if (isFinite && difference.undecided === NO_VALUE) return;
      this.add({
        ...common,
        verdict: 'breaking',
        direction: 'both',
        reason: `undecided: ${difference.undecided}`,
      });
      return;
    }
    const direction = directionOf(difference);
    if (difference.narrow) {
      this.add({ ...common, verdict: 'breaking', direction, reason: says(difference) });
    } else if (undocumented) {
      const names = undocumented.map((name) => show(name)).join(', ');
      this.add({
        ...common,
        verdict: 'breaking',
        reason: `${names} no longer documented: nothing promises that they are honoured`,
      });
    } else {
      const isLost =
        isBody && this.context.needed !== undefined && this.losesNeeded(path, change, this.context.needed);
      this.add({
        ...common,
        verdict: isLost ? 'breaking' : 'compatible',
        direction,
        isNeeded: isLost,
        reason: isLost ? `${says(difference)}; ${NEEDED}` : says(difference),
      });
    }
  }

  /** Whether objects without a member have become right. */
  private losesNeeded(path: string[], change: (node: Node) => Node, name: string): boolean {
    const lacks = (value: unknown): boolean => isObject(value) && !Object.hasOwn(value, name);
    const after = replaced(this.root, path, (node) => change(node as Node));
    return this.context.witnesses.compare(this.root, after, lacks).widen !== undefined;
  }

  /** What the old schema with one change does to values. */
  private tried(path: string[], change: (node: Node) => Node): Difference {
    return this.context.witnesses.compare(
      this.root,
      replaced(this.root, path, (node) => change(node as Node)),
    );
  }

  /** Where keywords stand in the documents, and what they say: a single one by itself, several as their schema. */
  private written(
    { before, after, place }: Pick<Spot, 'before' | 'after' | 'place'>,
    keys: string[],
  ): Pick<Found, 'pointer' | 'place' | 'before' | 'after'> {
    const [old, now] = [this.context.old.place(before), this.context.now.place(after)];
    const text = (one: Written | undefined): string =>
      canonicalJson({ is: one?.at.endsWith('/const') ? [one.value] : one?.value });
    const names = new Set([...old.written.keys(), ...now.written.keys()]);
    // The normal form may have taken away a type beside the values that it allows.
    const isType = (name: string): boolean =>
      name === 'type' && keys.includes('enum') && !('type' in before && 'type' in after);
    const changed = [...names].filter(
      (name) =>
        (keys.includes(name) || isType(name)) && text(old.written.get(name)) !== text(now.written.get(name)),
    );
    const [key] = changed;
    const written = this.context.valueAfter(now.at);
    if (changed.length === 1 && key !== undefined && isObject(written)) {
      const [one, other] = [old.written.get(key), now.written.get(key)];
      return {
        pointer: (other ?? one)?.at ?? now.at,
        place: `${place}/${key}`,
        ...(one && { before: one.value }),
        ...(other && { after: other.value }),
      };
    }
    const values = (from: Map<string, Written>): Node =>
      Object.fromEntries(changed.flatMap((name) => (from.has(name) ? [[name, from.get(name)?.value]] : [])));
    return {
      pointer: written === undefined ? old.slot : isObject(written) ? now.at : now.slot,
      place,
      before: values(old.written),
      ...(written !== undefined && { after: isObject(written) ? values(now.written) : written }),
    };
  }

  private add(found: Found): void {
    this.found.push(found);
  }
}

const NEEDED = 'the next request is built from it';

/** How many values are few enough to try each of them. */
const MAX_FINITE = 200;

function says({ narrow, widen }: Difference): string {
  return [
    ...(narrow ? [`${show(narrow.value)} was valid and is not now`] : []),
    ...(widen ? [`${show(widen.value)} is valid now and was not`] : []),
  ].join('; ');
}

function directionOf({ narrow, widen }: Difference): 'narrow' | 'widen' | 'both' {
  return narrow ? (widen ? 'both' : 'narrow') : 'widen';
}

function nodesIn(node: Node, key: string): Record<string, Node> {
  const map = node[key];
  return isObject(map) ? (map as Record<string, Node>) : {};
}

function requiredIn(node: Node): string[] {
  return Array.isArray(node.required) ? (node.required as string[]) : [];
}

function without(node: Node, ...keys: string[]): Node {
  return Object.fromEntries(Object.entries(node).filter(([key]) => !keys.includes(key)));
}

function only(node: Node, keys: string[]): Node {
  return Object.fromEntries(Object.entries(node).filter(([key]) => keys.includes(key)));
}

function withoutNotes(node: Node): Node {
  return without(node, ...NOTES);
}

/** A copy with what stands at the end of the path put through the change. */
function replaced(node: unknown, path: string[], change: (part: unknown) => unknown): Node {
  const [key, ...rest] = path;
  if (key === undefined) return change(node) as Node;
  if (Array.isArray(node))
    return node.map((one: unknown, i) =>
      String(i) === key ? replaced(one, rest, change) : one,
    ) as unknown as Node;
  const object = isObject(node) ? node : {};
  return { ...object, [key]: replaced(object[key], rest, change) };
}

/** Which branches belong together: equal ones, those with the same fixed value of a member, then those most alike. */
function matched(old: Node[], now: Node[]): { pairs: [number, number][]; gone: number[]; added: number[] } {
  const pairs: [number, number][] = [];
  const left = (side: 0 | 1, list: Node[]): number[] =>
    list.map((_, i) => i).filter((i) => !pairs.some((pair) => pair[side] === i));
  const pair = (isMatch: (a: Node, b: Node) => boolean): void => {
    for (const i of left(0, old)) {
      const j = left(1, now).find((one) => isMatch(old[i] as Node, now[one] as Node));
      if (j !== undefined) pairs.push([i, j]);
    }
  };
  pair((a, b) => canonical(a) === canonical(b));
  pair(haveSameTag);
  const scores = left(0, old)
    .flatMap((i) => left(1, now).map((j) => ({ i, j, score: likeness(old[i] as Node, now[j] as Node) })))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
  for (const { i, j } of scores) if (left(0, old).includes(i) && left(1, now).includes(j)) pairs.push([i, j]);
  const [gone, added] = [left(0, old), left(1, now)];
  const isReplaced = gone.length === 1 && added.length === 1;
  return isReplaced
    ? { pairs: [...pairs, [gone[0], added[0]] as [number, number]], gone: [], added: [] }
    : { pairs, gone, added };
}

function haveSameTag(a: Node, b: Node): boolean {
  const [old, now] = [nodesIn(a, 'properties'), nodesIn(b, 'properties')];
  return Object.keys(old).some((name) => {
    const [one, other] = [old[name]?.enum, now[name]?.enum];
    return one !== undefined && other !== undefined && canonicalJson(one) === canonicalJson(other);
  });
}

function likeness(a: Node, b: Node): number {
  const names = Object.keys(nodesIn(a, 'properties')).filter((name) => name in nodesIn(b, 'properties'));
  const isSameType = a.type !== undefined && canonicalJson(a.type) === canonicalJson(b.type);
  return names.length * 2 + (isSameType ? 1 : 0);
}
