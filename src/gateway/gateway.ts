import type { Contract } from '../contract/contract';
import type { FindingsCollector } from '../judging/collector';
import type { Exchange } from '../judging/exchange';
import type { NotJudged } from '../judging/not-judged';
import { proxySecrets } from '../network/proxy';
import { Answers } from './answers';
import { OfferedSessions } from './approval';
import type {
  Call,
  Outcome,
  ProviderState,
  ProviderStateResult,
  RaceEntry,
  RaceResult,
  RacingState,
  Reply,
} from './call';
import { CleanUp, type Left } from './clean-up';
import { Guards } from './guards';
import { keysIn } from './keys';
import { Ledger } from './ledger';
import { Lifetime } from './lifetime';
import { OutageDetector, preflightCall } from './outage-detector';
import { Pace } from './pace';
import { ProviderStates, type ProviderStep } from './provider-states';
import { Races } from './races';
import { RetryingTransport, type Sent } from './retrying-transport';
import { Secrets } from './secrets';
import type { GatewaySettings } from './settings';
import { Trace } from './trace';
import { Translator, type ApiRequest } from './translator';
import { Transport } from './transport';
import { Wire } from './wire';

/**
 * The one way to the target. One gateway serves a whole run; it lives in the runner, so that it outlives any worker. The
 * jobs are done by its parts: pace and retries, outage detection, the ledger of sessions, secrets, provider states,
 * clean-up.
 */
export class Gateway {
  readonly secrets = new Secrets();
  readonly ledger = new Ledger(this.secrets);
  /** The trace that the requests of the run belong to, in hex; undefined where the run isn't traced. */
  readonly traceId: string | undefined;
  /** Sessions for a person to approve. */
  readonly offers: OfferedSessions;

  private readonly lifetime = new Lifetime();
  private readonly wire: Wire;
  private readonly pace: Pace;
  private readonly transport: Transport;
  private readonly detector: OutageDetector;
  private readonly retrying: RetryingTransport;
  private readonly races: Races;
  private readonly answers: Answers;
  private readonly guards: Guards;
  private readonly providerStates: ProviderStates;
  private readonly cleanUp: CleanUp;
  private preflight: Promise<string | undefined> | undefined;
  private closed: Promise<Left> | undefined;
  private readonly inFlight = new Set<Promise<unknown>>();

  constructor(
    base: URL,
    private readonly settings: GatewaySettings,
    contract: Contract,
    collector: FindingsCollector,
  ) {
    const { secrets, ledger, lifetime } = this;
    const { requestTimeoutMs } = settings;
    this.wire = new Wire(base, requestTimeoutMs, settings.certificates, settings.isAnswering);
    this.pace = new Pace(settings.maxRequestsPerSecond, lifetime);
    const trace = settings.traceparent ? new Trace() : undefined;
    this.traceId = trace?.id;
    const translator = new Translator(base, settings.extraHeaders, secrets, trace);
    this.answers = new Answers(contract, collector, ledger, secrets, lifetime);
    this.transport = new Transport(
      base,
      this.wire,
      translator,
      this.pace,
      ledger,
      secrets,
      (exchange, bytes) => this.answers.lateBytes(exchange, bytes),
    );
    this.detector = new OutageDetector(this.transport, ledger, this.pace, lifetime, requestTimeoutMs);
    this.retrying = new RetryingTransport(
      this.transport,
      this.detector,
      ledger,
      this.pace,
      lifetime,
      requestTimeoutMs,
    );
    this.providerStates = new ProviderStates(this.wire, this.transport, ledger, lifetime, requestTimeoutMs);
    this.races = new Races(
      this.transport,
      this.detector,
      this.providerStates,
      ledger,
      this.pace,
      lifetime,
      requestTimeoutMs,
      (call, sent) => this.replyTo(call, sent),
    );
    this.guards = new Guards(this.transport, ledger);
    this.cleanUp = new CleanUp(this.transport, ledger);
    this.offers = new OfferedSessions(
      () => this.ready(),
      this.retrying,
      this.transport,
      this.answers,
      this.cleanUp,
      ledger,
      lifetime,
      requestTimeoutMs,
    );
    this.labelSettings(base);
  }

  private labelSettings(base: URL): void {
    const { completedSessionId, expiredSessionId, providerStateUrl } = this.settings;
    for (const id of [completedSessionId, expiredSessionId])
      if (id !== undefined) this.secrets.label('GIVEN', id);
    for (const value of providerStateUrl?.searchParams.values() ?? [])
      if (value.length >= 8) this.secrets.label('KEY', value);
    for (const key of [...keysIn(base.href), ...proxySecrets()]) this.secrets.label('KEY', key);
    const { passphrase } = this.settings.certificates;
    if (passphrase) this.secrets.label('KEY', passphrase);
  }

