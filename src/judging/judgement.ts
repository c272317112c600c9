import type { RequirementId } from '../catalogue/requirements';
import type { Deviation } from './deviation';
import type { NotJudged } from './not-judged';

/** A check by its name, and the value that it compares with, so that a recording can be judged by it again. */
export interface Check {
  name: string;
  expectedValue?: unknown;
}

/** A test's judgement of an exchange, or why it could not judge. */
export interface JudgementReport {
  test: string;
  requirement: RequirementId;
  exchange: number;
  /** The check that judged it; absent where there was no response to check. */
  check?: Check | undefined;
  deviation?: Deviation | undefined;
  notJudged?: NotJudged | undefined;
}

export interface TestEnd {
  test: string;
  /** All requirements that the test was to judge. */
  requirements: RequirementId[];
  /** Why the rest of them was not judged. */
  notJudged?: NotJudged | undefined;
}
