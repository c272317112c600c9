import type { Exchange } from '../judging/exchange';
import type { Call, RaceEntry } from './call';
import type { Ledger } from './ledger';
import { isTurnedAway } from './outage';
import type { Pace } from './pace';
import type { Secrets } from './secrets';
import { requestIdsOf } from './trace';
import type { ApiRequest, Translator } from './translator';
import type { Connection, Wire } from './wire';
import type { WireRequest, WireResult } from './wire-message';

/** A request that was sent once, and the answer if one came. */
export interface Received {
  exchange: Exchange;
  /** The parsed body with its secrets. */
  json: unknown;
}

/** Sends requests at the run's pace, and records each as an exchange. Nothing is repeated or judged here. */
export class Transport {
  readonly exchanges: Exchange[] = [];
  requests = 0;
  private batches = 0;

  /** @param lateBytes called when bytes arrive behind a complete answer */
  constructor(
    private readonly base: URL,
    private readonly wire: Wire,
    private readonly translator: Translator,
    private readonly pace: Pace,
    private readonly ledger: Ledger,
    private readonly secrets: Secrets,
    private readonly lateBytes: (exchange: Exchange, bytes: Buffer) => void,
  ) {}

  async send(
    call: Call,
    request: ApiRequest,
    connection: Connection = call.connection,
    timeoutMs?: number,
  ): Promise<Received> {
    await this.pace.turn();
    this.requests++;
    const late = this.lateBytesOf();
    const wired = this.translator.toWire(request);
    const result = await this.wire.send(wired, connection, { timeoutMs, onLateBytes: late.found });
    const received = this.record(call, request, wired.spanId, result);
    late.belongTo(received.exchange);
    if (!isTurnedAway(received.exchange)) this.pace.passed(result.sentAtMs);
    else this.wire.closeIdle();
    return received;
  }

  /**
   * Sends requests at the same moment, or behind one another, each on a connection of its own.
   * @param aside a request to another place than the target, before all others or after them; it is not recorded
   * @returns in the order of the entries; the exchanges are numbered in the order of their answers
   */
  async race(
    entries: RaceEntry[],
    aside?: { request: WireRequest; isFirst: boolean },
  ): Promise<{ received: (Received & { call: Call })[]; aside: WireResult | undefined; batch: number }> {
    for (let i = 0; i < entries.length; i++) await this.pace.turn();
    this.requests += entries.length;
    const batch = ++this.batches;
    const runners = entries.map((entry) => ({
      ...entry,
      late: this.lateBytesOf(),
      wired: this.translator.toWire(entry.request),
    }));
    const before = aside?.isFirst ? [{ request: aside.request }] : [];
    const requests = runners.map(({ wired, late, behind }) => ({
      request: wired,
      ...(behind !== undefined && { behind: before.length + behind }),
      onLateBytes: late.found,
    }));
    const after = aside && !aside.isFirst ? [{ request: aside.request }] : [];
    const all = await this.wire.race([...before, ...requests, ...after]);
    const results = all.slice(before.length);
    const received = runners
      .flatMap((runner, i) => (results[i] ? [{ ...runner, place: i, result: results[i] }] : []))
      .sort((a, b) => a.result.answeredAtMs - b.result.answeredAtMs)
      .map(({ call, request, wired, result, place, late, behind }) => {
        const one = this.record(call, request, wired.spanId, result);
        if (behind === undefined) one.exchange.batch = batch;
        else one.exchange.follows = true;
        late.belongTo(one.exchange);
        return { ...one, call, place };
      })
      .sort((a, b) => a.place - b.place);
    return { received, aside: before.length > 0 ? all[0] : results[entries.length], batch };
  }

  /** Bytes behind an answer may arrive before its exchange is recorded, or long after. */
  private lateBytesOf(): { found: (bytes: Buffer) => void; belongTo: (exchange: Exchange) => void } {
    let early: Buffer | undefined;
    let owner: Exchange | undefined;
    return {
      found: (bytes) => {
        if (owner) this.lateBytes(owner, bytes);
        else early = bytes;
      },
      belongTo: (exchange) => {
        owner = exchange;
        if (early) this.lateBytes(exchange, early);
      },
    };
  }

  private record(call: Call, request: ApiRequest, spanId: string | undefined, result: WireResult): Received {
    const { answer: raw, failure, reused, sentAt, sentAtMs, answeredAtMs } = result;
    const read = raw && !failure ? this.translator.fromWire(raw, call.operation) : undefined;
    const session = this.ledger.find(call.session);
    const exchange: Exchange = {
      n: this.exchanges.length + 1,
      test: call.test,
      operation: call.operation,
      state: call.state,
      session: call.session,
      method: request.method,
      base: this.secrets.mask(this.base.href),
      path: request.path,
      requestHeaders: this.translator.shownHeaders(request),
      requestBody: request.body,
      startedAt: sentAt.toISOString(),
      durationMs: Math.round(answeredAtMs - sentAtMs),
      sentAtMs,
      answeredAtMs,
      reused,
      ...(spanId !== undefined && { spanId }),
      ...(read && { requestIds: requestIdsOf(read.answer) }),
      answer: read?.answer,
      failure: failure && { ...failure, message: this.secrets.mask(failure.message) },
      mayHaveExpired: session !== undefined && this.ledger.mayHaveExpired(session),
      form: call.form,
      judgedAs: call.judgedAs,
      isJudged: false,
      judgements: [],
    };
    this.exchanges.push(exchange);
    if (session && request.method !== 'GET') session.history.push(exchange);
    if (call.operation === 'create' && mayHaveArrived(exchange)) this.ledger.lostCreates++;
    return { exchange, json: read?.json };
  }
}

/** Whether the target may have acted on a request whose answer is lost. */
function mayHaveArrived({ failure, reused }: Exchange): boolean {
  if (!failure || ['refused', 'dns', 'unreachable', 'tls'].includes(failure.kind)) return false;
  return !(failure.kind === 'reset' && reused);
}
