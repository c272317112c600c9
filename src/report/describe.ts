import { requirement, type RequirementId } from '../catalogue/requirements';
import type { Finding } from '../judging/collector';
import { boundedFinding } from './bounded';
import { findingBrief, findingText } from './finding-text';
import { statedFinding, type RunRecord } from './statement-of';

/** Findings of one test that are told; its summary has more. */
const MAX_FINDINGS = 20;

/**
 * The findings of a test for its report: in full in the first test that saw them, in one line in the others, which name
 * the first.
 */
export function describeFindings(
  findings: readonly Finding[],
  test: string,
  run: Pick<RunRecord, 'traceId' | 'journal' | 'mask'>,
): string[] {
  const told = findings.slice(0, MAX_FINDINGS).map((finding) => describeFinding(finding, test, run));
  const more = findings.length - told.length;
  return more > 0 ? [...told, `and ${more} more findings: see summary.md`] : told;
}

function describeFinding(
  finding: Finding,
  test: string,
  run: Pick<RunRecord, 'traceId' | 'journal' | 'mask'>,
): string {
  const id: RequirementId = finding.requirement;
  const { level, title } = requirement(id);
  const stated = boundedFinding(statedFinding(finding, run));
  const masked = run.mask ? run.mask(stated) : stated;
  const [first = test] = finding.tests;
  return first === test
    ? findingText({ id, level, title }, masked, undefined, true)
    : findingBrief({ id }, masked, first);
}
