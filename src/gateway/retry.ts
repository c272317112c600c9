const FIRST_WAIT_MS = 100;

/** How long, and under which conditions, an attempt is repeated. */
export interface RetryPolicy<T> {
  /** How long to wait at least before the next attempt; undefined when this result is final. */
  retryAfterMs(result: T): number | undefined | Promise<number | undefined>;
  /** On the monotonic clock. The last attempt begins then at the latest. */
  deadline: number;
  /** Waits that would end after the deadline: cut short for a last attempt at the deadline, or not begun at all. */
  lateWaits: 'cut' | 'skip';
  /** @param attempts how many there were */
  pause(ms: number, result: T, attempts: number): Promise<unknown>;
  /** The run ends, so that nothing is repeated. */
  isOver(): boolean;
  /** Other requests are answered since then, on the monotonic clock: this one competes, and need not wait longer each time. */
  othersPassedSince?(ms: number): boolean;
}

/**
 * The waits between attempts: exponential, and bounded by a deadline. Each is cut by chance, by up to a half: requests that
 * a rate limiter has turned away together would otherwise come back together, and be turned away again.
 */
export class BackOff {
  private backOffMs = FIRST_WAIT_MS;

  constructor(
    private readonly deadline: number,
    private readonly lateWaits: 'cut' | 'skip',
  ) {}

  /** @returns how long to wait before the next attempt; undefined when there is no time left for one */
  next(atLeastMs: number): number | undefined {
    const leftMs = this.deadline - performance.now();
    const waitMs = Math.max(atLeastMs, this.backOffMs * (1 - Math.random() / 2));
    this.backOffMs *= 2;
    if (leftMs <= 0 || (this.lateWaits === 'skip' && waitMs >= leftMs)) return undefined;
    return Math.min(waitMs, leftMs);
  }

  /** The next wait is as short as the first one was. */
  restart(): void {
    this.backOffMs = FIRST_WAIT_MS;
  }
}

/**
 * Repeats an attempt with exponential back-off. The only place where the suite retries.
 * @returns the last result, and whether another attempt was due but there was no time left for it
 */
export async function retry<T>(
  attempt: () => Promise<T>,
  policy: RetryPolicy<T>,
): Promise<{ result: T; outOfTime: boolean }> {
  const backOff = new BackOff(policy.deadline, policy.lateWaits);
  let triedAt = Infinity;
  for (let attempts = 1; ; attempts++) {
    const result = await attempt();
    if (policy.othersPassedSince?.(triedAt)) backOff.restart();
    const atLeastMs = await policy.retryAfterMs(result);
    triedAt = performance.now();
    if (atLeastMs === undefined) return { result, outOfTime: false };
    const waitMs = backOff.next(atLeastMs);
    if (waitMs === undefined) return { result, outOfTime: true };
    if (policy.isOver()) return { result, outOfTime: false };
    await policy.pause(waitMs, result, attempts);
  }
}
