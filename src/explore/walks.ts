import { Draw } from './draw';
import { accumulation, looks, mixture, order, repetition, safeMethods } from './focuses';
import { Plan, type WalkOptions } from './plan';
import { concurrency } from './races';
import type { StepConnection, Walk } from './steps';

export type { WalkOptions } from './plan';

/**
 * What walks are about goes round, so that a run has some of each, whatever its seed: one fault shows by what is repeated,
 * another one by the order of what is done. The default of 30 walks goes round three times and sends close to 600 requests.
 */
const FOCUSES: ((plan: Plan) => Walk)[] = [
  repetition,
  order,
  concurrency,
  looks,
  mixture,
  accumulation,
  safeMethods,
  order,
  concurrency,
  mixture,
];
/** Of a length that has no divisor in common with that of the focuses: all combinations come. */
const CONNECTIONS: StepConnection[] = ['kept', 'kept', 'new', 'kept', 'kept', 'kept', 'kept'];

/** The walk of a seed with this number, always the same one. */
export function walkOf(seed: number, number: number, options: WalkOptions): Walk {
  const place = seed + number;
  const focus = FOCUSES[place % FOCUSES.length] ?? mixture;
  const inARound = (focuses: typeof FOCUSES): number => focuses.filter((one) => one === focus).length;
  const rounds = Math.floor(place / FOCUSES.length);
  const turn = rounds * inARound(FOCUSES) + inARound(FOCUSES.slice(0, place % FOCUSES.length));
  const connection = CONNECTIONS[place % CONNECTIONS.length] ?? 'new';
  // Politely nothing is concurrent.
  const possible = focus === concurrency && options.profile === 'polite' ? mixture : focus;
  return Draw.from(mix(seed, number), (draw) => possible(new Plan(draw, turn, connection, options)));
}

/** Walks of neighbouring seeds and numbers have nothing in common. */
function mix(seed: number, number: number): number {
  return Math.imul(seed ^ Math.imul(number + 1, 0x9e3779b1), 0x85ebca6b) | 0;
}
