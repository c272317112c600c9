import { randomUUID } from 'node:crypto';
import type { Contract } from '../contract/contract';
import { OPERATIONS, type OperationName } from '../catalogue/operations';
import { seenState, shownKey, type Exchange } from '../judging/exchange';
import { DEVICE_NAME } from '../catalogue/forms';
import type { FindingsCollector } from '../judging/collector';
import { answerRequirement, judgeAnswer } from '../judging/rules';
import type { GatewaySettings } from './settings';
import { derivation } from '../catalogue/derived-ids';
import { keysIn } from './keys';
import { Ledger, type SessionRecord } from './ledger';
import { describeOutage, isAnswer, isNotThere, isTurnedAway, retryAfterMs } from './outage';
import { Secrets } from './secrets';
import { Translator, USER_AGENT, type ApiRequest } from './translator';
import { Wire, type Connection, type WireResult } from './wire';
import type { Call, Outcome, ProviderState, ProviderStateResult } from './call';
import type { NotJudged } from '../judging/not-judged';
import type { Deviation } from '../judging/deviation';
import type { SeenState } from '../judging/states';

/** What came of sending a request once or, where that is allowed, again. */
interface Sent {
  exchange: Exchange;
  /** The parsed body with its secrets. */
  json: unknown;
  /** Nothing follows from the failure unless the same request for a new session fails too. */
  retryable: boolean;
}

/** An operation that hangs in a state is asked no more than this often. */
const MAX_TIMEOUTS = 2;
const FIRST_WAIT_MS = 100;
/** An id of fewer characters may come out as that of somebody else's session when it is changed a little. */
const GUESSABLE_ID_LENGTH = 10;
const TOO_SHORT: NotJudged = {
  cause: 'setting',
  reason: "ids are so short that a made-up one may be somebody else's",
};
/** What the exchanges belong to in which a person is waited for. */
const APPROVAL = 'approval';
const CLOSED: NotJudged = { cause: 'interrupted', reason: 'the run is over' };
const SESSIONS = OPERATIONS.create.path.slice(1);

/**
 * The one way to the target. It keeps the manners (pace, Retry-After, no blind repetition), tells outages from findings,
 * keeps the ledger of sessions, and lets nothing secret out. One gateway serves a whole run; it lives in the runner, so
 * that it outlives any worker.
 */
export class Gateway {
  readonly secrets = new Secrets();
  readonly ledger = new Ledger(this.secrets);
  readonly exchanges: Exchange[] = [];
  requests = 0;
  rateLimited = 0;
  outage: NotJudged | undefined;

  private readonly wire: Wire;
  private readonly translator: Translator;
  private readonly timeouts = new Map<string, number>();
  private readonly answeredAtFirst = new Set<OperationName>();
  private preflight: Promise<void> | undefined;
  private probe: Promise<boolean> | undefined;
  /** Why the provider states are not asked again: they hang. */
  private deadProvider: string | undefined;
  private nextTurn = 0;
  private pausedUntil = 0;
  private isClosing = false;
  /** What was asked for and is not answered yet. */
  private readonly underway = new Set<Promise<unknown>>();
  private endWaits: () => void = () => undefined;
  private readonly waitsEnd = new Promise<void>((resolve) => (this.endWaits = resolve));

  constructor(
    private readonly base: URL,
    private readonly settings: GatewaySettings,
    private readonly contract: Contract,
    private readonly collector: FindingsCollector,
  ) {
    this.wire = new Wire(settings.requestTimeoutMs);
    this.translator = new Translator(base, settings.extraHeaders, this.secrets);
    for (const id of [settings.completedSessionId, settings.expiredSessionId])
      if (id !== undefined) this.secrets.label('GIVEN', id);
    for (const value of settings.providerStateUrl?.searchParams.values() ?? [])
      if (value.length >= 8) this.secrets.label('KEY', value);
    for (const key of keysIn(base.href)) this.secrets.label('KEY', key);
  }

  /** Makes the preflight, once. */
  ready(): Promise<void> {
    const isOver = this.isClosing || this.outage !== undefined;
    return (this.preflight ??= isOver ? Promise.resolve() : this.track(this.runPreflight()));
  }

  /** Ends a run that can't go on: nothing more is sent but the clean-up. */
  giveUp(why: NotJudged): void {
    this.outage ??= why;
    this.endWaits();
  }

