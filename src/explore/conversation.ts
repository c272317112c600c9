import type { Call, Outcome, RaceEntry } from '../gateway/call';
import type { ApiRequest } from '../gateway/translator';
import type { JudgementReport } from '../judging/judgement';
import type { NotJudged } from '../judging/not-judged';
import { judgeFailure } from '../judging/rules';
import type { Failure } from './failure';
import type { TraceEntry } from './trace';
import type { StateJudgement } from './walk-session';
import type { BatchOutcome, WalkTarget } from './walk-target';

/** Ends an attempt. */
export class Ended extends Error {}

/** The requests of one attempt at a walk, and what is judged by them. */
export class Conversation {
  readonly trace: TraceEntry[] = [];
  /** What is new in the attempt; empty where nothing was found. */
  failures: Failure[] = [];
  requests = 0;
  /** A connection broke before any answer: that counts if it happens again. */
  isBroken = false;
  /** Why the run can't go on. */
  notJudged: NotJudged | undefined;
  private batches = 0;

  /**
   * @param name of the attempt, which its calls and judgements have as their test
   * @param maxRequests the attempt ends when so many were sent
   */
  constructor(
    readonly target: WalkTarget,
    readonly name: string,
    private readonly maxRequests: number,
  ) {}

  call(rest: Omit<Call, 'test'>): Call {
    return { test: this.name, ...rest };
  }

  /** Undefined where it was not sent. */
  async send(call: Call, request: ApiRequest): Promise<Outcome | undefined> {
    this.useUp(1);
    const outcome = await this.target.send(call, request);
    const { exchange, notJudged } = outcome;
    const keptConnection = typeof call.connection === 'object';
    if (exchange > 0) this.trace.push({ did: 'request', exchange, keptConnection });
    if (!notJudged) return outcome;
    this.stop(notJudged);
    return undefined;
  }

  /** @param approve label of a session that is approved in the same moment */
  async race(entries: RaceEntry[], approve: string | undefined): Promise<BatchOutcome> {
    this.useUp(entries.length);
    const result = await this.target.race(entries, approve);
    const batch = ++this.batches;
    for (const { exchange } of result.sent)
      if (exchange > 0) this.trace.push({ did: 'request', exchange, keptConnection: false, batch });
    if (approve !== undefined)
      this.trace.push({ did: 'provide', session: approve, state: 'session is completed', batch });
    for (const { notJudged } of result.sent) if (notJudged) this.stop(notJudged);
    return result;
  }

  private stop(notJudged: NotJudged): void {
    // What one request is not sent for, such as ids that are too short, leaves the others to go on.
    if (notJudged.cause === 'blocked' || notJudged.cause === 'setting') return;
    this.notJudged = notJudged;
    throw new Ended();
  }

  private useUp(requests: number): void {
    if (this.requests + requests > this.maxRequests) throw new Ended();
    this.requests += requests;
  }

  async judge(call: Call, outcome: Outcome | undefined, judgements: StateJudgement[]): Promise<void> {
    if (!outcome) return;
    const { exchange } = outcome;
    const reports = judgements.map((one): JudgementReport => ({ test: this.name, exchange, ...one }));
    await this.report([...reports, ...this.unanswered(call, outcome)]);
  }

  /** No complete answer, and no outage. */
  unanswered(call: Call, { exchange, failure }: Outcome): JudgementReport[] {
    if (!failure || call.operation === 'other' || call.state === 'malformed') return [];
    if (failure.reused && failure.retryable) return [];
    this.isBroken ||= failure.retryable;
    return [{ test: this.name, exchange, ...judgeFailure(call, failure, call.judgedAs) }];
  }

  /** @throws Ended where something new was found */
  async report(judgements: JudgementReport[]): Promise<void> {
    this.failures = await this.target.judge(this.name, judgements);
    if (this.failures.length > 0) throw new Ended();
  }
}
