import type { Exchange } from '../../judging/exchange';
import { answeredAt, sentAt, type Journal } from './journal';
import { sessionsIn } from './relevant';

/** A session is looked at again when SETTLE_MS are over, or a little later; what comes on top was the run's own pace. */
const SETTLE_MARGIN_MS = 1000;
/** Timers of the run end a little early. */
const EARLY = 0.9;

/** How long the run left a session alone before it sent something about it again, where that may matter. */
export class Waits {
  private readonly last = new Map<string, Exchange>();
  private readonly hasExpired = new Set<string>();
  /** What the line has waited since it sent something about a session. */
  private readonly waited = new Map<string, number>();

  constructor(private readonly journal: Journal) {}

  /** @returns ms to wait before these are sent, after all that was sent before */
  before(exchanges: readonly Exchange[]): number {
    const waits = exchanges.flatMap((exchange) =>
      [...sessionsIn(exchange)].map((label) => this.waitFor(label, exchange) - (this.waited.get(label) ?? 0)),
    );
    const wait = Math.max(0, ...waits);
    for (const [label, before] of this.waited) this.waited.set(label, before + wait);
    for (const exchange of exchanges)
      for (const label of sessionsIn(exchange)) {
        this.last.set(label, exchange);
        this.waited.set(label, 0);
      }
    return wait;
  }

  private waitFor(label: string, exchange: Exchange): number {
    const last = this.last.get(label);
    if (last === undefined) return 0;
    const gap = sentAt(exchange) - answeredAt(last);
    if (this.expiresMeanwhile(label, exchange)) return gap;
    const { settleMs } = this.journal;
    return settleMs > 0 && gap >= EARLY * settleMs ? Math.min(gap, settleMs + SETTLE_MARGIN_MS) : 0;
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
