import type { RequirementId } from '../catalogue/requirements';
import { UNTESTABLE, type RequirementResult } from '../judging/collector';
import type { NotJudged } from '../judging/not-judged';

/** From the worst to the best: where several apply, the first one is the verdict. */
export const VERDICTS = ['deviates', 'drifts', 'misconfigured', 'untestable', 'conforms'] as const;

export type Verdict = (typeof VERDICTS)[number];

/** One verdict, one exit code. */
export const EXIT_CODES: Record<Verdict, 0 | 1 | 2> = {
  deviates: 1,
  drifts: 1,
  misconfigured: 2,
  untestable: 2,
  conforms: 0,
};

/**
 * What went wrong beside the API. `misconfigured`: settings, the pin, or entries of known deviations; `untestable`: an
 * interruption, a crash, or an error of the suite itself.
 */
export interface RunError {
  kind: 'misconfigured' | 'untestable';
  message: string;
}

/** What a verdict depends on. */
export interface Evidence {
  results: RequirementResult[];
  /** What the run is about: requirements of the selected tests, and what every response is judged by. */
  selected: ReadonlySet<RequirementId>;
  /** Of these, what the selected tests are about; a run that judged none of it has judged nothing. */
  tested?: ReadonlySet<RequirementId>;
  /** Requirements that must have been judged (REQUIRE). */
  required: readonly RequirementId[];
  driftFails: boolean;
  outage: NotJudged | undefined;
  errors: readonly RunError[];
}

export function verdictOf(evidence: Evidence): Verdict {
  const { results, driftFails, errors } = evidence;
  const open = results.flatMap(({ findings }) => findings).filter(({ accepted }) => !accepted);
  if (open.some((finding) => finding.class === 'violation')) return 'deviates';
  if (driftFails && open.some((finding) => finding.class === 'drift')) return 'drifts';
  if (errors.some(({ kind }) => kind === 'misconfigured')) return 'misconfigured';
  return errors.length > 0 || isUntestable(evidence) ? 'untestable' : 'conforms';
}

function isUntestable(evidence: Evidence): boolean {
  const { results, outage, selected, tested = selected } = evidence;
  const hasFindings = results.some(({ findings }) => findings.length > 0);
  // What blocks a requirement is a finding. Without a finding, something went wrong that no requirement covers.
  const isUnjudged = ({ cause }: NotJudged): boolean =>
    UNTESTABLE.has(cause) || (cause === 'blocked' && !hasFindings);
  const nothing = !results.some((result) => isJudged(result, { selected: tested }));
  return (
    outage !== undefined ||
    nothing ||
    results.some(({ missed }) => missed.some(isUnjudged)) ||
    unjudgedRequired(evidence).length > 0
  );
}

/** Requirements of tests that were not selected may be judged all the same; they don't count. */
export function isJudged(
  { id, outcome }: RequirementResult,
  { selected }: Pick<Evidence, 'selected'>,
): boolean {
  return selected.has(id) && outcome !== 'not-judged';
}

/** What REQUIRE names and the run has not judged. */
export function unjudgedRequired({
  results,
  required,
}: Pick<Evidence, 'results' | 'required'>): RequirementResult[] {
  return results.filter(({ id, outcome }) => required.includes(id) && outcome === 'not-judged');
}
