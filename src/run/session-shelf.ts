import type { FormName } from '../catalogue/forms';
import type { SessionFacts } from '../gateway/call';
import type { Ledger, SessionRecord } from '../gateway/ledger';
import { isAccepted } from '../judging/checks';
import { isDenial, type Exchange } from '../judging/exchange';
import type { ReleasedSession, Purpose } from './protocol';

/** A test is over in this time, where nothing hangs. */
const MAX_AHEAD_MS = 5000;

/** The sessions that tests have released for others. Each is handed to one test, once. */
export class SessionShelf {
  private readonly released: { purpose: Purpose; record: SessionRecord; at: number }[] = [];

  /** @param hasFindings whether a session may have ended since it was seen to be pending; else nothing ends one */
  constructor(
    private readonly ledger: Ledger,
    private readonly hasFindings: () => boolean,
  ) {}

  /** Releases a session; not one in another state than its purpose asks for, which a finding is about. */
  release(purpose: Purpose, label: string): void {
    const record = this.ledger.find(label);
    if (record && isFit(purpose, record) && !this.released.some((one) => one.record === record))
      this.released.push({ purpose, record, at: performance.now() });
  }

  /**
   * Hands out a session that was released as pending and that won't expire during a test; one that was seen to be pending since
   * anything could have changed it goes first.
   */
  reserve(form: FormName, requestTimeoutMs: number): SessionFacts | undefined {
    const aheadMs = Math.min(2 * requestTimeoutMs, MAX_AHEAD_MS);
    const fit = this.released.filter(
      ({ purpose, record }) =>
        purpose === 'pending' &&
        record.state === 'pending' &&
        !this.ledger.mayHaveExpired(record, aheadMs) &&
        record.form === form,
    );
    const found = fit.find(({ record }) => this.isSeenPending(record)) ?? fit[0];
    if (!found) return undefined;
    this.released.splice(this.released.indexOf(found), 1);
    return { ...this.ledger.factsOf(found.record), isSeenPending: this.isSeenPending(found.record) };
  }

  private isSeenPending(record: SessionRecord): boolean {
    return this.hasFindings() ? this.ledger.factsOf(record).isSeenPending : record.seenPending > 0;
  }

  /** Hands out all sessions that were released for a purpose. */
  reserveAll(purpose: Purpose): ReleasedSession[] {
    const reserved = this.released.filter((one) => one.purpose === purpose);
    for (const one of reserved) this.released.splice(this.released.indexOf(one), 1);
    return reserved.map(({ record, at }) => ({
      ...this.ledger.factsOf(record),
      releasedMs: performance.now() - at,
    }));
  }
}

function isFit(purpose: Purpose, record: SessionRecord): boolean {
  if (purpose === 'denied') return record.state === 'denied';
  // An accepted denial has denied it, so that rejecting the next one says nothing about completed or expired sessions.
  if (purpose === 'unknown' || purpose === 'completed' || purpose === 'expired')
    return !record.history.some(isAcceptedDenial);
  return record.state === 'pending' && !record.history.some(isDenial);
}

function isAcceptedDenial(exchange: Exchange): boolean {
  return isDenial(exchange) && exchange.answer !== undefined && isAccepted(exchange.answer);
}
