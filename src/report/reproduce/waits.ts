import type { Exchange } from '../../judging/exchange';
import { answeredAt, sentAt, type Journal } from './journal';
import { sessionsIn } from './relevant';

/** A session is looked at again when SETTLE_MS are over, or a little later; what comes on top was the run's own pace. */
const SETTLE_MARGIN_MS = 1000;
/** Timers of the run end a little early. */
const EARLY = 0.9;

/** An exchange, and what the line has waited in all when it is sent. */
interface Mark {
  exchange: Exchange;
  waited: number;
}

/** How long the run left a session alone before it sent something about it again, where that may matter. */
export class Waits {
  private readonly first = new Map<string, Mark>();
  private readonly last = new Map<string, Mark>();
  private readonly hasExpired = new Set<string>();
  private waited = 0;

  /** @param doesAgeMatter whether the finding may depend on how long no request named the session */
  constructor(
    private readonly journal: Journal,
    private readonly doesAgeMatter: boolean,
  ) {}

  /** @returns ms to wait before these are sent, after all that was sent before */
  before(exchanges: readonly Exchange[]): number {
    const waits = exchanges.flatMap((exchange) =>
      [...sessionsIn(exchange)].map((label) => this.waitFor(label, exchange)),
    );
    const wait = Math.max(0, ...waits);
    this.waited += wait;
    for (const exchange of exchanges)
      for (const label of sessionsIn(exchange)) {
        const mark = { exchange, waited: this.waited };
        if (!this.first.has(label)) this.first.set(label, mark);
        this.last.set(label, mark);
      }
    return wait;
  }

  /** What is left of the wait, after what the line has waited meanwhile. */
  private waitFor(label: string, exchange: Exchange): number {
    const [first, last] = [this.first.get(label), this.last.get(label)];
    if (!first || !last) return 0;
    const left = (mark: Mark, atMost = Infinity): number =>
      Math.min(sentAt(exchange) - answeredAt(mark.exchange), atMost) - (this.waited - mark.waited);
    // It is as old then as it was in the run, however the run spent the time between.
    if (this.expiresMeanwhile(label, exchange)) return left(first);
    if (!this.doesAgeMatter) return 0;
    const { settleMs } = this.journal;
    const gap = sentAt(exchange) - answeredAt(last.exchange);
    return settleMs > 0 && gap >= EARLY * settleMs ? left(last, settleMs + SETTLE_MARGIN_MS) : 0;
  }

  /** The session has expired by itself since the request before. */
  private expiresMeanwhile(label: string, { session, state }: Exchange): boolean {
    if (state !== 'expired' || session !== label || this.hasExpired.has(label)) return false;
    this.hasExpired.add(label);
    return !label.startsWith('$GIVEN') && !isProvided(label, this.journal);
  }
}

/** The provider has brought the session into its state. */
export function isProvided(label: string, { providerSteps }: Journal): boolean {
  return providerSteps.some(({ session, result }) => session === label && result === 'done');
}
