import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';
import { Output } from './output';

/** Prints why a test was skipped, below the line that Playwright's list reporter has for it, which leaves that out. */
export default class SkipReasonsReporter implements Reporter {
  private readonly output = new Output(process.stdout);

  onTestEnd(_test: TestCase, { status, annotations }: TestResult): void {
    const reason = annotations.find(({ type }) => type === 'skip')?.description;
    if (status === 'skipped' && reason !== undefined) this.output.write(`         skipped: ${reason}\n`);
  }
}
