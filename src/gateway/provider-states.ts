import { seenState } from '../judging/exchange';
import type { Call, ProviderState, ProviderStateResult } from './call';
import type { Ledger, SessionRecord } from './ledger';
import type { Lifetime } from './lifetime';
import { pollRequest } from './requests';
import { retry } from './retry';
import { USER_AGENT } from './translator';
import type { Transport } from './transport';
import type { Wire } from './wire';
import type { WireRequest, WireResult } from './wire-message';

/** A request to the endpoint, among the exchanges of the run. */
export interface ProviderStep {
  /** How many exchanges had been recorded when it was sent. */
  after: number;
  /** The race that it took part in, and whether it was sent before the others. */
  race?: { batch: number; isFirst: boolean };
  /** Label of the session. */
  session: string;
  state: ProviderState;
  result: ProviderStateResult['result'];
}

/** The endpoint that brings sessions into states (Pact's provider states). It gets none of the user's headers. */
export class ProviderStates {
  readonly steps: ProviderStep[] = [];
  /** Why the endpoint isn't called any more: it hangs. */
  private hangs: string | undefined;

  constructor(
    private readonly wire: Wire,
    private readonly transport: Transport,
    private readonly ledger: Ledger,
    private readonly lifetime: Lifetime,
    private readonly requestTimeoutMs: number,
  ) {}

  async provide(label: string, state: ProviderState, url: URL | undefined): Promise<ProviderStateResult> {
    const record = this.ledger.find(label);
    if (!record || !url) return { result: 'unavailable', reason: 'set PROVIDER_STATE_URL' };
    if (this.hangs !== undefined) return { result: 'unavailable', reason: this.hangs };
    const after = this.transport.exchanges.length;
    const sent = await this.wire.send(this.requestFor(record, state, url), 'own');
    return this.resultOf(record, state, sent, { after });
  }

  /** @param place where the request stood among the exchanges */
  async resultOf(
    record: SessionRecord,
    state: ProviderState,
    sent: WireResult,
    place: Pick<ProviderStep, 'after' | 'race'>,
  ): Promise<ProviderStateResult> {
    const result = await this.interpret(record, state, sent);
    this.steps.push({ ...place, session: record.label, state, result: result.result });
    return result;
  }

  private async interpret(
    record: SessionRecord,
    state: ProviderState,
    { answer, failure }: WireResult,
  ): Promise<ProviderStateResult> {
    const status = failure ? 0 : (answer?.status ?? 0);
    // A site without such an endpoint answers with a page.
    const isPage = /^\s*<(?:!doctype|html)\b/i.test(answer?.body.toString('utf8') ?? '');
    if (status === 202 && !(await this.hasLeftPending(record)))
      return { result: 'unavailable', reason: `PROVIDER_STATE_URL has not set up "${state}" in time` };
    if (status >= 200 && status < 300 && !isPage)
      return { result: 'done', ...(status === 202 && { isLate: true }) };
    if (status >= 400 && status < 500 && record.state === 'denied') return { result: 'refused' };
    const actual = failure?.message ?? (isPage ? `status ${status} with a page` : `status ${status}`);
    const reason = `PROVIDER_STATE_URL did not set up "${state}" (${actual})`;
    if (failure?.kind === 'timeout') this.hangs = reason;
    return { result: 'unavailable', reason };
  }

  requestFor({ id }: SessionRecord, state: ProviderState, url: URL): WireRequest {
    const body = JSON.stringify({ state, params: { sessionId: id }, action: 'setup' });
    const headers = {
      'content-type': 'application/json',
      accept: '*/*',
      'user-agent': USER_AGENT,
      'content-length': String(Buffer.byteLength(body)),
    };
    return { method: 'POST', origin: url, path: `${url.pathname}${url.search}`, headers, body };
  }

  /** An endpoint that answers 202 sets the state up later. */
  private async hasLeftPending({ label }: SessionRecord): Promise<boolean> {
    const call: Call = {
      test: 'provider state',
      operation: 'poll',
      state: 'none',
      session: label,
      connection: 'own',
    };
    const { outOfTime } = await retry(() => this.transport.send(call, pollRequest(label)), {
      retryAfterMs: ({ exchange }) => (seenState('poll', exchange.answer) === 'pending' ? 0 : undefined),
      deadline: performance.now() + this.requestTimeoutMs,
      lateWaits: 'skip',
      pause: (ms) => this.lifetime.pause(ms),
      isOver: () => this.lifetime.isClosing,
    });
    return !outOfTime;
  }
}
