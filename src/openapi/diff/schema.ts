import { canonicalJson, isObject, pointer } from '../../contract/json';
import { branchKeywords, matched } from './branches';
import { canonical } from './canonical';
import { show, type Found } from './change';
import { ASSERTIONS, FORMAT_NOTE, NOTES, NOTHING, typesOf, type Node } from './keywords';
import { nodesIn, only, without, withoutNotes } from './nodes';
import { MemberDiff } from './members';
import type { FoldedPair } from './recursion';
import { NEEDED, type SchemaContext, type Spot } from './spot';
import { narrows, says, Trial, type Edit } from './trial';
import { NO_VALUE } from './witnesses';
import { written } from './written';

const MAPS = ['patternProperties', 'dependentSchemas'];
const PARTS = ['items', 'additionalProperties', 'unevaluatedProperties', 'unevaluatedItems', 'then', 'else'];
/** How many values are few enough to try each of them. */
const MAX_FINITE = 200;

/** Compares two schemas place by place; what a change at a place does to values is tried. */
export class SchemaDiff {
  private readonly found: Found[] = [];
  private readonly trial: Trial;
  private readonly memberDiff: MemberDiff;
  private readonly visited = new Map<Node, Set<Node>>();

  constructor(
    private readonly context: SchemaContext,
    private readonly pair: FoldedPair,
    private readonly place: string,
  ) {
    this.trial = new Trial(pair.before, pair.after, context.witnesses, pair.expand);
    this.memberDiff = new MemberDiff(context, this.trial, this.found);
  }

  run(): void {
    const { before, after } = this.pair;
    this.compare({ before, after, path: [], place: this.place, isBody: true });
    const confirmed = this.found.map((found) => this.trial.confirmed(found));
    confirmed.push(...this.together(confirmed));
    confirmed.forEach(this.context.report);
  }

  /** Changes that break nothing one by one may do so together. */
  private together(found: Found[]): Found[] {
    if (found.length < 2 || found.some(({ verdict }) => verdict === 'breaking')) return [];
    const difference = this.trial.together();
    if (!difference.narrow) return [];
    return [
      {
        pointer: this.context.now.place(this.pair.after).at,
        verdict: 'breaking',
        place: this.place,
        direction: 'narrow',
        witness: difference.narrow,
        reason: `all changes of this schema together: ${says(difference)}`,
      },
    ];
  }

