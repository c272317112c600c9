import { setTimeout as sleep } from 'node:timers/promises';
import type { Lifetime } from './lifetime';

/** Between requests that have waited together; all at once they would be turned away again. */
const SPREAD_MS = 20;

/** Spreads the requests of a run: so many per second, and none while the target has asked to wait. */
export class Pace {
  private nextTurn = 0;
  private pausedUntil = 0;

  /** @param perSecond Infinity where nothing bounds the pace */
  constructor(
    private readonly perSecond: number,
    private readonly lifetime: Lifetime,
  ) {}

  /** Waits until the next request may be sent. */
  async turn(): Promise<void> {
    const { isClosing } = this.lifetime;
    const now = performance.now();
    // The clean-up keeps the pace, but its time doesn't allow for longer waits.
    const at = Math.max(now, this.nextTurn, isClosing ? 0 : this.pausedUntil);
    const isHeldBack = !isClosing && this.pausedUntil > now;
    this.nextTurn = at + Math.max(1000 / this.perSecond, isHeldBack ? SPREAD_MS : 0);
    if (at > now) await (isClosing ? sleep(at - now) : this.lifetime.pause(at - now));
  }

  /** Holds all requests back, as a 429 speaks of all of them. */
  holdBack(ms: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, performance.now() + ms);
  }

  /** How long so many requests take at least. */
  msFor(requests: number): number {
    return (1000 * requests) / this.perSecond;
  }
}
