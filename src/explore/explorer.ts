import type { NotJudged } from '../judging/not-judged';
import { attemptName } from './held-findings';
import { shrink } from './shrink';
import type { Walk } from './steps';
import type { TraceEntry } from './trace';
import { Walker, type Attempt } from './walker';
import { isSameKind, type Failure } from './failure';
import type { WalkTarget } from './walk-target';
import { walkOf, type WalkOptions } from './walks';

/** A walk that fails, in its shortest form. */
export interface FailingWalk {
  walk: number;
  seed: number;
  failure: Failure;
  steps: Walk;
  trace: TraceEntry[];
  /** How often this form failed, of how many attempts. */
  failed: number;
  attempts: number;
  /** How many steps it had when it was found. */
  foundWithSteps: number;
}

export type WalkOutcome = { failing?: FailingWalk } | { notJudged: NotJudged };

export interface ExplorerOptions extends WalkOptions {
  seed: number;
  hookKeepsRules: boolean;
  /** How many requests the run may still send. */
  requestsLeft: () => Promise<number>;
}

/** Requests that the search for the shortest form of one walk may take. */
const SHRINK_REQUESTS = 150;
/** An intermittent failure is looked for so often in each form. */
const INTERMITTENT_TRIES = 3;
/** The shortest form is tried so often in all, to tell whether the failure is intermittent. */
const CONFIRMATIONS = 3;

/** Walks one of the walks of a seed, and finds the shortest form of it that fails. */
export async function explore(
  target: WalkTarget,
  walk: number,
  options: ExplorerOptions,
): Promise<WalkOutcome> {
  const left = await options.requestsLeft();
  if (left <= 0)
    return {
      notJudged: { cause: 'setting', reason: 'the limit EXPLORE_REQUESTS was reached before this walk' },
    };
  return new Search(target, walk, options).run();
}

interface NamedAttempt {
  name: string;
  attempt: Attempt;
}

/** Attempts at one walk; the judgements of one of them count in the end. */
class Search {
  private attempts = 0;
  private spent = 0;
  private isIntermittent = false;
  private notJudged: NotJudged | undefined;
  /** The shortest attempt that has failed, or the first one. */
  private best: NamedAttempt | undefined;
  private readonly counts = new Map<string, { failed: number; attempts: number }>();

  constructor(
    private readonly target: WalkTarget,
    private readonly walk: number,
    private readonly options: ExplorerOptions,
  ) {}

  async run(): Promise<WalkOutcome> {
    const steps = walkOf(this.options.seed, this.walk, this.options);
    const { attempt: first } = await this.attempt(steps, true, await this.options.requestsLeft());
    const [failure] = first.failures;
    if (first.notJudged || !failure) return this.passed(first);
    const found = first.steps;
    this.countFailure(found, true);
    await this.again(found, failure);
    // A connection that broke once proves nothing.
    if (first.isBroken && this.isIntermittent) return this.passed({ ...first, failures: [] }, false);
    const shortest = await shrink(found, (form) => this.tryForm(form, failure));
    await this.confirm(shortest, failure);
    return this.failed(failure, found.length);
  }

  private async passed(attempt: Attempt, counts = true): Promise<WalkOutcome> {
    if (this.best) await this.target.settle(this.best.name, counts);
    const notJudged = this.notJudged ?? attempt.notJudged;
    return notJudged ? { notJudged } : {};
  }

  private async failed(failure: Failure, foundWithSteps: number): Promise<WalkOutcome> {
    const best = this.best;
    if (!best) throw new Error('a walk that failed has an attempt');
    await this.target.settle(best.name, true);
    const { seed } = this.options;
    const { steps } = best.attempt;
    const shown = best.attempt.failures.find((one) => isSameKind(one, failure)) ?? failure;
    const { failed = 1, attempts = 1 } = this.counts.get(JSON.stringify(steps)) ?? {};
    return {
      failing: {
        walk: this.walk,
        seed,
        failure: shown,
        steps,
        trace: best.attempt.trace,
        failed,
        attempts,
        foundWithSteps,
      },
    };
  }

  private async attempt(steps: Walk, closes: boolean, maxRequests: number): Promise<NamedAttempt> {
    const name = attemptName(this.walk, ++this.attempts);
    const walker = new Walker(this.target, name, this.options.hookKeepsRules, maxRequests);
    const attempt = await walker.walk(steps, closes);
    if (!attempt.notJudged && (attempt.failures.length > 0 || !closes)) await this.tidyAfter(walker);
    if (!this.best) this.best = { name, attempt };
    else {
      this.spent += attempt.requests;
      this.notJudged ??= attempt.notJudged;
    }
    return { name, attempt };
  }

  private async tidyAfter(walker: Walker): Promise<void> {
    if (await this.isOver()) return;
    const name = attemptName(this.walk, ++this.attempts);
    this.spent += await walker.tidy(name);
    await this.target.settle(name, false);
  }

  /** Finds out whether a walk fails when it is repeated as it was. */
  private async again(steps: Walk, failure: Failure): Promise<void> {
    for (let i = 1; i < INTERMITTENT_TRIES && !(await this.isOver()); i++) {
      if (typeof (await this.tryOnce(steps, failure)) !== 'string') return;
      this.isIntermittent = true;
    }
    this.isIntermittent = true;
  }

  private async tryForm(steps: Walk, failure: Failure): Promise<Walk | 'passes' | 'over'> {
    for (let i = 0; i < (this.isIntermittent ? INTERMITTENT_TRIES : 1); i++) {
      if (await this.isOver()) return 'over';
      const result = await this.tryOnce(steps, failure);
      if (result !== 'passes') return result;
    }
    return 'passes';
  }

  /** @returns the steps up to the failure, where it is the same one */
  private async tryOnce(steps: Walk, failure: Failure): Promise<Walk | 'passes'> {
    const left = Math.min(SHRINK_REQUESTS - this.spent, await this.options.requestsLeft());
    const { name, attempt } = await this.attempt(steps, false, left);
    const failed = attempt.failures.some((one) => isSameKind(one, failure));
    this.countFailure(failed ? attempt.steps : steps, failed);
    const forgotten = failed ? this.best?.name : name;
    if (forgotten !== undefined) await this.target.settle(forgotten, false);
    if (!failed) return 'passes';
    this.best = { name, attempt };
    return attempt.steps;
  }

  private async confirm(steps: Walk, failure: Failure): Promise<void> {
    const attempts = (): number => this.counts.get(JSON.stringify(steps))?.attempts ?? 0;
    while (attempts() < CONFIRMATIONS && !(await this.isOver())) {
      const before = attempts();
      await this.tryOnce(steps, failure);
      if (attempts() === before) return;
    }
  }

  private countFailure(steps: Walk, failed: boolean): void {
    const key = JSON.stringify(steps);
    const { failed: failures, attempts } = this.counts.get(key) ?? { failed: 0, attempts: 0 };
    this.counts.set(key, { failed: failures + (failed ? 1 : 0), attempts: attempts + 1 });
  }

  private async isOver(): Promise<boolean> {
    return (
      this.notJudged !== undefined ||
      this.spent >= SHRINK_REQUESTS ||
      (await this.options.requestsLeft()) <= 0
    );
  }
}