  private compare(unexpanded: Spot): void {
    if (canonical(unexpanded.before) === canonical(unexpanded.after)) return;
    const { expand } = this.pair;
    const before = expand(unexpanded.before, 'old');
    const after = expand(unexpanded.after, 'now');
    if (this.isVisited(before, after)) return;
    const spot = { ...unexpanded, before, after };
    this.notes(spot);
    const [old, now] = [withoutNotes(before), withoutNotes(after)];
    if (canonical(old) === canonical(now)) return;
    if (this.isReplaced(spot, old, now)) {
      this.keywords(spot, [...new Set([...Object.keys(old), ...Object.keys(now)])]);
      return;
    }
    const handled = new Set(['properties', 'required', ...NOTES]);
    this.members(spot);
    this.memberDiff.required(spot);
    for (const key of MAPS) if (this.map(spot, key)) handled.add(key);
    for (const key of PARTS) if (this.part(spot, key)) handled.add(key);
    for (const [key, keyAfter] of branchKeywords(before, after)) {
      this.branches(spot, key, keyAfter);
      handled.add(key).add(keyAfter);
    }
    const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
      (key) => !handled.has(key) && canonical({ [key]: old[key] }) !== canonical({ [key]: now[key] }),
    );
    if (keys.length > 0) this.keywords(spot, keys);
  }

  /** Schemas that contain themselves lead to the same pair again; what it shows has been reported. */
  private isVisited(before: Node, after: Node): boolean {
    const seen = this.visited.get(before) ?? new Set();
    this.visited.set(before, seen);
    const isKnown = seen.has(after);
    seen.add(after);
    return isKnown;
  }

  /** Whether nothing of the two belongs together. */
  private isReplaced({ place }: Spot, old: Node, now: Node): boolean {
    const [types, others] = [typesOf(old), typesOf(now)];
    const isOther = types.length > 0 && others.length > 0 && !types.some((type) => others.includes(type));
    const isAll = (node: Node): boolean => Object.keys(node).length === 0 || canonicalJson(node) === NOTHING;
    if (!isAll(old) && !isAll(now) && !isOther) return false;
    const parts = isOther
      ? ['properties', 'items', 'oneOf', 'anyOf'].map((key) => `${place}/${key}`)
      : [place];
    this.context.wholes.push(...parts);
    return true;
  }

  private notes(spot: Spot): void {
    const { before, after } = spot;
    for (const key of NOTES) {
      if (canonicalJson({ key: before[key] }) === canonicalJson({ key: after[key] })) continue;
      const name = key === FORMAT_NOTE ? 'format' : key;
      this.found.push({
        ...this.written(spot, [key]),
        verdict: 'compatible',
        direction: 'widen',
        reason: key === FORMAT_NOTE ? 'no value is held to that format' : `"${name}" forbids nothing`,
      });
    }
  }

  private members(spot: Spot): void {
    const { before, after, place } = spot;
    const [old, now] = [nodesIn(before, 'properties'), nodesIn(after, 'properties')];
    for (const name of new Set([...old.keys(), ...now.keys()])) {
      const [one, other] = [old.get(name), now.get(name)];
      const memberPlace = `${place}/properties${pointer(name)}`;
      const path = [...spot.path, 'properties', name];
      if (one && other) this.compare({ before: one, after: other, path, place: memberPlace, isBody: false });
      else if (other) this.memberDiff.added(spot, name, other, memberPlace);
      else if (one) this.memberDiff.gone(spot, name, one, memberPlace);
    }
  }

  /** @returns whether both sides have the map, with the same names in it */
  private map(spot: Spot, key: string): boolean {
    const [old, now] = [nodesIn(spot.before, key), nodesIn(spot.after, key)];
    if (old.size === 0 || old.size !== now.size || [...old.keys()].some((name) => !now.has(name)))
      return false;
    for (const [name, before] of old) {
      const path = [...spot.path, key, name];
      const place = `${spot.place}${pointer(key, name)}`;
      this.compare({ before, after: now.get(name) as Node, path, place, isBody: false });
    }
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

  private branches({ before, after, path, place, isBody }: Spot, key: string, keyAfter: string): void {
    const { old: oldPlaces, now: newPlaces } = this.context;
    const [old, now] = [before[key] as Node[], after[keyAfter] as Node[]];
    const { expand } = this.pair;
    const { pairs, gone, added } = matched(
      old.map((one) => expand(one, 'old')),
      now.map((one) => expand(one, 'now')),
    );
    for (const [i, j] of pairs)
      this.compare({
        ...{ before: old[i] as Node, after: now[j] as Node, isBody },
        ...{ path: [...path, key, String(i)], place: `${place}/${key}/${i}` },
      });
    const listIn = (node: Node): Node[] => node[key] as Node[];
    for (const i of gone)
      this.decide({
        ...{ pointer: oldPlaces.place(old[i] as Node).slot, place: `${place}/${key}/${i}`, path, isBody },
        before: old[i],
        change: (node) => ({ ...node, [key]: listIn(node).filter((_, k) => k !== i) }),
      });
    for (const j of added)
      this.decide({
        pointer: newPlaces.place(now[j] as Node).slot,
        ...{ place: `${place}/${key}/${old.length}`, path, isBody },
        after: now[j],
        change: (node) => ({ ...node, [key]: [...listIn(node), now[j]] }),
      });
  }

  /** Keywords of one schema that changed, taken together: they may make up for each other. */
  private keywords(spot: Spot, keys: string[]): void {
    const { before, after } = spot;
    const change = (node: Node): Node => ({ ...without(node, ...keys), ...only(after, keys) });
    const members = [...nodesIn(before, 'properties').keys()];
    const isGone = keys.includes('properties') && !('properties' in after) && members.length > 0;
    const hasFewValues = ({ enum: values }: Node): boolean =>
      Array.isArray(values) && values.length <= MAX_FINITE;
    this.decide({
      ...this.written(spot, keys),
      path: spot.path,
      change,
      isBody: spot.isBody,
      finite:
        keys.every((key) => ASSERTIONS.has(key)) && [before, change(before)].every(hasFewValues)
          ? [before, change(before)]
          : undefined,
      ...(isGone && this.context.side === 'request' && { undocumented: members }),
    });
  }

  private decide({ path, change, isBody, finite, undocumented, ...common }: Decision): void {
    const difference = this.trial.tried(path, change);
    const { undecided } = difference;
    if (undecided !== undefined) {
      if (finite && undecided === NO_VALUE && !this.trial.differ(...finite)) return;
      const reason = `undecided: ${undecided}`;
      this.found.push({ ...common, verdict: 'breaking', direction: 'both', reason });
    } else if (difference.narrow) {
      this.found.push({ ...common, ...narrows(difference), reason: says(difference) });
    } else if (undocumented) {
      const names = undocumented.map((name) => show(name)).join(', ');
      const reason = `${names} no longer documented: nothing promises that they are honoured`;
      this.found.push({ ...common, verdict: 'breaking', reason });
    } else {
      const { needed } = this.context;
      const isLost = isBody && needed !== undefined && this.trial.losesMember(path, change, needed);
      this.found.push({
        ...common,
        verdict: isLost ? 'breaking' : 'compatible',
        direction: 'widen',
        isNeeded: isLost,
        reason: isLost ? `${says(difference)}; ${NEEDED}` : says(difference),
      });
    }
  }

  private written(spot: Spot, keys: string[]): ReturnType<typeof written> {
    return written(this.context, spot, keys);
  }
}

/** A change that is decided by trying values. */
interface Decision extends Pick<Found, 'pointer' | 'place' | 'before' | 'after'> {
  path: string[];
  change: Edit;
  isBody: boolean;
  /** Both schemas, where all values that come into question can be tried. */
  finite?: [Node, Node] | undefined;
  /** Members of a request that are no longer documented. */
  undocumented?: string[];
}
