import { MAX_TEXT, printable, printableTexts } from '../judging/printable';
import type { StatedFinding, StatedRequirement, Statement } from './statement';

/** Below what the suite reads again as PREVIOUS, and what CI services keep. */
const MAX_STATEMENT_BYTES = 1_900_000;
/** A line of shell is whole or not there at all. */
const MAX_LINE = 16_000;
/** Settings and their files are named with whole paths. */
const MAX_ERROR = 2000;
const MAX_ERRORS = 100;
/** Findings of one requirement; fewer where the statement would be too large. */
const MAX_FINDINGS = [50, 10, 2, 1];

/** The statement with printable texts only, below a size that does not depend on what the API sends. */
export function bounded(statement: Statement): Statement {
  const { errors, requirements, left } = statement;
  const base: Statement = {
    ...statement,
    errors: capped(errors).map((error) => printable(error, MAX_ERROR)),
    left: { ...left, sessions: capped(left.sessions).map((label) => printable(label)) },
  };
  for (const max of MAX_FINDINGS) {
    const result = { ...base, requirements: requirements.map((one) => boundedRequirement(one, max)) };
    if (Buffer.byteLength(JSON.stringify(result, undefined, 2)) <= MAX_STATEMENT_BYTES) return result;
  }
  return { ...base, requirements: requirements.map((one) => boundedRequirement(one, 0)) };
}

function capped(texts: string[]): string[] {
  const more = texts.length - MAX_ERRORS;
  return more > 0 ? [...texts.slice(0, MAX_ERRORS), `and ${more} more`] : texts;
}

function boundedRequirement(requirement: StatedRequirement, max: number): StatedRequirement {
  const { reason, findings } = requirement;
  const more = findings.length - max;
  return {
    ...requirement,
    ...(reason !== undefined && { reason: printable(reason) }),
    findings: findings.slice(0, max).map(boundedFinding),
    ...(more > 0 && { moreFindings: more }),
  };
}

export function boundedFinding({ curl, ...finding }: StatedFinding): StatedFinding {
  const texts = printableTexts(finding, 2 * MAX_TEXT);
  // Its line breaks, if it has any, are the shell's.
  return { ...texts, ...(curl !== undefined && curl.length <= MAX_LINE && { curl }) };
}
