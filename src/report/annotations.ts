import { basename } from 'path';

export const CONTRACT_PROJECT = 'contract';
/** The Playwright projects whose tests judge the target, and whose runs end in a statement. */
export const JUDGING_PROJECTS = [CONTRACT_PROJECT, 'explore'];

/** Marks a test whose findings fail it; the reporter knows such a failure from one of the suite's own. */
export const FINDINGS_ANNOTATION = 'findings';

/** What the statement knows a test by. */
export function nameOf(file: string, title: string): string {
  return `${basename(file)} › ${title}`;
}
