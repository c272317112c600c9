import { randomUUID } from 'node:crypto';
import type { OperationName } from '../catalogue/operations';
import { headerValues } from '../judging/answer';
import type { Exchange } from '../judging/exchange';
import type { Call } from './call';
import type { Ledger } from './ledger';
import type { Lifetime } from './lifetime';
import {
  describeLaterOutage,
  describeOutage,
  isAnswer,
  isInDoubt,
  isNotThere,
  isResetBeforeAnyByte,
  isTurnedAway,
  retryAfterMs,
} from './outage';
import { createRequest, denyRequest, pollRequest } from './requests';
import type { Pace } from './pace';
import { retry } from './retry';
import type { ApiRequest } from './translator';
import type { Received, Transport } from './transport';

/** Finds out whether the target is up: once before all tests, and again after each doubtful answer. */
export class OutageDetector {
  rateLimited = 0;
  private readonly answeredAtFirst = new Set<OperationName>();
  private probe: Promise<boolean> | undefined;
  /** Kinds of doubtful answers that were given while the API was up. A fault shows every time, and is probed once. */
  private readonly cleared = new Set<string>();

  constructor(
    private readonly transport: Transport,
    private readonly ledger: Ledger,
    private readonly pace: Pace,
    private readonly lifetime: Lifetime,
    private readonly requestTimeoutMs: number,
  ) {}

  declare(reason: string): void {
    this.lifetime.giveUp({ cause: 'outage', reason });
  }

  /**
   * Sends three requests at once; declares an outage unless one of them is answered.
   * @returns the create, where the API answered it
   */
  async preflight(): Promise<Received | undefined> {
    const deadline = performance.now() + 2 * this.requestTimeoutMs;
    const unknown = randomUUID();
    const [create, , deny] = await Promise.all([
      this.untilAnswered('create', createRequest(), deadline),
      this.untilAnswered('poll', pollRequest(unknown), deadline),
      this.untilAnswered('deny', denyRequest(unknown), deadline),
    ]);
    // An API may fail in one operation. Where two of them don't exist, BASE_URL leads to something else.
    const isElsewhere = isNotThere(create.exchange) && isNotThere(deny.exchange);
    if (this.answeredAtFirst.size === 0 || isElsewhere) this.declare(describeOutage(create.exchange));
    else if (isAnswer(create.exchange)) return create;
    return undefined;
  }

  private async untilAnswered(
    operation: OperationName,
    request: ApiRequest,
    deadline: number,
  ): Promise<Received> {
    const attempt = async (): Promise<Received> => {
      // The last attempt gets its full timeout too: cut short, it would look like an API that doesn't answer.
      const received = await this.transport.send(preflightCall(operation), request);
      const { exchange, json } = received;
      if (isAnswer(exchange)) this.answeredAtFirst.add(operation);
      // Whatever is wrong with the answer, it may tell of a session.
      else if (operation === 'create') this.ledger.enter(exchange, json, 'plain');
      if (isTurnedAway(exchange)) this.rateLimited++;
      return received;
    };
    const { result } = await retry(attempt, {
      retryAfterMs: ({ exchange }) => {
        const mayPass = isTurnedAway(exchange) || isResetBeforeAnyByte(exchange);
        return mayPass && this.answeredAtFirst.size === 0 ? (retryAfterMs(exchange.answer) ?? 0) : undefined;
      },
      deadline: deadline - 1,
      lateWaits: 'cut',
      pause: (ms, { exchange }, attempts) => {
        this.pace.turnedAway(exchange, ms, attempts);
        return this.lifetime.pause(ms);
      },
      isOver: () => this.lifetime.isClosing,
    });
    return result;
  }

  /** Declares an outage where an answer leaves in doubt whether the API is up, and a probe isn't answered. */
  async check(call: Call, exchange: Exchange): Promise<void> {
    const isUnclear = isInDoubt(call, exchange) || exchange.failure?.kind === 'proxy';
    const kind = kindOfAnswer(call, exchange);
    if (!isUnclear || this.cleared.has(kind)) return;
    if (!(await this.isUp(call))) this.declare(describeLaterOutage(exchange));
    else if (!exchange.failure) this.cleared.add(kind);
  }

  /** Whether the API answers at all. Concurrent doubts share one probe. */
  isUp(call: Call): Promise<boolean> {
    this.probe ??= this.sendProbe(call).finally(() => (this.probe = undefined));
    return this.probe;
  }

  /** Whether the same operation is answered for another session: a poll of an unknown one, the denial of a new one. */
  async answersForAnother(call: Call): Promise<boolean> {
    if (call.operation === 'other') return false;
    if (call.operation === 'poll')
      return isAnswer(await this.send(call, 'poll', pollRequest(this.ledger.unknown().label)));
    const created = await this.send(call, 'create', createRequest());
    if (call.operation === 'create' || !isAnswer(created)) return isAnswer(created);
    const label = this.ledger.created.at(-1)?.label;
    return label !== undefined && isAnswer(await this.send(call, 'deny', denyRequest(label), label));
  }

  private async sendProbe(call: Call): Promise<boolean> {
    const unknown = this.ledger.unknown().label;
    // An operation that has failed from the beginning says nothing about the others.
    if (this.answeredAtFirst.has('poll')) {
      const polled = await this.send(call, 'poll', pollRequest(unknown));
      if (isAnswer(polled) || polled.failure?.kind === 'timeout') return isAnswer(polled);
    }
    const other = this.answeredAtFirst.has('deny')
      ? this.send(call, 'deny', denyRequest(unknown))
      : this.send(call, 'create', createRequest());
    return isAnswer(await other);
  }

  private async send(
    call: Call,
    operation: OperationName,
    request: ApiRequest,
    session?: string,
  ): Promise<Exchange> {
    const probe = { ...call, test: 'probe', operation, state: 'none' as const, session };
    const { exchange, json } = await this.transport.send(probe, request, 'own');
    if (operation === 'create') this.ledger.enter(exchange, json, 'plain');
    return exchange;
  }
}

function kindOfAnswer({ operation, state }: Call, { answer, failure }: Exchange): string {
  const type = answer && headerValues(answer, 'content-type').join();
  return JSON.stringify([operation, state, failure?.kind, answer?.status, type]);
}

export function preflightCall(operation: OperationName): Call {
  return {
    test: 'preflight',
    operation,
    state: 'none',
    connection: 'own',
    ...(operation === 'create' && { form: 'plain' }),
  };
}
