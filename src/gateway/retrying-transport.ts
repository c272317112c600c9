import { seenState, type Exchange } from '../judging/exchange';
import type { Call } from './call';
import type { Ledger } from './ledger';
import type { Lifetime } from './lifetime';
import {
  describeOutage,
  isOfNoSession,
  isResetBeforeAnyByte,
  isTurnedAway,
  mustWait,
  retryAfterMs,
} from './outage';
import type { OutageDetector } from './outage-detector';
import type { Pace } from './pace';
import { pollRequest } from './requests';
import { retry, type RetryPolicy } from './retry';
import type { ApiRequest } from './translator';
import type { Received, Transport } from './transport';

/** The last exchange of a request that was repeated where that is allowed. */
export interface Sent extends Received {
  /** The failure proves nothing unless the same request for a new session fails too. */
  retryable: boolean;
  /** In a race: a rate limiter answered, and the request did nothing. */
  turnedAway?: boolean;
}

/** Sends requests of tests: repeats what may be repeated, waits where the target asks to, tells outages from failures. */
export class RetryingTransport {
  rateLimited = 0;
  /** Kinds of responses that look like a gateway's, and are the API's own. */
  private readonly ownStatuses = new Set<string>();

  constructor(
    private readonly transport: Transport,
    private readonly detector: OutageDetector,
    private readonly ledger: Ledger,
    private readonly pace: Pace,
    private readonly lifetime: Lifetime,
    private readonly requestTimeoutMs: number,
  ) {}

  async send(call: Call, request: ApiRequest): Promise<Sent> {
    const deadline = performance.now() + 2 * this.requestTimeoutMs;
    let timesTurnedAway = 0;
    const { result, outOfTime } = await retry(this.attempts(call, request), {
      ...this.waits(deadline),
      retryAfterMs: async ({ exchange }) => {
        if (!mustWait(call, exchange)) return undefined;
        if (!exchange.failure) this.rateLimited++;
        timesTurnedAway++;
        const mayRepeat = await this.mayRepeat(call, exchange, timesTurnedAway, deadline);
        return mayRepeat ? (retryAfterMs(exchange.answer) ?? 0) : undefined;
      },
    });
    const { exchange } = result;
    if (outOfTime && !(await this.isItsOwn(call, exchange)))
      this.detector.declare(`${describeOutage(exchange)} (waited for ${2 * this.requestTimeoutMs} ms)`);
    else await this.detector.check(call, exchange);
    const isRetryable = exchange.failure?.kind === 'reset' || exchange.failure?.kind === 'bad-gateway';
    return { ...result, retryable: isRetryable };
  }

  /** Each call is one attempt; the first reset of a create or poll is repeated at once, on a fresh connection. */
  private attempts(call: Call, request: ApiRequest): () => Promise<Received> {
    let mayRepeat = call.operation === 'create' || call.operation === 'poll';
    let { connection } = call;
    return async () => {
      const received = await this.transport.send(call, request, connection);
      if (!mayRepeat || !isResetBeforeAnyByte(received.exchange)) return received;
      mayRepeat = false;
      connection = 'own';
      return this.transport.send(call, request, connection);
    };
  }

  private waits(deadline: number): Omit<RetryPolicy<Received>, 'retryAfterMs'> {
    return {
      deadline,
      lateWaits: 'cut',
      pause: (ms, { exchange }, attempts) => {
        this.pace.turnedAway(exchange, ms, attempts);
        return this.lifetime.pause(ms);
      },
      isOver: () => this.lifetime.over !== undefined,
      othersPassedSince: (ms) => this.pace.hasPassedSince(ms),
    };
  }

  /**
   * Whether a status that waiting does not change, where no wait is asked for, is what the API answers in this state: it
   * answers the same operation otherwise for another session.
   */
  private async isItsOwn(call: Call, exchange: Exchange): Promise<boolean> {
    const { answer, failure } = exchange;
    if (failure || answer?.status === 429 || retryAfterMs(answer) !== undefined) return false;
    const isOwn = await this.detector.answersForAnother(call);
    if (isOwn) this.ownStatuses.add(kindOfStatus(call, exchange));
    return isOwn;
  }

  private async mayRepeat(
    call: Call,
    exchange: Exchange,
    timesTurnedAway: number,
    deadline: number,
  ): Promise<boolean> {
    // What did not pass the proxy has changed nothing.
    if (exchange.failure?.kind === 'proxy') return true;
    if (this.ownStatuses.has(kindOfStatus(call, exchange))) return false;
    // A firewall may turn away an id that no session has, and nothing else.
    if (timesTurnedAway > 1 && isOfNoSession(call) && (await this.detector.isUp(call))) return false;
    const status = exchange.answer?.status;
    if (call.operation !== 'deny' || status === 429) return true;
    if ((await this.isUnchanged(call, deadline)) !== false) return true;
    const message = `status ${status}, after which the session is no longer ${call.state}`;
    exchange.failure = { kind: 'bad-gateway', message };
    return false;
  }

  /**
   * Whether a session is still in the state that it had before a DELETE that was answered 502, 503 or 504; undefined
   * where polls get no answer either.
   */
  private async isUnchanged(call: Call, deadline: number): Promise<boolean | undefined> {
    const record = this.ledger.find(call.session);
    if (!record || call.state === 'near-miss') return true;
    const attempt = (): Promise<Received> =>
      this.transport.send({ ...call, operation: 'poll' }, pollRequest(record.label), 'own');
    const hasNoAnswer = ({ exchange }: Received): boolean =>
      isTurnedAway(exchange) || exchange.failure !== undefined;
    const { result } = await retry(attempt, {
      ...this.waits(deadline),
      retryAfterMs: (received) => (hasNoAnswer(received) ? 0 : undefined),
    });
    if (hasNoAnswer(result)) return undefined;
    const seen = seenState('poll', result.exchange.answer);
    // In which state it was is not known then; what it shows is judged by the model of the walk.
    if (call.state === 'racing') return seen !== 'unclear';
    if (call.state === 'pending' || call.state === 'completed') return seen === call.state;
    // An expired session may be gone, too.
    return seen === 'gone' || seen === 'expired';
  }
}

/** All rejections are of one kind: what answers one of them so does the same with the others. */
function kindOfStatus({ operation, state }: Call, { answer }: Exchange): string {
  return `${operation} ${operation === 'deny' && state !== 'pending' ? 'rejected' : state} ${answer?.status}`;
}
