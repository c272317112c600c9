import { REQUIREMENT_IDS, requirement, type RequirementId } from '../../catalogue/requirements';
import { worst, type Change, type Comparison, type Found, type Side } from './change';
import { cutOut, HINTS, type Cut } from '../../contract/cut';
import { OPERATION_NAMES, operationPointer, type OperationName } from '../../catalogue/operations';
import { HolderDiff, type Holders } from './diff-holder';
import { diffSecurity, diffServers } from './diff-access';
import { isObject, valueAt, type JsonObject } from '../../contract/json';
import { Normalizer } from './normal';
import type { SourceDocument } from '../source';
import { UnreadableSource } from '../../contract/unreadable-source';
import { Witnesses } from './witness';

/** Longer values are shown by their beginning. */
const MAX_SHOWN = 2000;

/** A document in the form in which it is compared. */
interface Compared {
  document: JsonObject;
  cut: Cut;
  isPage: boolean;
  isPin: boolean;
}

/**
 * Compares two documents: what has changed in the session operations and in all that reaches them.
 * @throws UnreadableSource where that can't be said
 */
export function compareDocuments(before: Source, after: Source): Comparison {
  const [old, now] = [compared(before), compared(after)];
  const both = OPERATION_NAMES.filter((name) => isSaid(old, name) && isSaid(now, name));
  if (both.length === 0)
    throw new UnreadableSource(
      `${before.name} and ${after.name} show no session operation in common: there is nothing to compare`,
    );
  const collector = new Collector();
  const witnesses = new Witnesses();
  for (const name of both) {
    const [one, other] = [old.cut.operations[name], now.cut.operations[name]];
    const report = (side?: Side) => (found: Found) => collector.add(found, name, side);
    const place = operationPointer(name);
    if (one && other) {
      const holders: Holders = {
        old: old.cut,
        now: now.cut,
        normalOld: new Normalizer(old.cut),
        normalNow: new Normalizer(now.cut),
        witnesses,
        valueAfter: (at) => valueAt(now.document, at),
        wholes: collector.wholes,
        report,
        ...(name === 'create' && { needed: { status: '201', member: 'sessionId' } }),
      };
      new HolderDiff(holders).operation(one, other, place);
      diffServers(holders, one, other, place);
      diffSecurity(holders, one, other, place);
    } else if (one) {
      report()({ pointer: old.cut.origin(one), verdict: 'breaking', place, reason: 'the operation is gone' });
    } else if (other) {
      const reason = 'the operation is newly documented';
      report()({ pointer: now.cut.origin(other), verdict: 'compatible', place, reason });
    }
  }
  proseChanges(old, now, both, collector);
  const changes = collector.changes();
  return { verdict: worst(changes.map(({ verdict }) => verdict)), changes };
}

/** A document that has been read. */
export type Source = Pick<SourceDocument, 'document' | 'form' | 'name'>;

function compared({ document, form, name }: Source): Compared {
  try {
    return { document, cut: cutOut(document), isPage: form === 'page', isPin: isObject(document['x-prose']) };
  } catch (error) {
    if (error instanceof UnreadableSource) throw new UnreadableSource(`${name}: ${error.message}`);
    throw error;
  }
}

/** A page says nothing of the operations that it doesn't show; a whole document says that there are none. */
function isSaid({ cut, isPage }: Compared, name: OperationName): boolean {
  return !isPage || cut.operations[name] !== undefined;
}

function proseChanges(old: Compared, now: Compared, names: OperationName[], collector: Collector): void {
  const isInfo = (place: string): boolean => place.startsWith('/info/');
  const paths = new Set(names.map((name) => operationPointer(name).replace(/\/[a-z]+$/, '')));
  const isCompared = (place: string): boolean =>
    isInfo(place) ||
    names.some((name) => place.startsWith(`${operationPointer(name)}/`)) ||
    [...paths].some((path) => place.startsWith(`${path}/`) && !place.slice(path.length + 1).includes('/'));
  // A page may leave out words about the document as a whole.
  const isLeftOut = (place: string): boolean => isInfo(place) && (old.isPage || now.isPage);
  const withAside = !old.isPin && !now.isPin;
  const [before, after] = [wordsOf(old, withAside, isCompared), wordsOf(now, withAside, isCompared)];
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [gone, come] = apart(before.get(key) ?? [], after.get(key) ?? []);
    for (let i = 0; i < Math.max(gone.length, come.length); i++) {
      const [one, other] = [gone[i], come[i]];
      const place = (other ?? one)?.place ?? '';
      if (isLeftOut(place) && !(one && other)) continue;
      const words = place.split('/').at(-1) ?? '';
      const isHint = HINTS.has(words);
      collector.addProse(
        {
          pointer: (other ?? one)?.at ?? place,
          verdict: isHint ? 'compatible' : 'prose',
          place,
          ...(one?.text !== undefined && { before: one.text }),
          ...(other?.text !== undefined && { after: other.text }),
          reason: isHint ? `"${words}" is a hint for clients` : 'only words',
        },
        key,
        names.filter(
          (name) => isInfo(place) || place.startsWith(`${operationPointer(name)}/`) || isOfPath(place, name),
        ),
      );
    }
  }
}

