import type { ProviderStep } from '../../gateway/provider-states';
import type { Exchange } from '../../judging/exchange';
import type { Journal } from './journal';
import { areConcurrent, carriedBefore, isLook } from './relevant';
import { isProvided, Waits } from './waits';

/** One request, or several: at once, or one after the other over one connection. */
export interface RequestStep {
  kind: 'requests';
  exchanges: Exchange[];
  areConcurrent: boolean;
  /** How long to wait before it. */
  waitMs: number;
  /** What the provider is asked for at the same moment. */
  alongside?: ProviderStep | undefined;
}

export interface ProvidingStep {
  kind: 'provider';
  step: ProviderStep;
  /** Of the session, where it takes the provider a while to bring its state about. */
  path: string | undefined;
}

/** One step of a line. */
export type Step =
  | RequestStep
  | ProvidingStep
  /** A person is waited for. */
  | { kind: 'approval' };

/** Puts what is to be sent again into steps, with what was done beside the API in its place. */
export function stepsOf(
  exchanges: readonly Exchange[],
  shown: Exchange,
  journal: Journal,
  { doesAgeMatter }: { doesAgeMatter: boolean },
): Step[] {
  const waits = new Waits(journal, doesAgeMatter);
  const carriedLater = new Set(exchanges.flatMap((one) => carriedBefore(one, exchanges)));
  const done = new Set<Exchange>();
  const steps: Step[] = [];
  for (const exchange of exchanges) {
    if (done.has(exchange) || carriedLater.has(exchange)) continue;
    const concurrent = exchanges
      .filter((one) => one === exchange || areConcurrent(one, exchange))
      .sort((a, b) => sentAt(a) - sentAt(b));
    const isRace = concurrent.length > 1;
    const together = isRace ? concurrent : [...carriedBefore(exchange, exchanges), exchange];
    for (const one of together) done.add(one);
    if (isFirstApproved(exchange, exchanges, journal)) steps.push({ kind: 'approval' });
    const waitMs = waits.before(together);
    const alongside = journal.providerSteps.find(
      ({ race, result }) => race && race.batch === exchange.batch && result !== 'unavailable',
    );
    steps.push({
      kind: 'requests',
      exchanges: together,
      areConcurrent: isRace || !!alongside,
      waitMs,
      alongside,
    });
    for (const one of together) steps.push(...providerStepsAfter(one, exchanges, shown, journal));
  }
  return steps;
}

/** The order of a race may decide who wins it. */
function sentAt({ sentAtMs = 0 }: Exchange): number {
  return sentAtMs;
}

/** What the provider was asked for between this request and the next one about the same session. */
function providerStepsAfter(
  exchange: Exchange,
  exchanges: readonly Exchange[],
  shown: Exchange,
  journal: Journal,
): Step[] {
  const { session } = exchange;
  const next = exchanges.filter((one) => one.session === session && one.n > exchange.n).map(({ n }) => n);
  const until = Math.min(shown.n, ...next);
  return journal.providerSteps
    .filter(({ session: of, result, race }) => of === session && result !== 'unavailable' && !race)
    .filter(({ after }) => after >= exchange.n && after < until)
    .map((step) => {
      const look = journal.exchanges.find(
        (one) => isLook(one) && one.session === session && one.n > step.after && one.n < until,
      );
      return { kind: 'provider', step, path: look?.path };
    });
}

/** The first request for a session that a person has approved before. */
function isFirstApproved(exchange: Exchange, exchanges: readonly Exchange[], journal: Journal): boolean {
  const { session = '', state } = exchange;
  const isApproved = state === 'completed' && !session.startsWith('$GIVEN') && !isProvided(session, journal);
  return (
    isApproved && exchange === exchanges.find((one) => one.session === session && one.state === 'completed')
  );
}

/** The session that this request creates is approved by a person later. */
export function isForApproval(
  { operation, session }: Exchange,
  exchanges: readonly Exchange[],
  journal: Journal,
): boolean {
  return (
    operation === 'create' &&
    exchanges.some((one) => one.session === session && isFirstApproved(one, exchanges, journal))
  );
}
