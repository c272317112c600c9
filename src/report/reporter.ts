import { stripVTControlCharacters } from 'node:util';
import type {
  FullConfig,
  FullResult,
  Reporter,
  Suite,
  TestCase,
  TestError,
  TestResult,
} from '@playwright/test/reporter';
import { requirementsOf } from '../catalogue/tags';
import type { NotJudged } from '../judging/not-judged';
import { CONTRACT_PROJECT, JUDGING_PROJECTS, FINDINGS_ANNOTATION, nameOf } from './annotations';
import { Artifacts, STATEMENT_FILE, SUMMARY_FILE, unwritable } from './artifacts';
import { current, type ReportedRun } from './current-run';
import { historyOf } from './history';
import { maskErrors } from './mask-errors';
import { stateNothing } from './no-run';
import { OtherReports } from './other-reports';
import { Output } from './output';
import { drawSessionStates } from './session-states-picture';
import { ShardStatements } from './shard-statements';
import { untoldByTests } from './reading';
import type { Statement } from './statement';
import { styleFor } from './style';
import { renderStatement } from './terminal';
import { EXIT_CODES, type RunError } from './verdict';

const INTERRUPTED = 'the run was interrupted';

/**
 * States what a contract run has found: files in Playwright's output folder, the last lines on standard output, and the
 * exit code. It runs beside whatever reporters the user asks for.
 */
export default class ConformanceReporter implements Reporter {
  private readonly output = new Output(process.stdout);
  private readonly isListing: boolean;
  /** Of blob reports (merge-reports), each of which has the statement of its shard. */
  private readonly isMerging: boolean;
  private readonly shards = new ShardStatements();
  private artifacts = new Artifacts('.');
  private isContractRun = false;
  private hasOtherTests = false;
  private tests: TestCase[] = [];
  /** Errors before there was a run, or without one. */
  private readonly errorsWithoutRun: RunError[] = [];
  private statement: Statement | undefined;
  private otherReports = new OtherReports([]);
  private isPassed = false;
  /** What the statement says, told to the other reporters as an error. */
  private told: string | undefined;

  constructor(options: { _mode?: string } = {}) {
    this.isListing = options._mode === 'list';
    this.isMerging = options._mode === 'merge';
    process.on('exit', () => {
      this.setExitCode();
    });
  }

  printsToStdio(): boolean {
    return false;
  }

  onBegin(config: FullConfig, suite: Suite): void {
    const all = suite.allTests();
    this.tests = all.filter(isContractTest);
    const project =
      this.tests[0]?.parent.project() ?? config.projects.find(({ name }) => name === CONTRACT_PROJECT);
    this.artifacts = new Artifacts(project?.outputDir ?? 'test-results');
    this.otherReports = new OtherReports(config.reporter);
    this.hasOtherTests = all.length > this.tests.length;
    // Where no test was found to run, or none could be, that is stated too.
    this.isContractRun = this.tests.length > 0 || all.length === 0;
    if (this.isListing || this.isMerging) return;
    const selected = [...new Set(this.tests.flatMap(({ tags }) => requirementsOf(tags)))];
    if (this.tests.length > 0)
      withRun((run) => {
        run.begin(selected);
      });
    current.beforeReports = () => this.prepareReports();
  }