  /** The target has created a session when it was first asked to. */
  get creates(): boolean {
    return this.outage === undefined && this.ledger.created.length > 0;
  }

  // --- Requests of tests -------------------------------------------------------------------------------------------

  /** Sends a request of a test, with all manners, and judges its answer. */
  send(call: Call, request: ApiRequest): Promise<{ outcome: Outcome; exchange: Exchange | undefined }> {
    return this.track(this.sendAndJudge(call, request));
  }

  private async track<T>(work: Promise<T>): Promise<T> {
    this.underway.add(work);
    return work.finally(() => this.underway.delete(work));
  }

  private async sendAndJudge(
    call: Call,
    request: ApiRequest,
  ): Promise<{ outcome: Outcome; exchange: Exchange | undefined }> {
    await this.ready();
    const refused =
      (this.isClosing ? CLOSED : undefined) ?? this.outage ?? this.hung(call) ?? (await this.guessed(call));
    if (refused)
      return {
        outcome: {
          exchange: 0,
          status: 0,
          isDocumented: false,
          seen: 'unclear',
          mayHaveExpired: false,
          notJudged: refused,
        },
        exchange: undefined,
      };
    const sent = await this.sendPatiently(call, request);
    return { outcome: this.outcomeOf(call, sent), exchange: sent.exchange };
  }

  private outcomeOf(call: Call, { exchange, json, retryable }: Sent): Outcome {
    const { n, answer, failure, mayHaveExpired, operation } = exchange;
    const status = answer?.status ?? 0;
    const isDocumented = operation !== 'other' && this.contract.response(operation, status) !== undefined;
    const outcome: Outcome = {
      exchange: n,
      status,
      isDocumented,
      seen: seenState(operation, answer),
      mayHaveExpired,
    };
    if (this.outage) return { ...outcome, notJudged: this.outage };
    if (failure) {
      if (failure.kind === 'timeout')
        this.timeouts.set(hangKey(call), (this.timeouts.get(hangKey(call)) ?? 0) + 1);
      return { ...outcome, failure: { ...failure, retryable, reused: exchange.reused } };
    }
    const created = this.take(exchange, json, call);
    return {
      ...outcome,
      apiKey: shownKey(exchange),
      ...(created && { created: this.ledger.factsOf(created) }),
    };
  }

  /** Judges a complete answer and enters what it says into the ledger. */
  private take(exchange: Exchange, json: unknown, call: Call): SessionRecord | undefined {
    const entered =
      exchange.operation === 'create' ? this.ledger.enter(exchange, json, call.form) : undefined;
    const sent = this.ledger.find(exchange.session)?.sent;
    if (exchange.answer) {
      exchange.isJudged = true;
      const facts = {
        body: json,
        judgedAs: call.judgedAs,
        repeated: entered?.repeated ?? false,
        ...(sent && { sent }),
      };
      for (const { requirement, deviation } of judgeAnswer(exchange, exchange.answer, this.contract, facts)) {
        this.collector.judged(
          { requirement, ...(deviation && { deviation: this.masked(deviation) }) },
          exchange,
        );
      }
    }
    this.ledger.follow(exchange);
    return entered?.record;
  }

  /** Schemas are asked about a body as it was, secrets and all. */
  private masked(deviation: Deviation): Deviation {
    const { pointer, expected, actual } = deviation;
    const at = pointer !== undefined && { pointer: this.secrets.mask(pointer) };
    return { ...deviation, ...at, expected: this.secrets.mask(expected), actual: this.secrets.mask(actual) };
  }

