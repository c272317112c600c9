import type { RequirementId } from '../catalogue/requirements';
import type { Deviation } from './deviation';
import type { NotJudged } from './not-judged';

/** A check by its name, and the value that it compares with, so that a recording can be judged by it again. */
export interface Check {
  name: string;
  expectedValue?: string | undefined;
}

/** A judgement of a test on an exchange, or why it can't be made. */
export interface JudgementReport {
  test: string;
  requirement: RequirementId;
  exchange: number;
  /** The check that found it; absent where there was no answer to check. */
  check?: Check | undefined;
  deviation?: Deviation | undefined;
  notJudged?: NotJudged | undefined;
}

export interface TestEnd {
  test: string;
  /** All that the test was to judge. */
  requirements: RequirementId[];
  /** Why the rest of the test was not judged. */
  notJudged?: NotJudged | undefined;
}
