import type { Exchange } from '../judging/exchange';
import type { Call } from './call';
import type { Ledger } from './ledger';
import type { Pace } from './pace';
import type { Secrets } from './secrets';
import type { ApiRequest, Translator } from './translator';
import type { Connection, Wire, WireResult } from './wire';

/** A request that was sent once, and the answer if one came. */
export interface Received {
  exchange: Exchange;
  /** The parsed body with its secrets. */
  json: unknown;
}

/** Sends single requests at the run's pace, and records each as an exchange. Nothing is repeated or judged here. */
export class Transport {
  readonly exchanges: Exchange[] = [];
  requests = 0;

  constructor(
    private readonly base: URL,
    private readonly wire: Wire,
    private readonly translator: Translator,
    private readonly pace: Pace,
    private readonly ledger: Ledger,
    private readonly secrets: Secrets,
  ) {}

  async send(
    call: Call,
    request: ApiRequest,
    connection: Connection = call.connection,
    timeoutMs?: number,
  ): Promise<Received> {
    await this.pace.turn();
    this.requests++;
    return this.record(
      call,
      request,
      await this.wire.send(this.translator.toWire(request), connection, timeoutMs),
    );
  }

  private record(call: Call, request: ApiRequest, result: WireResult): Received {
    const { answer: raw, failure, reused, sentAt, durationMs } = result;
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
      durationMs: Math.round(durationMs),
      reused,
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