  /** Repeats what may be repeated, waits out what asks to wait, and finds out whose fault it is when no answer comes. */
  private async sendPatiently(call: Call, request: ApiRequest): Promise<Sent> {
    const patienceEnds = performance.now() + 2 * this.settings.requestTimeoutMs;
    let connection = call.connection;
    for (let repeated = false, turnedAway = 0, wait = FIRST_WAIT_MS; ;) {
      const sent = await this.sendOnce(call, request, connection);
      const { exchange } = sent;
      if (brokeBeforeAnyByte(exchange)) {
        if (!repeated && (call.operation === 'create' || call.operation === 'poll')) {
          repeated = true;
          connection = 'own';
          continue;
        }
        // RFC 9112, section 9.5: a server may close an idle connection at any time; that says nothing about it.
        if (exchange.reused) return { ...sent, retryable: true };
      }
      const waits = isTurnedAway(exchange) && (exchange.answer?.status === 429 || !isBesideTheDocument(call));
      if (!waits) {
        if (isDoubtful(call, exchange) && !(await this.isUp(call)))
          this.declareOutage(describeOutage(exchange));
        return { ...sent, retryable: exchange.failure?.kind === 'reset' };
      }
      this.rateLimited++;
      // A firewall may turn away what asks for no session, and nothing else.
      if (turnedAway++ > 0 && isForNobody(call) && (await this.isUp(call))) return sent;
      const status = exchange.answer?.status;
      if (call.operation === 'deny' && status !== 429) {
        const isUnchanged = await this.whetherUnchanged(call, patienceEnds);
        if (isUnchanged === false) {
          exchange.failure = {
            kind: 'reset',
            message: `status ${status}, and the session is no longer as it was`,
          };
          return { ...sent, retryable: true };
        }
      }
      if (performance.now() >= patienceEnds)
        this.declareOutage(
          `${describeOutage(exchange)} (waited for ${2 * this.settings.requestTimeoutMs} ms)`,
        );
      if (this.outage || this.isClosing) return sent;
      const left = patienceEnds - performance.now();
      const pause = Math.min(Math.max(retryAfterMs(exchange.answer) ?? 0, wait), left);
      if (status === 429) this.pausedUntil = Math.max(this.pausedUntil, performance.now() + pause);
      wait *= 2;
      await this.pause(pause);
    }
  }

  private async sendOnce(
    call: Call,
    request: ApiRequest,
    connection: Connection,
    timeoutMs?: number,
  ): Promise<Sent> {
    await this.turn();
    this.requests++;
    const result = await this.wire.send(this.translator.toWire(request), connection, timeoutMs);
    const { exchange, json } = this.record(call, request, result);
    if (call.operation === 'create' && mayHaveArrived(exchange)) this.ledger.lostCreates++;
    return { exchange, json, retryable: false };
  }

  private record(
    call: Call,
    request: ApiRequest,
    { answer: raw, failure, reused, sentAt, durationMs }: WireResult,
  ): { exchange: Exchange; json: unknown } {
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
    return { exchange, json: read?.json };
  }

  // --- Outages ------------------------------------------------------------------------------------------------------

  /** Three concurrent requests, once per run: it goes on if any of them is answered. */
  private async runPreflight(): Promise<void> {
    const deadline = performance.now() + 2 * this.settings.requestTimeoutMs;
    const callOf = (operation: OperationName): Call => ({
      test: 'preflight',
      operation,
      state: 'none',
      connection: 'own',
      ...(operation === 'create' && { form: 'plain' }),
    });
    const ask = async (operation: OperationName, request: ApiRequest): Promise<Sent> => {
      for (let wait = FIRST_WAIT_MS; ; wait *= 2) {
        // The last one has its full time too: cut short, it would look like an API that does not answer.
        const sent = await this.sendOnce(callOf(operation), request, 'own');
        const { exchange } = sent;
        if (isAnswer(exchange)) {
          this.answeredAtFirst.add(operation);
          return sent;
        }
        // Whatever is wrong with the answer: it may tell of a session.
        if (operation === 'create') this.ledger.enter(exchange, sent.json, 'plain');
        if (isTurnedAway(exchange)) this.rateLimited++;
        const mayPass = isTurnedAway(exchange) || brokeBeforeAnyByte(exchange);
        const isOver = this.isClosing || performance.now() + 1 >= deadline;
        if (!mayPass || this.answeredAtFirst.size > 0 || isOver) return sent;
        const pause = Math.max(retryAfterMs(exchange.answer) ?? 0, wait);
        await this.pause(Math.min(pause, Math.max(deadline - performance.now(), 0)));
      }
    };
    const nobody = `${SESSIONS}/${randomUUID()}`;
    const [create, , deny] = await Promise.all([
      ask('create', createRequest({ deviceName: DEVICE_NAME })),
      ask('poll', bare('GET', nobody)),
      ask('deny', bare('DELETE', nobody)),
    ]);
    // An API may fail in one operation, but where neither of two is there, it is another place.
    const isElsewhere = isNotThere(create.exchange) && isNotThere(deny.exchange);
    if (this.answeredAtFirst.size === 0 || isElsewhere) {
      this.declareOutage(describeOutage(create.exchange));
    } else if (isAnswer(create.exchange)) {
      const created = this.take(create.exchange, create.json, callOf('create'));
      if (created) this.ledger.release(created.label);
    }
  }

