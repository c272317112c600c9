import type { Journal } from '../report/reproduce/journal';
import { pinnedContract } from '../contract/contract';
import { brokenPin, readPin } from '../contract/pin';
import type { Person } from '../gateway/approval';
import { Gateway } from '../gateway/gateway';
import { KnownDeviations, type KnownDeviation } from '../judging/known-deviations';
import type { RequirementId } from '../catalogue/requirements';
import type { RunVerbs } from './protocol';
import type { ReportedRun } from '../report/current-run';
import { HeldFindings } from '../explore/held-findings';
import { toHar } from '../report/recording/har';
import { Exploration } from './exploration';
import { Preparation } from './preparation';
import { SessionShelf } from './session-shelf';
import type { Settings } from './settings';
import { verbHandlers, type VerbHandlers } from './verbs';
import { StandIn } from '../stand-in/server';
import type { Variant } from '../stand-in/variant';
import type { Statement } from '../report/statement';
import { statementOf } from '../report/statement-of';
import type { RunError } from '../report/verdict';
import type { JudgementReport } from '../judging/judgement';
import type { NotJudged } from '../judging/not-judged';

/** What a run may be given beside its settings. */
export interface RunOptions {
  settings: Settings;
  known?: KnownDeviation[];
  /** How the stand-in differs from a plain one, where it is the target. */
  variant?: Variant;
}

/** One run against one target: everything that outlives a test. */
export class Run implements ReportedRun {
  readonly errors: RunError[] = [];
  private readonly startedAt = new Date();
  private left: Promise<Statement['left']> | undefined;
  private readonly shelf: SessionShelf;
  private readonly preparation: Preparation;
  readonly exploration: Exploration;
  private readonly verbs: VerbHandlers;

  private constructor(
    readonly settings: Settings,
    readonly collector: HeldFindings,
    readonly gateway: Gateway,
    private readonly known: KnownDeviations,
    private readonly target: Statement['target'],
    private readonly standIn: StandIn | undefined,
    providerStateUrl: URL | undefined,
  ) {
    this.shelf = new SessionShelf(gateway.ledger, () => collector.hasFindings);
    this.preparation = new Preparation(gateway, this.shelf, providerStateUrl, (report) =>
      this.judged(report),
    );
    this.exploration = new Exploration(gateway, collector, providerStateUrl, settings, () => this.journal());
    this.verbs = verbHandlers({
      settings,
      gateway,
      collector,
      shelf: this.shelf,
      preparation: this.preparation,
      exploration: this.exploration,
      providerStateUrl,
      judged: (report) => this.judged(report),
      journal: () => this.journal(),
    });
  }

  static async open({ settings, known = [], variant }: RunOptions): Promise<Run> {
    const standIn = settings.baseUrl ? undefined : await StandIn.start({ ...(variant && { variant }) });
    const base = settings.baseUrl ?? standIn?.baseUrl;
    if (!base) throw new Error('a run has a target or a stand-in');
    const accepted = new KnownDeviations(known, base.host, new Date().toISOString().slice(0, 10));
    const collector = new HeldFindings(accepted, settings.drift === 'fail');
    // The tests of the suite itself must not depend on how busy the machine is.
    const isAnswering = variant && standIn && { isAnswering: standIn.isAnswering };
    const gateway = new Gateway(base, { ...settings, ...isAnswering }, pinnedContract(), collector);
    const target: Statement['target'] = {
      kind: standIn ? 'stand-in' : 'remote',
      url: gateway.secrets.mask(base.href),
    };
    const run = new Run(
      settings,
      collector,
      gateway,
      accepted,
      target,
      standIn,
      settings.providerStateUrl ?? standIn?.providerStateUrl,
    );
    try {
      pinnedContract().compileAll();
    } catch (error) {
      run.giveUp(brokenPin((error as Error).message).message);
    }
    return run;
  }

  /** Nothing can be judged, and so nothing is sent. */
  private giveUp(reason: string): void {
    this.errors.push({ kind: 'misconfigured', message: reason });
    this.gateway.giveUp({ cause: 'crash', reason });
  }

  /** Begins a run of tests that judge these requirements. */
  begin(selected: readonly RequirementId[]): void {
    this.collector.select(selected);
    this.preparation.begin(selected);
  }

  /** Has a person approve a session, before any test; that one is the completed session of the run. */
  haveApproved(person: Person, withinMs: number): Promise<void> {
    return this.preparation.haveApproved(person, withinMs);
  }

  /**
   * For a stand-in, a wait of SETTLE_MS is a while, on any machine. Sessions that were released as pending are old then, and
   * no test starts from them.
   */
  letTimePass(): void {
    if (this.settings.settleMs === 0) return;
    this.standIn?.letTimePass();
    this.shelf.reserveAll('pending');
  }

  /** Answers a verb of the protocol. */
  async answer<V extends keyof RunVerbs>(verb: V, params: unknown): Promise<RunVerbs[V]['result']> {
    const handler = this.verbs[verb] as (
      params: unknown,
    ) => RunVerbs[V]['result'] | Promise<RunVerbs[V]['result']>;
    return handler(params);
  }

  /** What the run has done, to be done again. */
  journal(): Journal {
    const { exchanges, providerSteps, secrets } = this.gateway;
    const { settleMs } = this.settings;
    return { exchanges, providerSteps, likenesses: secrets.likenesses(), settleMs };
  }

  private judged({ exchange: n, ...judgement }: JudgementReport): void {
    const exchange = this.gateway.exchanges[n - 1];
    exchange?.judgements.push(judgement);
    this.collector.reported(judgement, exchange);
  }

  /** Cleans up after the run; what it has found is known before and after. */
  close(): Promise<Statement['left']> {
    this.left ??= this.cleanUp();
    return this.left;
  }

  private async cleanUp(): Promise<Statement['left']> {
    await this.preparation.end();
    return this.gateway.close().finally(() => this.standIn?.close());
  }

  endTest(test: string, requirements: RequirementId[], notJudged: NotJudged): void {
    this.collector.end({ test, requirements, notJudged });
  }

  mask<T>(value: T): T {
    return this.gateway.secrets.maskAll(value);
  }

  scripts(): { name: string; text: string }[] {
    return this.exploration.scripts;
  }

  /** All exchanges of the run, as HAR. */
  recording(): object {
    const { exchanges, secrets } = this.gateway;
    return toHar(secrets.maskAll(exchanges), secrets.likenesses());
  }

  /** What the run has found, after it has been closed. */
  async state(): Promise<Statement> {
    const { gateway, collector, settings, exploration } = this;
    return statementOf({
      target: this.target,
      pin: readPin(),
      traceId: gateway.traceId,
      startedAt: this.startedAt,
      requests: gateway.requests,
      rateLimited: gateway.rateLimited,
      driftFails: settings.drift === 'fail',
      results: collector.results(),
      selected: collector.expected,
      tested: collector.tested,
      left: await this.close(),
      outage: gateway.outage,
      required: settings.require,
      errors: [...this.errors, ...asMisconfigured(this.known.errors((id) => collector.wasJudged(id)))],
      exchanges: gateway.exchanges,
      mask: (value) => gateway.secrets.maskAll(value),
      journal: this.journal(),
      ...(exploration.stated && { walks: exploration.stated }),
    });
  }
}

function asMisconfigured(messages: string[]): RunError[] {
  return messages.map((message) => ({ kind: 'misconfigured', message }));
}