  get exchanges(): Exchange[] {
    return this.transport.exchanges;
  }

  /** What the provider-state endpoint was asked for. */
  get providerSteps(): ProviderStep[] {
    return this.providerStates.steps;
  }

  /** How many requests were sent to the target. */
  get requests(): number {
    return this.transport.requests;
  }

  /** How many of them were answered "come back later". */
  get rateLimited(): number {
    return this.detector.rateLimited + this.retrying.rateLimited + this.races.rateLimited;
  }

  get outage(): NotJudged | undefined {
    return this.lifetime.outage;
  }

  /** The preflight, or a later request, has created a session. */
  get creates(): boolean {
    return this.outage === undefined && this.ledger.created.length > 0;
  }

  /**
   * Makes the preflight, once.
   * @returns the label of the session that it created, if any
   */
  ready(): Promise<string | undefined> {
    return (this.preflight ??= this.lifetime.over
      ? Promise.resolve(undefined)
      : this.track(this.runPreflight()));
  }

  private async runPreflight(): Promise<string | undefined> {
    const created = await this.detector.preflight();
    return created && this.answers.enter(preflightCall('create'), created)?.label;
  }

  /** Ends a run that can't go on: only the clean-up is still sent. */
  giveUp(why: NotJudged): void {
    this.lifetime.giveUp(why);
  }

  /** Sends a request of a test, repeats it where that is allowed, and judges its answer. */
  send(call: Call, request: ApiRequest): Promise<Reply> {
    return this.track(this.sendAndJudge(call, request));
  }

  private async sendAndJudge(call: Call, request: ApiRequest): Promise<Reply> {
    await this.ready();
    const refusal = this.lifetime.over ?? (await this.guards.refusal(call));
    if (refusal) return { outcome: notSent(refusal), exchange: undefined };
    return this.replyTo(call, await this.retrying.send(call, request));
  }

  /**
   * Sends requests at the same moment, each on a connection of its own, all but the last byte of each beforehand.
   * @param approval a provider state to set up in that moment, and the endpoint for it
   */
  race(entries: RaceEntry[], approval?: RacingState & { url: URL }): Promise<RaceResult> {
    return this.track(this.raceAndJudge(entries, approval));
  }

  private async raceAndJudge(
    entries: RaceEntry[],
    approval: (RacingState & { url: URL }) | undefined,
  ): Promise<RaceResult> {
    await this.ready();
    const refusals = await Promise.all(entries.map(({ call }) => this.guards.refusal(call)));
    const refusal = this.lifetime.over ?? refusals.find((one) => one !== undefined);
    if (refusal) {
      const replies = entries.map(() => ({ outcome: notSent(refusal), exchange: undefined }));
      return { replies, turnedAway: false };
    }
    return this.races.run(entries, approval);
  }

  private replyTo(call: Call, sent: Sent): Reply {
    if (sent.exchange.failure?.kind === 'timeout' && !this.outage) this.guards.timedOut(call);
    return { outcome: this.answers.outcomeOf(call, sent), exchange: sent.exchange };
  }

  /** Asks the provider-state endpoint to bring a session into a state. */
  provide(label: string, state: ProviderState, url: URL | undefined): Promise<ProviderStateResult> {
    return this.providerStates.provide(label, state, url);
  }

  /** Work that the end of the run waits for. */
  private async track<T>(work: Promise<T>): Promise<T> {
    this.inFlight.add(work);
    return work.finally(() => this.inFlight.delete(work));
  }

  /**
   * Lets nothing new begin, waits for requests in flight (one may be a create), and denies what the run created and left
   * pending, within one request timeout and what the pace takes. Closes once, however often it is called.
   */
  close(): Promise<Left> {
    return (this.closed ??= this.closeOnce());
  }

  private async closeOnce(): Promise<Left> {
    this.lifetime.close();
    while (this.inFlight.size > 0) await Promise.allSettled(this.inFlight);
    const paceMs = this.outage ? 0 : this.pace.msFor(this.cleanUp.pending.length);
    await this.cleanUp.denyAll(performance.now() + this.settings.requestTimeoutMs + paceMs);
    this.wire.close();
    this.answers.refusedToCleanUp(this.cleanUp.refused);
    return this.cleanUp.left();
  }
}

function notSent(notJudged: NotJudged): Outcome {
  return { exchange: 0, status: 0, isDocumented: false, seen: 'unclear', mayHaveExpired: false, notJudged };
}