  /** After an answer that is none: is the API there at all? Concurrent doubts are settled by one question. */
  private isUp(call: Call): Promise<boolean> {
    this.probe ??= this.askWhetherUp(call).finally(() => (this.probe = undefined));
    return this.probe;
  }

  private async askWhetherUp(call: Call): Promise<boolean> {
    const path = `${SESSIONS}/${this.ledger.unknown().label}`;
    const ask = async (operation: OperationName, request: ApiRequest): Promise<Exchange> => {
      const { exchange, json } = await this.sendOnce(
        { ...call, test: 'probe', operation, state: 'none', session: undefined },
        request,
        'own',
      );
      if (operation === 'create') this.ledger.enter(exchange, json, 'plain');
      return exchange;
    };
    // An operation that failed from the first is no witness against the others.
    if (this.answeredAtFirst.has('poll')) {
      const polled = await ask('poll', bare('GET', path));
      if (isAnswer(polled) || polled.failure?.kind === 'timeout') return isAnswer(polled);
    }
    const other = this.answeredAtFirst.has('deny')
      ? ask('deny', bare('DELETE', path))
      : ask('create', createRequest({ deviceName: DEVICE_NAME }));
    return isAnswer(await other);
  }

  private declareOutage(reason: string): void {
    this.giveUp({ cause: 'outage', reason });
  }

  private hung(call: Call): NotJudged | undefined {
    if (call.operation === 'other' || (this.timeouts.get(hangKey(call)) ?? 0) < MAX_TIMEOUTS)
      return undefined;
    return {
      cause: 'blocked',
      reason: `${answerRequirement(call)} broke it: no answer in time, ${MAX_TIMEOUTS} times`,
    };
  }

  /** A short id that was made up or changed a little may be somebody else's; only one that polls as 404 is denied. */
  private async guessed(call: Call): Promise<NotJudged | undefined> {
    const record = this.ledger.find(call.session);
    const isMadeUp = call.state === 'near-miss' || record?.kind === 'unknown';
    if (call.operation !== 'deny' || !record || !isMadeUp || record.id.length >= GUESSABLE_ID_LENGTH)
      return undefined;
    const segment =
      call.derivation === undefined ? undefined : derivation(call.derivation).segment(record.id);
    if (segment === '' || segment === encodeURIComponent(record.id)) return TOO_SHORT;
    const path = `${SESSIONS}/${record.label}${call.derivation ? `.${call.derivation}` : ''}`;
    const { exchange } = await this.sendOnce(
      { ...call, operation: 'poll', state: 'none' },
      bare('GET', path),
      'own',
    );
    return exchange.answer?.status === 404 ? undefined : TOO_SHORT;
  }

  // --- Manners ------------------------------------------------------------------------------------------------------

  private async turn(): Promise<void> {
    const now = performance.now();
    // The clean-up keeps the pace, but has no time for more.
    const at = Math.max(now, this.nextTurn, this.isClosing ? 0 : this.pausedUntil);
    this.nextTurn = at + 1000 / this.settings.maxRequestsPerSecond;
    if (at > now) await (this.isClosing ? sleep(at - now) : this.pause(at - now));
  }

  /** Ends early when an outage or the end of the run makes waiting pointless. */
  private async pause(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([new Promise<void>((resolve) => (timer = setTimeout(resolve, ms))), this.waitsEnd]);
    clearTimeout(timer);
  }

  /** Asks until it is told, or until patience ends. */
  private async whetherUnchanged(call: Call, patienceEnds: number): Promise<boolean | undefined> {
    for (let wait = FIRST_WAIT_MS; ; wait *= 2) {
      const isUnchanged = await this.isUnchanged(call);
      const left = patienceEnds - performance.now();
      if (isUnchanged !== undefined || left <= 0 || this.outage || this.isClosing) return isUnchanged;
      await this.pause(Math.min(wait, left));
    }
  }

