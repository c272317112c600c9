import type { Contract } from '../contract/contract';
import { checkedResponseOf } from '../judging/checked-response';
import { isDenied, runCheck } from '../judging/checks';
import type { FindingsCollector } from '../judging/collector';
import { classed, type Deviation } from '../judging/deviation';
import { seenState, shownKey, type Exchange } from '../judging/exchange';
import type { JudgementReport } from '../judging/judgement';
import { judgeAnswer } from '../judging/rules';
import type { Call, Outcome } from './call';
import type { Ledger, SessionRecord } from './ledger';
import type { Lifetime } from './lifetime';
import type { Sent } from './retrying-transport';
import type { Secrets } from './secrets';
import type { Received } from './transport';

const MAX_QUOTED_BYTES = 40;

/** Judges each complete answer, enters what it says into the ledger, and tells the test its outcome. */
export class Answers {
  constructor(
    private readonly contract: Contract,
    private readonly collector: FindingsCollector,
    private readonly ledger: Ledger,
    private readonly secrets: Secrets,
    private readonly lifetime: Lifetime,
  ) {}

  outcomeOf(call: Call, sent: Sent): Outcome {
    const { exchange, retryable } = sent;
    const { n, answer, failure, mayHaveExpired, operation, reused } = exchange;
    const status = answer?.status ?? 0;
    const outcome: Outcome = {
      exchange: n,
      status,
      isDocumented: operation !== 'other' && this.contract.response(operation, status) !== undefined,
      seen: seenState(operation, answer),
      mayHaveExpired,
    };
    const { outage } = this.lifetime;
    if (outage) return { ...outcome, notJudged: outage };
    if (sent.turnedAway) return { ...outcome, turnedAway: true };
    if (failure) return { ...outcome, failure: { ...failure, retryable, reused } };
    const created = this.enter(call, sent);
    return {
      ...outcome,
      apiKey: shownKey(exchange),
      ...(created && { created: this.ledger.factsOf(created) }),
    };
  }

  /** @returns the session that the answer to a create tells of */
  enter(call: Call, { exchange, json }: Received): SessionRecord | undefined {
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
      for (const judgement of judgeAnswer(exchange, exchange.answer, this.contract, facts)) {
        const { deviation } = judgement;
        this.collector.judged(
          { ...judgement, ...(deviation && { deviation: this.masked(deviation) }) },
          exchange,
        );
      }
    }
    this.ledger.follow(exchange);
    return entered?.record;
  }

  /** Denials of pending sessions that the clean-up sent in vain; where there is a violation, that may be the reason. */
  refusedToCleanUp(denials: readonly Exchange[]): void {
    if (this.lifetime.outage || this.collector.seen().some(({ finding }) => finding.class === 'violation'))
      return;
    for (const exchange of denials) {
      const found = runCheck(isDenied, checkedResponseOf(exchange, this.contract)).deviation;
      const deviation = found && classed('DENY-1', found);
      this.report({ test: exchange.test, requirement: 'DENY-1', check: isDenied, deviation }, exchange);
    }
  }

  /** Bytes behind a complete answer: the next answer on that connection would begin with them. */
  lateBytes(exchange: Exchange, bytes: Buffer): void {
    // Requests outside of the three operations are judged for their effect only.
    if (exchange.operation === 'other') return;
    const text = JSON.stringify(bytes.toString('latin1', 0, MAX_QUOTED_BYTES));
    const deviation = {
      code: 'malformed' as const,
      class: 'violation' as const,
      expected: 'nothing behind the end of the response',
      actual: `${bytes.length} bytes that begin with ${this.secrets.mask(text)}`,
    };
    this.report({ test: exchange.test, requirement: 'WIRE-3', deviation }, exchange);
  }

  private report(judgement: Omit<JudgementReport, 'exchange'>, exchange: Exchange): void {
    exchange.judgements.push(judgement);
    this.collector.reported(judgement, exchange);
  }

  /** Schemas validate the body with its secrets, which the deviation may quote. */
  private masked(deviation: Deviation): Deviation {
    const { pointer, expected, actual } = deviation;
    const at = pointer !== undefined && { pointer: this.secrets.mask(pointer) };
    return { ...deviation, ...at, expected: this.secrets.mask(expected), actual: this.secrets.mask(actual) };
  }
}
