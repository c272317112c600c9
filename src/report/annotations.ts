import { basename } from 'path';

/** Marks a test whose findings fail it; the reporter knows such a failure from one of the suite's own. */
export const FINDINGS_ANNOTATION = 'findings';

/** Set by the reporter where it will show an expected failure as what it is. */
export const REPORTER_VARIABLE = 'SESSION_CONTRACT_REPORTER';

/** What the statement knows a test by. */
export function nameOf(file: string, title: string): string {
  return `${basename(file)} › ${title}`;
}