  /**
   * Whether a session is still as it was before a DELETE that was answered by what stands before the API; undefined where
   * that is answered so, too, or not at all.
   */
  private async isUnchanged(call: Call): Promise<boolean | undefined> {
    const record = this.ledger.find(call.session);
    if (!record || call.state === 'near-miss') return true;
    const { exchange } = await this.sendOnce(
      { ...call, operation: 'poll' },
      bare('GET', `${SESSIONS}/${record.label}`),
      'own',
    );
    if (isTurnedAway(exchange) || exchange.failure) return undefined;
    // A race is run as a whole, or not at all.
    if (call.state === 'racing') return false;
    const seen = seenState('poll', exchange.answer);
    if (call.state === 'pending' || call.state === 'completed' || call.state === 'expired')
      return seen === call.state;
    return seen === 'gone' || seen === 'expired';
  }

  // --- Provider states ----------------------------------------------------------------------------------------------

  /** Asks the provider to bring a session into a state (Pact's provider states), with none of the user's headers. */
  async provide(label: string, state: ProviderState, url: URL | undefined): Promise<ProviderStateResult> {
    const record = this.ledger.find(label);
    if (!record || !url) return { result: 'unavailable', reason: 'set PROVIDER_STATE_URL' };
    if (this.deadProvider !== undefined) return { result: 'unavailable', reason: this.deadProvider };
    const body = JSON.stringify({ state, params: { sessionId: record.id }, action: 'setup' });
    const headers = {
      'content-type': 'application/json',
      accept: '*/*',
      'user-agent': USER_AGENT,
      'content-length': String(Buffer.byteLength(body)),
    };
    const { answer, failure } = await this.wire.send(
      { method: 'POST', origin: url, path: `${url.pathname}${url.search}`, headers, body },
      'own',
    );
    const status = failure ? 0 : (answer?.status ?? 0);
    // A page is what a site answers that knows no such endpoint.
    const isPage = /^\s*<(?:!doctype|html)\b/i.test(answer?.body.toString('utf8') ?? '');
    if (status === 202 && !(await this.hasLeftPending(record))) {
      return { result: 'unavailable', reason: `PROVIDER_STATE_URL has not brought "${state}" about in time` };
    }
    if (status >= 200 && status < 300 && !isPage) return { result: 'done' };
    if (status >= 400 && status < 500 && record.state === 'denied') return { result: 'refused' };
    const what = failure?.message ?? (isPage ? `status ${status} with a page` : `status ${status}`);
    const unavailable = `PROVIDER_STATE_URL did not bring "${state}" about (${what})`;
    if (failure?.kind === 'timeout') this.deadProvider = unavailable;
    return { result: 'unavailable', reason: unavailable };
  }

  /** What the provider has accepted it may do later (202). */
  private async hasLeftPending({ label }: SessionRecord): Promise<boolean> {
    const deadline = performance.now() + this.settings.requestTimeoutMs;
    const call: Call = {
      test: 'provider state',
      operation: 'poll',
      state: 'none',
      session: label,
      connection: 'own',
    };
    for (let wait = FIRST_WAIT_MS; performance.now() + wait < deadline; wait *= 2) {
      const { exchange } = await this.sendOnce(call, bare('GET', `${SESSIONS}/${label}`), 'own');
      if (seenState('poll', exchange.answer) !== 'pending') return true;
      await this.pause(wait);
    }
    return false;
  }

  // --- A person ---------------------------------------------------------------------------------------------------

  /** Creates a session for a person to approve; what it answers holds secrets, and is not for any report. */
  async offer(): Promise<{ session: string; verificationUrl: unknown } | { reason: string }> {
    await this.ready();
    if (this.outage) return { reason: this.outage.reason };
    const call: Call = {
      test: APPROVAL,
      operation: 'create',
      state: 'none',
      connection: 'own',
      form: 'plain',
    };
    const sent = await this.sendPatiently(call, createRequest({ deviceName: DEVICE_NAME }));
    const { created } = this.outcomeOf(call, sent);
    if (!created) return { reason: 'no session was created that a person could approve' };
    const { verificationUrl } = sent.json as { verificationUrl?: unknown };
    return { session: created.label, verificationUrl };
  }

  /** What a session polls as; nothing is judged by that. */
  async look(label: string): Promise<SeenState> {
    const { exchange } = await this.sendOnce(
      { test: APPROVAL, operation: 'poll', state: 'none', session: label, connection: 'own' },
      bare('GET', `${SESSIONS}/${label}`),
      'own',
    );
    this.ledger.follow(exchange);
    return seenState('poll', exchange.answer);
  }