function isOfPath(place: string, name: OperationName): boolean {
  const path = operationPointer(name).replace(/\/[a-z]+$/, '');
  return place.startsWith(`${path}/`) && !place.slice(path.length + 1).includes('/');
}

interface Words {
  place: string;
  hash: string;
  at: string;
  text: unknown;
}

/** All words by a place that doesn't change with the order of branches, or with an "allOf" around a schema. */
function wordsOf(
  { cut, document }: Compared,
  withAside: boolean,
  isCompared: (place: string) => boolean,
): Map<string, Words[]> {
  const words = new Map<string, Words[]>();
  for (const [place, hash] of Object.entries({ ...cut.prose, ...(withAside && cut.proseAside) })) {
    if (!isCompared(place)) continue;
    const at = cut.proseOrigin(place);
    const key = plainPlace(place);
    const text = at === undefined ? undefined : valueAt(document, at);
    words.set(key, [...(words.get(key) ?? []), { place, hash, at: at ?? place, text }]);
  }
  return words;
}

function plainPlace(place: string): string {
  return place.replace(/\/allOf\/\d+(?=\/)/g, '').replace(/\/(?:oneOf|anyOf)\/\d+(?=\/|$)/g, '/anyOf/*');
}

function apart(before: Words[], after: Words[]): [Words[], Words[]] {
  const left = [...after];
  const gone = before.filter(({ hash }) => {
    const i = left.findIndex((one) => one.hash === hash);
    if (i >= 0) left.splice(i, 1);
    return i < 0;
  });
  return [gone, left];
}

/** Gathers changes, one for each place, with whom they reach. */
class Collector {
  private readonly byPlace = new Map<
    string,
    { change: Change; operations: Set<OperationName>; places: Set<string> }
  >();
  /** Places that come or go as a whole. */
  readonly wholes: string[] = [];

  add(found: Found, operation: OperationName, side?: Side): void {
    const { place, direction, reason, ...rest } = found;
    // What comes or goes as a whole takes its words with it.
    const isWhole = found.before === undefined || found.after === undefined || place.endsWith('/servers');
    if (isWhole) this.wholes.push(place);
    const change: Change = {
      pointer: rest.pointer,
      verdict: rest.verdict,
      operation: '',
      ...(rest.before !== undefined && { before: shortened(rest.before) }),
      ...(rest.after !== undefined && { after: shortened(rest.after) }),
      ...(side && { side }),
      ...(side === 'response' && {
        direction: direction ?? 'both',
        affects: affected(direction ?? 'both', found),
      }),
      ...(reason !== undefined && { reason }),
    };
    // One place of the document may serve several operations.
    const key = JSON.stringify([
      change.pointer,
      change.verdict,
      side,
      change.direction,
      change.before,
      change.after,
    ]);
    const known = this.byPlace.get(key) ?? { change, operations: new Set(), places: new Set() };
    known.operations.add(operation);
    known.places.add(place);
    this.byPlace.set(key, known);
  }

  addProse(found: Found, key: string, operations: OperationName[]): void {
    if (this.wholes.map(plainPlace).some((whole) => key === whole || key.startsWith(`${whole}/`))) return;
    const wholes = this.wholes.length;
    for (const operation of operations) this.add(found, operation);
    this.wholes.length = wholes;
  }

  /** The worst first. */
  changes(): Change[] {
    const order = ['breaking', 'compatible', 'prose'];
    return [...this.byPlace.values()]
      .map(({ change, operations, places }) => {
        const requirements = requirementsAt([...places]);
        return {
          ...change,
          operation: [...operations].join(', '),
          ...(requirements.length > 0 && { requirements }),
        };
      })
      .sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
  }
}

/** A narrower answer breaks the suite and old recordings, a wider one clients that know the old document only. */
function affected(direction: NonNullable<Found['direction']>, { isNeeded }: Found): ('suite' | 'clients')[] {
  const suite = direction !== 'widen' || isNeeded;
  return [...(suite ? (['suite'] as const) : []), ...(direction !== 'narrow' ? (['clients'] as const) : [])];
}

/** Requirements whose source is one of the places, or lies above or below. */
function requirementsAt(places: string[]): RequirementId[] {
  return REQUIREMENT_IDS.filter((id) => {
    const { source } = requirement(id);
    if (!('pointer' in source)) return false;
    return places.some(
      (place) =>
        place === source.pointer ||
        place.startsWith(`${source.pointer}/`) ||
        source.pointer.startsWith(`${place}/`),
    );
  });
}

function shortened(value: unknown): unknown {
  const text = JSON.stringify(value) ?? '';
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}...` : value;
}
