import { setTimeout as sleep } from 'node:timers/promises';
import { isDenial, seenState, type Exchange } from '../judging/exchange';
import type { Ledger, SessionRecord } from './ledger';
import { isAnswer, isResetBeforeAnyByte, isTurnedAway, retryAfterMs } from './outage';
import { denyRequest, pollRequest } from './requests';
import { retry } from './retry';
import type { Transport } from './transport';

/** What a run created and what became of it. */
export interface Left {
  created: number;
  denied: number;
  /** How many sessions may still be pending. */
  leftBehind: number;
  /** Labels of these sessions, as far as their ids are known. */
  sessions: string[];
}

/** Denies the sessions that the run created and left pending. */
export class CleanUp {
  /** Denials that were refused although a poll after them shows the session as pending. */
  readonly refused: Exchange[] = [];

  constructor(
    private readonly transport: Transport,
    private readonly ledger: Ledger,
  ) {}

  get pending(): SessionRecord[] {
    return this.ledger.created.filter((record) => record.state === 'pending' && !hasAcceptedDenial(record));
  }

  /**
   * A session that can't be denied, for whatever reason, keeps no other from being denied.
   * @param deadline on the monotonic clock
   */
  async denyAll(deadline: number): Promise<void> {
    await Promise.allSettled(this.pending.map((record) => this.deny(record, deadline)));
  }

  async deny(record: SessionRecord, deadline: number): Promise<void> {
    const { label } = record;
    // A denial that was answered otherwise than documented may have been done.
    if (record.history.some(isDenial)) await this.send('poll', label, deadline);
    if (record.state !== 'pending') return;
    const denied = await this.send('deny', label, deadline);
    if (isAccepted(denied) || performance.now() >= deadline) return;
    const polled = await this.send('poll', label, deadline);
    const isRefused = isAnswer(denied) && !denied.mayHaveExpired;
    if (isRefused && seenState('poll', polled.answer) === 'pending') this.refused.push(denied);
  }

  private async send(operation: 'deny' | 'poll', label: string, deadline: number): Promise<Exchange> {
    const { result } = await retry(() => this.sendOnce(operation, label, deadline), {
      retryAfterMs: (exchange) =>
        isTurnedAway(exchange) || isResetBeforeAnyByte(exchange) || exchange.failure?.kind === 'proxy'
          ? (retryAfterMs(exchange.answer) ?? 0)
          : undefined,
      deadline,
      lateWaits: 'skip',
      pause: (ms) => sleep(ms),
      isOver: () => false,
    });
    return result;
  }

  private async sendOnce(operation: 'deny' | 'poll', label: string, deadline: number): Promise<Exchange> {
    const { exchange } = await this.transport.send(
      { test: 'clean-up', operation, state: 'none', session: label, connection: 'own' },
      operation === 'deny' ? denyRequest(label) : pollRequest(label),
      'own',
      Math.max(deadline - performance.now(), 1),
    );
    // A page with status 200 comes from an intermediary and denies nothing; a poll tells what happened.
    if (operation === 'poll' || isAnswer(exchange)) this.ledger.follow(exchange);
    return exchange;
  }

  left(): Left {
    const { created, lostCreates } = this.ledger;
    const sessions = this.pending.map(({ label }) => label);
    return {
      created: created.length + lostCreates,
      denied: created.filter(
        (record) => ['denied', 'none'].includes(record.state) || hasAcceptedDenial(record),
      ).length,
      leftBehind: sessions.length + lostCreates,
      sessions,
    };
  }
}

/** With any status of success, by the API itself: an intermediary answers with a page. */
function isAccepted(exchange: Exchange): boolean {
  const { answer, failure } = exchange;
  if (failure || !answer || answer.status < 200 || answer.status >= 300) return false;
  return isAnswer(exchange) || answer.text === '';
}

/** A denial was accepted, and the session was not seen to be pending since. */
function hasAcceptedDenial({ state, history, seenPending }: SessionRecord): boolean {
  return (
    state === 'pending' && history.some((one) => isDenial(one) && isAccepted(one) && one.n > seenPending)
  );
}
