import type { OperationName } from '../../catalogue/operations';
import { REQUIREMENT_IDS, requirement, type RequirementId } from '../../catalogue/requirements';
import type { Change, Found, Side } from './change';
import { plainPlace } from './words';

/** Longer values are shown by their beginning. */
const MAX_SHOWN = 2000;

export type OnWitness = (place: string, verdict: Change['verdict'], value: unknown) => void;

/** Gathers changes, one for each place, with the operations that they reach. */
export class Collector {
  private readonly byPlace = new Map<
    string,
    { change: Change; operations: Set<OperationName>; places: Set<string> }
  >();
  /** Places that come or go as a whole. */
  readonly wholes: string[] = [];

  constructor(private readonly onWitness: OnWitness = () => undefined) {}

  add(found: Found, operation: OperationName, side?: Side): void {
    const { place, direction, reason, witness, ...rest } = found;
    if (witness) this.onWitness(place, rest.verdict, witness.value);
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
