import type { RequirementId } from '../catalogue/requirements';
import type { Previous } from './history';
import type { Statement } from './statement';
import type { RunError } from './verdict';
import type { NotJudged } from '../judging/not-judged';

/** A run as the reporter sees it. */
export interface ReportedRun {
  /** What went wrong beside the API; it ends up in the statement. */
  readonly errors: RunError[];
  /** Begins a run of tests that judge these requirements. */
  begin(requirements: readonly RequirementId[]): void;
  /** A test ended without judging all that it was to judge. */
  endTest(test: string, requirements: RequirementId[], notJudged: NotJudged): void;
  /** A value with labels in place of the secrets in its texts. */
  mask<T>(value: T): T;
  /** Cleans up, and states what the run has found. */
  state(): Promise<Statement>;
  /** Scripts that walk failing walks again, by the names of their files. */
  scripts(): { name: string; text: string }[];
  /** All exchanges of the run, as HAR. */
  recording(): object;
}

/** The run of this process, from when it is opened to the reporter's last word. */
export const current: {
  run?: ReportedRun;
  /** Opens the run, once. */
  open?: () => Promise<ReportedRun>;
  /** Why there is no run: wrong settings, or an error of the suite. */
  whyNoRun?: RunError[];
  /** The statements of earlier runs, to compare with. */
  previous?: Previous | undefined;
  /** What the run has found, from when it is known. */
  statement?: Statement;
  /**
   * Does what has to be done when all tests have ended and no reporter has written its report.
   * @returns what all reports are to tell and no test can: an outage, errors
   */
  beforeReports?: () => Promise<string | undefined>;
} = {};