  /** Denies a session that no test is to meet as pending. */
  async withdraw(label: string): Promise<void> {
    const record = this.ledger.find(label);
    if (record?.state === 'pending')
      await this.cleanUp(record, performance.now() + this.settings.requestTimeoutMs);
  }

  // --- The end ------------------------------------------------------------------------------------------------------

  /**
   * Lets nothing new begin, waits for what is underway (a create may be), and denies what the run created and left
   * pending, within one request timeout and what the pace takes.
   * @returns how many sessions were created and denied, and the labels of those that may still be pending
   */
  async close(): Promise<{ created: number; denied: number; leftBehind: number; sessions: string[] }> {
    this.isClosing = true;
    this.endWaits();
    while (this.underway.size > 0) await Promise.allSettled(this.underway);
    const { created, lostCreates } = this.ledger;
    const pending = (): SessionRecord[] => created.filter(({ state }) => state === 'pending');
    const paceMs = this.outage ? 0 : (1000 * pending().length) / this.settings.maxRequestsPerSecond;
    const deadline = performance.now() + this.settings.requestTimeoutMs + paceMs;
    await Promise.all(pending().map((record) => this.cleanUp(record, deadline)));
    this.wire.close();
    const sessions = pending().map(({ label }) => label);
    const denied = created.filter(({ state }) => state === 'denied' || state === 'none').length;
    return {
      created: created.length + lostCreates,
      denied,
      leftBehind: sessions.length + lostCreates,
      sessions,
    };
  }

  private async cleanUp({ label }: SessionRecord, deadline: number): Promise<void> {
    const path = `${SESSIONS}/${label}`;
    const ask = async (operation: 'deny' | 'poll'): Promise<Exchange> => {
      const call: Call = { test: 'clean-up', operation, state: 'none', session: label, connection: 'own' };
      const timeLeft = Math.max(deadline - performance.now(), 1);
      const { exchange } = await this.sendOnce(
        call,
        bare(operation === 'deny' ? 'DELETE' : 'GET', path),
        'own',
        timeLeft,
      );
      // A page with status 200 stands before the API, and denies nothing; what a poll shows tells more.
      if (operation === 'poll' || isAnswer(exchange)) this.ledger.follow(exchange);
      return exchange;
    };
    for (let wait = FIRST_WAIT_MS; ; wait *= 2) {
      const denied = await ask('deny');
      if (denied.answer?.status === 200 && isAnswer(denied)) return;
      const pause = Math.max(retryAfterMs(denied.answer) ?? 0, wait);
      const mayPass = isTurnedAway(denied) || brokeBeforeAnyByte(denied);
      if (!mayPass || performance.now() + pause >= deadline) break;
      await sleep(pause);
    }
    if (performance.now() < deadline) await ask('poll');
  }
}

/** The target may have done what it was asked for, and nobody was told. */
function mayHaveArrived({ failure, reused }: Exchange): boolean {
  if (!failure || ['refused', 'dns', 'unreachable', 'tls'].includes(failure.kind)) return false;
  return !(failure.kind === 'reset' && reused);
}

export function createRequest(body: object): ApiRequest {
  return {
    method: 'POST',
    path: SESSIONS,
    headers: { accept: '*/*', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

function bare(method: 'GET' | 'DELETE', path: string): ApiRequest {
  return { method, path, headers: { accept: '*/*' }, body: undefined };
}

function brokeBeforeAnyByte({ failure }: Exchange): boolean {
  return failure?.kind === 'reset';
}

/** Requests that may be answered by a gateway, in whatever way it likes. */
function isBesideTheDocument({ operation, state }: Call): boolean {
  return operation === 'other' || state === 'malformed';
}

/** Requests that find no session, whoever answers them. */
function isForNobody(call: Call): boolean {
  return isBesideTheDocument(call) || call.state === 'near-miss';
}

/** An answer that may not be the API's own, or none. */
function isDoubtful(call: Call, exchange: Exchange): boolean {
  if (exchange.failure) return true;
  if (isAnswer(exchange) || call.operation === 'other') return false;
  // Whatever turns away an id of no session may do so in its own way; a page that lets it pass, or a crash, is another thing.
  const status = exchange.answer?.status ?? 0;
  return !isForNobody(call) || status < 300 || status === 500;
}

function hangKey({ operation, state }: Call): string {
  return `${operation} ${state}`;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
