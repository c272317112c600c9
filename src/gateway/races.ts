import type { Call, RaceEntry, RaceResult, RacingState, Reply } from './call';
import type { Ledger } from './ledger';
import type { Lifetime } from './lifetime';
import { describeOutage, isAnswer, retryAfterMs } from './outage';
import type { OutageDetector } from './outage-detector';
import type { Pace } from './pace';
import type { ProviderStates, ProviderStep } from './provider-states';
import { BackOff } from './retry';
import type { Sent } from './retrying-transport';
import type { Received, Transport } from './transport';
import type { WireRequest, WireResult } from './wire-message';

type Raced = Sent & { call: Call };
type Approval = RacingState & { url: URL };

/** What a test has waited for since its race was first turned away. */
interface Waits {
  backOff: BackOff;
  /** The last of the waits. */
  waitedMs: number;
  /** How many exchanges there were before them. */
  since: number;
}

/**
 * Runs races. Nothing is repeated inside of a race: a request that is sent again alone no longer races. A race that was
 * turned away as a whole is run again by its test, which makes a new session for it.
 */
export class Races {
  rateLimited = 0;
  /** By test. */
  private readonly waits = new Map<string, Waits>();

  constructor(
    private readonly transport: Transport,
    private readonly detector: OutageDetector,
    private readonly providerStates: ProviderStates,
    private readonly ledger: Ledger,
    private readonly pace: Pace,
    private readonly lifetime: Lifetime,
    private readonly requestTimeoutMs: number,
    private readonly replyTo: (call: Call, sent: Sent) => Reply,
  ) {}

  async run(entries: RaceEntry[], approval?: Approval): Promise<RaceResult> {
    const test = entries[0]?.call.test ?? '';
    // Making another session for it may have used up what the rate limiter allows.
    await this.lifetime.pause(this.waits.get(test)?.waitedMs ?? 0);
    const after = this.transport.exchanges.length;
    const request = this.requestFor(approval);
    const aside = request && { request, isFirst: approval?.isFirst ?? false };
    const { received, aside: approved, batch } = await this.transport.race(entries, aside);
    const raced = await Promise.all(received.map((one) => this.classify(one)));
    const turnedAway = raced.every((one) => one.turnedAway);
    const mayPass = turnedAway && (await this.wait(test, raced));
    if (!turnedAway) this.waits.delete(test);
    const replies = this.repliesTo(raced);
    const race = { batch, isFirst: aside?.isFirst ?? false };
    const provided = await this.provided(approval, approved, { after, race });
    return { replies, turnedAway: mayPass && !this.lifetime.over, ...(provided && { provided }) };
  }

  private async classify(received: Received & { call: Call }): Promise<Raced> {
    const { exchange, call } = received;
    const status = exchange.failure ? undefined : exchange.answer?.status;
    const turnedAway = status === 429 || status === 503;
    if (turnedAway) this.rateLimited++;
    if (status === 502 || status === 504)
      exchange.failure = {
        kind: 'bad-gateway',
        message: `status ${status} in a race: it is unknown whether the request took effect`,
      };
    else if (!turnedAway) await this.detector.check(call, exchange);
    const { kind } = exchange.failure ?? {};
    const retryable = kind === 'reset' || kind === 'bad-gateway' || kind === 'proxy';
    return { ...received, turnedAway, retryable };
  }

  /** @returns whether the race may be run again */
  private async wait(test: string, raced: Raced[]): Promise<boolean> {
    const bound = 2 * this.requestTimeoutMs;
    const { exchanges } = this.transport;
    const { backOff, since } = this.waits.get(test) ?? {
      backOff: new BackOff(performance.now() + bound, 'cut'),
      since: exchanges.length,
    };
    const askedMs = raced.map(({ exchange }) => retryAfterMs(exchange.answer) ?? 0);
    const waitMs = backOff.next(Math.max(...askedMs));
    this.waits.set(test, { backOff, since, waitedMs: waitMs ?? 0 });
    if (waitMs !== undefined) {
      this.pace.holdBack(waitMs);
      await this.lifetime.pause(waitMs);
      return true;
    }
    const [first] = raced;
    // Where requests pass that don't race, such as those that made its sessions, only races are turned away.
    const isUp = exchanges.slice(since).some((one) => one.batch === undefined && isAnswer(one));
    if (!isUp && first) this.detector.declare(`${describeOutage(first.exchange)} (waited for ${bound} ms)`);
    return false;
  }

  /** In the order of the entries; the ledger follows the answers in the order in which they came. */
  private repliesTo(raced: Raced[]): Reply[] {
    const inOrder = [...raced].sort((a, b) => a.exchange.n - b.exchange.n);
    const replies = new Map(inOrder.map((one) => [one, this.replyTo(one.call, one)]));
    return raced.flatMap((one) => replies.get(one) ?? []);
  }

  private requestFor(approval: Approval | undefined): WireRequest | undefined {
    const record = this.ledger.find(approval?.session);
    return approval && record && this.providerStates.requestFor(record, approval.state, approval.url);
  }

  private async provided(
    approval: Approval | undefined,
    sent: WireResult | undefined,
    place: Pick<ProviderStep, 'after' | 'race'>,
  ): Promise<RaceResult['provided']> {
    const record = this.ledger.find(approval?.session);
    if (!approval || !record || !sent) return undefined;
    const result = await this.providerStates.resultOf(record, approval.state, sent, place);
    return { ...result, sentAtMs: sent.sentAtMs, answeredAtMs: sent.answeredAtMs };
  }
}
