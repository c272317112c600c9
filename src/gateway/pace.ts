import { setTimeout as sleep } from 'node:timers/promises';
import type { Exchange } from '../judging/exchange';
import type { Lifetime } from './lifetime';
import { isRateLimited } from './outage';

/** Between requests that have waited together; all at once they would be turned away again. */
const SPREAD_MS = 20;
/** The first spacing that is learned; each further one is twice as long. */
const FIRST_SPACING_MS = 50;
/** With each request that passes the spacing shrinks: what turned others away may not have been their pace. */
const EASE = 0.98;
/** No rate limiter makes a run slower than this; a request that it turns away all the same waits by itself. */
const MAX_SPACING_MS = 1000;

/**
 * Spreads the requests of a run: so many per second, and none while the target has asked to wait. A rate limiter does not
 * say what it allows, so that the pace is learned from what it turns away.
 */
export class Pace {
  private nextTurn = 0;
  private pausedUntil = 0;
  /** Between two requests, as learned. */
  private spacingMs = 0;
  /** When the last request was sent that was answered. */
  private lastPassedAt = -Infinity;
  private grownAt = 0;
  /** What was sent before that had its turn before the spacing grew. */
  private learnsFrom = 0;

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
    this.nextTurn = at + Math.max(this.intervalMs, isHeldBack ? SPREAD_MS : 0);
    if (at > now) await (isClosing ? sleep(at - now) : this.lifetime.pause(at - now));
  }

  /**
   * A request was turned away, and waits for so long before it is repeated.
   * @param attempts how often it was sent by now
   */
  turnedAway(exchange: Exchange, waitMs: number, attempts: number): void {
    if (!isRateLimited(exchange)) return;
    this.holdBack(waitMs);
    const { sentAtMs = 0 } = exchange;
    // It had waited, and others passed meanwhile: requests come too close together. Where none has, a window is used up.
    if (attempts > 1 && this.lastPassedAt > this.grownAt && sentAtMs >= this.learnsFrom) this.slowDown();
  }

  /** Holds all requests back: what a rate limiter says to one request it says to all. */
  holdBack(ms: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, performance.now() + ms);
  }

  private slowDown(): void {
    const before = this.intervalMs;
    this.spacingMs = Math.min(Math.max(2 * this.spacingMs, FIRST_SPACING_MS), MAX_SPACING_MS);
    this.nextTurn += this.intervalMs - before;
    this.learnsFrom = this.nextTurn;
    this.grownAt = performance.now();
  }

  /** A request was answered that was sent then, on the monotonic clock. */
  passed(sentAtMs: number): void {
    this.lastPassedAt = Math.max(this.lastPassedAt, sentAtMs);
    this.spacingMs *= EASE;
  }

  hasPassedSince(ms: number): boolean {
    return this.lastPassedAt > ms;
  }

  /** How long so many requests take at least. */
  msFor(requests: number): number {
    return this.intervalMs * requests;
  }

  private get intervalMs(): number {
    return Math.max(1000 / this.perSecond, this.spacingMs);
  }
}
