import type { TestResult } from '@playwright/test/reporter';
import { current } from './current-run';

/** Errors come from workers, which don't know the secrets of the run: labels take their places. */
export function maskErrors({ errors }: TestResult): void {
  const { run } = current;
  if (run) for (const error of errors) Object.assign(error, run.mask({ ...error }));
}
