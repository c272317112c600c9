import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type {
  FullConfig,
  FullResult,
  Suite,
  TestCase,
  TestError,
  TestResult,
} from '@playwright/test/reporter';
import { current, type ReportedRun } from './current-run';
import type { Statement } from './statement';
import ExpectedFailures from './expected-failures';
import { drawSessionStates } from './session-states-picture';
import { isGreen } from './reading';
import { renderSummary } from './summary';
import { renderStatement } from './terminal';
import { requirementsOf } from '../catalogue/tags';
import { FINDINGS_ANNOTATION, nameOf } from './annotations';
import type { NotJudged } from '../judging/not-judged';

const CONTRACT_PROJECT = 'contract';
const INTERRUPTED = 'the run was interrupted';
/** By then Playwright has started the worker of the tests, which loading the run would hold up. */
const WORKER_STARTS_MS = 15;

/** Writes the conformance statement into Playwright's output directory, and its short form as the last lines. */
export default class ConformanceReporter extends ExpectedFailures {
  private outputDir = '';
  private isContractRun = false;
  private tests: TestCase[] = [];
  private statement: Statement | undefined;

  override printsToStdio(): boolean {
    return false;
  }

  onBegin(config: FullConfig, suite: Suite): void {
    const project = config.projects.find(({ name }) => name === CONTRACT_PROJECT);
    this.outputDir = project?.outputDir ?? '';
    this.tests = suite.allTests().filter(isContractTest);
    // Where nothing was found to run, or nothing could be, that is to be stated too.
    this.isContractRun = this.tests.length > 0 || suite.allTests().length === 0;
    const selected = [...new Set(this.tests.flatMap(({ tags }) => requirementsOf(tags)))];
    if (this.tests.length > 0) setTimeout(() => withRun((run) => run.begin(selected)), WORKER_STARTS_MS);
    current.beforeReports = () => this.attachSummary();
  }

  override onTestEnd(test: TestCase, result: TestResult): void {
    super.onTestEnd(test, result);
    const isJudged =
      result.status === 'passed' ||
      result.status === 'skipped' ||
      result.annotations.some(({ type }) => type === FINDINGS_ANNOTATION);
    if (isJudged || !isContractTest(test)) return;
    withRun((run) => {
      if (result.status === 'interrupted') {
        miss(run, test, { cause: 'interrupted', reason: INTERRUPTED });
      } else {
        const what = run.mask(firstLine(result.error));
        miss(run, test, { cause: 'crash', reason: `the test broke: ${what}` });
        run.errors.push(`"${test.title}" broke, which is an error of the suite or of its worker: ${what}`);
      }
    });
  }

  onError(error: TestError): void {
    withRun((run) => {
      run.errors.push(run.mask(firstLine(error)));
      run.cutShort = true;
    });
  }

  async onEnd(result: FullResult): Promise<{ status?: FullResult['status'] } | undefined> {
    if (!this.isContractRun) return undefined;
    const run = await current.open?.().catch((error: Error) => {
      current.whyNoRun = [error.message];
      return undefined;
    });
    if (!run && !current.whyNoRun) return undefined;
    if (run) {
      const isCut = result.status === 'interrupted' || result.status === 'timedout';
      if (isCut)
        run.errors.push(
          result.status === 'interrupted' ? INTERRUPTED : 'the run took longer than its global timeout',
        );
      for (const test of this.tests)
        if (isCut && test.results.length === 0)
          miss(run, test, { cause: 'interrupted', reason: INTERRUPTED });
      run.cutShort ||= isCut;
    }
    this.statement = run ? await run.state() : current.stateNothing?.(current.whyNoRun ?? []);
    if (!this.statement) return undefined;
    this.writeSummary(this.statement);
    if (run)
      writeFileSync(join(this.outputDir, 'exchanges.har'), JSON.stringify(run.recording(), undefined, 1));
    writeFileSync(
      join(this.outputDir, 'conformance.json'),
      `${JSON.stringify(this.statement, undefined, 2)}\n`,
    );
    return isGreen(this.statement) || result.status !== 'passed' ? undefined : { status: 'failed' };
  }

  /** Gives the summary to each test that failed, or else to the last one, so that all reports have it. */
  private async attachSummary(): Promise<void> {
    const last = this.tests.flatMap(({ results }) => results.slice(-1));
    if (!this.isContractRun || !current.run || last.length === 0) return;
    const statement = await current.run.state();
    const path = this.writeSummary(statement);
    const failed = last.filter(({ status }) => status !== 'passed' && status !== 'skipped');
    for (const { attachments } of failed.length > 0 ? failed : last.slice(-1))
      attachments.push(
        { name: 'summary.md', contentType: 'text/markdown', path },
        {
          name: 'session-states.svg',
          contentType: 'image/svg+xml',
          body: Buffer.from(drawSessionStates(statement.requirements)),
        },
      );
  }

  /** @returns where it is */
  private writeSummary(statement: Statement): string {
    const path = join(this.outputDir, 'summary.md');
    mkdirSync(this.outputDir, { recursive: true });
    writeFileSync(path, renderSummary(statement, current.previous));
    return path;
  }

  // The last word: other reporters say where their reports are when the run has ended.
  onExit(): Promise<void> {
    if (this.statement) process.stdout.write(renderStatement(this.statement, current.previous));
    return Promise.resolve();
  }
}

/** Where the run can't be opened, each test that asks for it says so. */
function withRun(work: (run: ReportedRun) => void): void {
  void current.open?.().then(work, () => undefined);
}

function miss(run: ReportedRun, test: TestCase, notJudged: NotJudged): void {
  run.endTest(nameOf(test.location.file, test.title), requirementsOf(test.tags), notJudged);
}

function isContractTest(test: TestCase): boolean {
  return test.parent.project()?.name === CONTRACT_PROJECT;
}

function firstLine(error: TestError | undefined): string {
  const text = stripVTControlCharacters(error?.message ?? 'unknown');
  return text.replace(/^Error: /, '').split('\n')[0] ?? '';
}
