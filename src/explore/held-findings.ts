import { explanationsOf } from '../catalogue/explanations';
import { findingName } from '../catalogue/finding-name';
import type { RequirementId } from '../catalogue/requirements';
import { FindingsCollector, type Finding } from '../judging/collector';
import type { Judgement } from '../judging/deviation';
import type { Exchange } from '../judging/exchange';
import type { JudgementReport } from '../judging/judgement';
import type { KnownDeviations } from '../judging/known-deviations';
import { isSameKind, keyOf, type Failure, type FailureKey } from './failure';

type TestJudgement = Omit<JudgementReport, 'exchange'>;

interface Held {
  exchange: Exchange | undefined;
  /** Of a rule for single responses, or of the walk itself. */
  judgement: { ofRule: Judgement } | { ofTest: TestJudgement };
}

/** How the attempts of walks are named; all else that is judged counts at once. */
const ATTEMPT = /^walk \d+, attempt \d+$/;

export function attemptName(walk: number, attempt: number): string {
  return `walk ${walk}, attempt ${attempt}`;
}

/**
 * Collects findings, and holds those of attempts at walks back until it is known which of them counts: a walk is repeated
 * many times to find its shortest form, and what all these attempts show is one finding.
 */
export class HeldFindings extends FindingsCollector {
  private readonly judgedByTests = new Set<RequirementId>();
  private readonly judgedByWalks = new Set<RequirementId>();
  private readonly held = new Map<string, Held[]>();
  /** The findings of walks that were reported. */
  private readonly told: Failure[] = [];

  constructor(
    private readonly accepted: KnownDeviations,
    private readonly failsOnDrift: boolean,
  ) {
    super(accepted, failsOnDrift);
  }

  override judged(judgement: Judgement, exchange: Exchange | undefined, test = exchange?.test ?? ''): void {
    if (ATTEMPT.test(test)) {
      this.hold(test, { exchange, judgement: { ofRule: judgement } });
      return;
    }
    this.judgedByTests.add(judgement.requirement);
    super.judged(judgement, exchange, test);
  }

  override reported(judgement: TestJudgement, exchange: Exchange | undefined): void {
    const { test, requirement } = judgement;
    if (ATTEMPT.test(test)) {
      this.hold(test, { exchange, judgement: { ofTest: judgement } });
      return;
    }
    this.judgedByTests.add(requirement);
    super.reported(judgement, exchange);
  }

  private hold(test: string, held: Held): void {
    this.held.set(test, [...(this.held.get(test) ?? []), held]);
  }

  /** A walk does what it happens to do: that it doesn't meet an accepted deviation proves no entry stale. */
  override wasJudged(id: RequirementId): boolean {
    return this.judgedByTests.has(id);
  }

  /** Walks select no requirement beforehand: they are about what they have judged. */
  override get tested(): ReadonlySet<RequirementId> {
    return new Set([...super.tested, ...this.judgedByWalks]);
  }

  /** What an attempt has found that would fail the run, and that no walk has told. */
  failuresOf(test: string): Failure[] {
    const attempt = new FindingsCollector(this.accepted, this.failsOnDrift);
    for (const { judgement, exchange } of this.held.get(test) ?? []) {
      if ('ofRule' in judgement) attempt.judged(judgement.ofRule, exchange, test);
      else attempt.reported(judgement.ofTest, exchange);
    }
    return attempt
      .unaccepted(test)
      .filter((finding) => !this.isTold(finding))
      .map(failureOf);
  }

  /** It, or what explains it, was told before, or another finding of its kind, which then likely has the same cause. */
  private isTold(finding: Finding): boolean {
    const names = this.told.map(findingName);
    const failure = failureOf(finding);
    return (
      explanationsOf(finding).some(({ explainedBy }) => names.includes(explainedBy)) ||
      this.told.some((one) => isSameKind(one, failure))
    );
  }

  /** How many walks were walked. */
  walked = 0;

  /** The judgements of an attempt count, and what it has found is told. */
  accept(test: string): void {
    const failures = this.failuresOf(test);
    const isOfToldKind = (key: FailureKey): boolean =>
      this.told.some((one) => isSameKind(one, key) && keyOf(one) !== keyOf(key));
    for (const { judgement, exchange } of this.held.get(test) ?? []) {
      const { requirement, deviation } = 'ofRule' in judgement ? judgement.ofRule : judgement.ofTest;
      if (deviation && isOfToldKind({ requirement, code: deviation.code, pointer: deviation.pointer ?? '' }))
        continue;
      this.judgedByWalks.add(requirement);
      if ('ofRule' in judgement) super.judged(judgement.ofRule, exchange, test);
      else super.reported(judgement.ofTest, exchange);
    }
    this.told.push(...failures);
    this.walked++;
    this.held.delete(test);
  }

  /** The judgements of an attempt are forgotten, also where the recording of its exchanges is judged again. */
  forget(test: string, exchanges: readonly Exchange[]): void {
    this.held.delete(test);
    for (const exchange of exchanges) {
      if (exchange.test !== test) continue;
      exchange.isJudged = false;
      exchange.judgements = [];
    }
  }
}

function failureOf({ requirement, code, pointer = '', expected, actual, exchange }: Finding): Failure {
  return { requirement, code, pointer, expected, actual, exchange: exchange?.n ?? 0 };
}