  onTestBegin(test: TestCase, { attachments }: TestResult): void {
    // A blob report takes files when it is written, and their names when the test ends.
    if (test === this.tests[0] && !this.isMerging)
      attachments.push({
        name: STATEMENT_FILE,
        contentType: 'application/json',
        path: this.artifacts.pathOf(STATEMENT_FILE),
      });
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    if (this.isMerging) {
      this.shards.take(result);
      return;
    }
    maskErrors(result);
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
        miss(run, test, { cause: 'crash', reason: `the test crashed: ${what}` });
        fail(run, `"${test.title}" crashed, an error of the suite or of its worker: ${what}`);
      }
    });
  }

  onError(error: TestError): void {
    if (this.isMerging) return;
    const message = firstLine(error);
    if (message === this.told?.split('\n')[0]) return;
    if (this.otherReports.noteError(message)) return;
    if (current.open)
      withRun((run) => {
        fail(run, run.mask(message));
      });
    else this.errorsWithoutRun.push({ kind: 'untestable', message });
  }

  async onEnd(result: FullResult): Promise<{ status?: FullResult['status'] } | undefined> {
    if (this.isMerging) return this.mergeShards();
    if (!this.isContractRun || this.isListing) return undefined;
    const run = await current.open?.().catch((error: Error) => {
      current.whyNoRun = [{ kind: 'untestable', message: firstLine(error) }];
      return undefined;
    });
    const why = current.whyNoRun ?? this.whyNoSetup();
    if (!run && why.length === 0) return undefined;
    this.statement = run
      ? await this.stateRun(run, result)
      : stateNothing(why, process.env.BASE_URL === undefined);
    current.statement = this.statement;
    for (const { name, text } of run?.scripts() ?? []) this.artifacts.write(name, () => text);
    if (run) this.artifacts.write('exchanges.har', () => JSON.stringify(run.recording(), undefined, 1));
    this.artifacts.writeAll(this.statement);
    this.isPassed = result.status === 'passed';
    const isGreen = this.statement.verdict === 'conforms';
    return isGreen || result.status !== 'passed' ? undefined : { status: 'failed' };
  }

  /** Playwright's own errors before any setup; of an output folder that is no folder it says no more than a code. */
  private whyNoSetup(): RunError[] {
    const problem = this.errorsWithoutRun.length > 0 ? unwritable(this.artifacts.folder) : undefined;
    return problem === undefined ? this.errorsWithoutRun : [{ kind: 'misconfigured', message: problem }];
  }

  private mergeShards(): { status?: FullResult['status'] } | undefined {
    const statement = this.shards.merged();
    if (statement === undefined) return undefined;
    // The folder of a shard may be one of another machine.
    this.artifacts = new Artifacts('test-results');
    this.statement = current.statement = statement;
    this.artifacts.writeAll(statement);
    return statement.verdict === 'conforms' ? undefined : { status: 'failed' };
  }

  private async stateRun(run: ReportedRun, { status }: FullResult): Promise<Statement> {
    const isCut = status === 'interrupted' || status === 'timedout';
    if (isCut) {
      fail(run, status === 'interrupted' ? INTERRUPTED : 'the run took longer than its global timeout');
      for (const test of this.tests)
        if (test.results.length === 0) miss(run, test, { cause: 'interrupted', reason: INTERRUPTED });
    }
    const statement = await this.compared(run);
    if (status !== 'failed' || statement.verdict !== 'conforms' || this.hasOtherTests) return statement;
    fail(run, 'Playwright failed the run, and no finding says why');
    return this.compared(run);
  }

  private async compared(run: ReportedRun): Promise<Statement> {
    const statement = await run.state();
    return current.previous ? { ...statement, history: historyOf(current.previous, statement) } : statement;
  }

  private async prepareReports(): Promise<string | undefined> {
    this.otherReports.begin();
    if (!this.isContractRun || !current.run) return undefined;
    const statement = await this.compared(current.run);
    this.artifacts.writeAll(statement);
    this.attachSummary(statement);
    return (this.told = untoldByTests(statement));
  }

  /** Gives the summary to each test that failed, or else to the last one, so that all reports have it. */
  private attachSummary(statement: Statement): void {
    const last = this.tests.flatMap(({ results }) => results.slice(-1));
    const failed = last.filter(({ status }) => status !== 'passed' && status !== 'skipped');
    for (const { attachments } of failed.length > 0 ? failed : last.slice(-1))
      attachments.push(
        { name: SUMMARY_FILE, contentType: 'text/markdown', path: this.artifacts.pathOf(SUMMARY_FILE) },
        {
          name: 'session-states.svg',
          contentType: 'image/svg+xml',
          body: Buffer.from(drawSessionStates(statement.requirements)),
        },
      );
  }

  // The last word: other reporters say where their reports are when the run has ended.
  onExit(): Promise<void> {
    if (this.statement) {
      const { output } = this;
      const style = styleFor({ colours: output.hasColours(), width: output.width });
      for (const failure of [this.artifacts.failureText(), this.otherReports.failureText()])
        if (failure !== undefined) output.write(`\n${failure}\n`);
      output.write(renderStatement(this.statement, style));
    }
    return Promise.resolve();
  }

  /**
   * Playwright knows 0, 1 and, after Ctrl-C, 130. It fails a run whose reports could not be written, which says nothing
   * about the API. Other tests that ran too may have failed where the API conforms.
   */
  private setExitCode(): void {
    const code = this.statement && EXIT_CODES[this.statement.verdict];
    if (code) process.exitCode = code;
    else if (code === 0 && this.isPassed && this.otherReports.areUnwritten) process.exitCode = 0;
  }
}

/** Where the run can't be opened, each test that asks for it says so. */
function withRun(work: (run: ReportedRun) => void): void {
  void current.open?.().then(work, () => undefined);
}

function fail(run: ReportedRun, message: string): void {
  run.errors.push({ kind: 'untestable', message });
}

function miss(run: ReportedRun, test: TestCase, notJudged: NotJudged): void {
  run.endTest(nameOf(test.location.file, test.title), requirementsOf(test.tags), notJudged);
}

function isContractTest(test: TestCase): boolean {
  return JUDGING_PROJECTS.includes(test.parent.project()?.name ?? '');
}

function firstLine(error: TestError | Error | undefined): string {
  const text = stripVTControlCharacters(error?.message ?? 'unknown');
  return text.replace(/^Error: /, '').split('\n')[0] ?? '';
}
