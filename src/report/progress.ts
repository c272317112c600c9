import { stripVTControlCharacters } from 'node:util';
import type { Reporter, Suite, TestCase, TestError, TestResult } from '@playwright/test/reporter';
import { JUDGING_PROJECTS } from './annotations';
import { current } from './current-run';
import { maskErrors } from './mask-errors';
import { Output } from './output';

/**
 * What shows while tests run, in place of Playwright's list: one line on a terminal, nothing elsewhere. What contract
 * tests found is the conformance reporter's to tell; failures of other tests, and errors of runs that have no statement,
 * are told here.
 */
export default class ProgressReporter implements Reporter {
  private readonly output = new Output(process.stdout);
  private readonly isListing: boolean;
  private readonly told: string[] = [];
  private readonly errors: string[] = [];
  private total = 0;
  private done = 0;

  constructor(options: { _mode?: string } = {}) {
    this.isListing = options._mode === 'list';
  }

  /** Playwright lists tests by itself where no reporter prints. */
  printsToStdio(): boolean {
    return !this.isListing;
  }

  onBegin(_config: unknown, suite: Suite): void {
    this.total = suite.allTests().length;
  }

  onTestBegin(test: TestCase): void {
    this.show(`${this.done} of ${this.total} tests: ${test.title}`);
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    maskErrors(result);
    this.done++;
    const isOthers = !JUDGING_PROJECTS.includes(test.parent.project()?.name ?? '');
    if (isOthers && !['passed', 'skipped'].includes(result.status))
      this.told.push([`✗ ${test.title}`, ...result.errors.map(textOf)].join('\n'));
  }

  onError(error: TestError): void {
    this.errors.push(textOf(error));
  }

  onEnd(): void {
    this.show('');
  }

  onExit(): Promise<void> {
    const lines = current.statement ? this.told : [...this.told, ...this.errors];
    if (lines.length > 0 && !this.isListing) this.output.write(`\n${lines.join('\n\n')}\n`);
    if (!current.statement && lines.length === 0 && !this.isListing)
      this.output.write(`\n${this.done} of ${this.total} tests ran, all as expected\n`);
    return Promise.resolve();
  }

  private show(line: string): void {
    if (this.output.isTerminal && !this.isListing)
      this.output.write(`\r\u001b[K${line.slice(0, this.output.width - 1)}`);
  }
}

function textOf({ message, value, stack }: TestError): string {
  return stripVTControlCharacters(stack ?? message ?? value ?? 'unknown error');
}
