import type { FormName } from '../catalogue/forms';
import type { SessionFacts } from '../gateway/call';
import type { Ledger, SessionRecord } from '../gateway/ledger';
import { isDenial } from '../judging/exchange';
import type { LeftSession, Purpose } from './protocol';

/** A test is over in this time, where nothing hangs. */
const MAX_AHEAD_MS = 5000;

/** The sessions that tests have left for others. Each is handed to one test, once. */
export class SessionShelf {
  private readonly left: { purpose: Purpose; record: SessionRecord; at: number }[] = [];

  /** @param hasFindings whether a session may have ended since it was seen to be pending; else nothing ends one */
  constructor(
    private readonly ledger: Ledger,
    private readonly hasFindings: () => boolean,
  ) {}

  /** Leaves a session; not one in another state than its purpose asks for, which a finding is about. */
  leave(purpose: Purpose, label: string): void {
    const record = this.ledger.find(label);
    if (record && isFit(purpose, record) && !this.left.some((one) => one.record === record))
      this.left.push({ purpose, record, at: performance.now() });
  }

  /**
   * Hands out a session that was left pending and that won't expire during a test; one that was seen to be pending since
   * anything could have changed it goes first.
   */
  reserve(form: FormName, requestTimeoutMs: number): SessionFacts | undefined {
    const aheadMs = Math.min(2 * requestTimeoutMs, MAX_AHEAD_MS);
    const fit = this.left.filter(
      ({ purpose, record }) =>
        purpose === 'pending' &&
        record.state === 'pending' &&
        !this.ledger.mayHaveExpired(record, aheadMs) &&
        record.form === form,
    );
    const found = fit.find(({ record }) => this.isSeenPending(record)) ?? fit[0];
    if (!found) return undefined;
    this.left.splice(this.left.indexOf(found), 1);
    return { ...this.ledger.factsOf(found.record), isSeenPending: this.isSeenPending(found.record) };
  }

  private isSeenPending(record: SessionRecord): boolean {
    return this.hasFindings() ? this.ledger.factsOf(record).isSeenPending : record.seenPending > 0;
  }

  /** Hands out all sessions that were left for a purpose. */
  take(purpose: Purpose): LeftSession[] {
    const taken = this.left.filter((one) => one.purpose === purpose);
    for (const one of taken) this.left.splice(this.left.indexOf(one), 1);
    return taken.map(({ record, at }) => ({
      ...this.ledger.factsOf(record),
      leftMs: performance.now() - at,
    }));
  }
}

function isFit(purpose: Purpose, record: SessionRecord): boolean {
  if (purpose === 'denied') return record.state === 'denied';
  if (purpose === 'unknown' || purpose === 'completed' || purpose === 'expired') return true;
  return record.state === 'pending' && !record.history.some(isDenial);
}
