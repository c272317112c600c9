import type { FailingWalk } from '../explore/explorer';
import { describeWalk } from '../explore/describe';
import { walkScript } from '../report/walk-script';
import type { HeldFindings } from '../explore/held-findings';
import type { Failure } from '../explore/failure';
import type { Gateway } from '../gateway/gateway';
import { createRequest, denyRequest } from '../gateway/requests';
import type { JudgementReport } from '../judging/judgement';
import type { StatedWalks } from '../report/statement';
import type { WalkSettings } from './protocol';
import type { Journal } from '../report/reproduce/journal';
import type { Settings } from './settings';

const PROBE = 'provider states';

interface Script {
  name: string;
  text: string;
}

/** What the walks of a run share. */
export class Exploration {
  private hook: Promise<boolean> | undefined;
  readonly scripts: Script[] = [];
  private readonly failing: StatedWalks['failing'] = [];
  private hasBegun = false;

  constructor(
    private readonly gateway: Gateway,
    private readonly findings: HeldFindings,
    private readonly providerStateUrl: URL | undefined,
    private readonly settings: Settings,
    private readonly journal: () => Journal,
  ) {}

  async options(): Promise<WalkSettings> {
    this.hasBegun = true;
    const { profile, exploreSeed, exploreWalks, exploreRequests } = this.settings;
    return {
      seed: exploreSeed,
      walks: exploreWalks,
      profile,
      hasProviderStates: this.providerStateUrl !== undefined,
      hookKeepsRules: await this.hookKeepsRules(),
      requestsLeft: exploreRequests - this.gateway.requests,
    };
  }

  judge(attempt: string, judgements: JudgementReport[]): Failure[] {
    for (const { exchange: n, ...judgement } of judgements) {
      const exchange = this.gateway.exchanges[n - 1];
      exchange?.judgements.push(judgement);
      this.findings.reported(judgement, exchange);
    }
    return this.findings.failuresOf(attempt);
  }

  settle(attempt: string, counts: boolean): void {
    if (counts) this.findings.accept(attempt);
    else this.findings.forget(attempt, this.gateway.exchanges);
  }

  /** Whether the provider states refuse to approve a session that was denied. */
  hookKeepsRules(): Promise<boolean> {
    return (this.hook ??= this.probe());
  }

  report(failing: FailingWalk): { lines: string[]; script: Script } {
    const { secrets } = this.gateway;
    const { requirement, code, pointer } = failing.failure;
    const lines = secrets.maskAll(describeWalk(failing));
    const script = {
      name: `walk-${failing.walk}.sh`,
      text: secrets.mask(walkScript(failing, this.journal())),
    };
    this.scripts.push(script);
    this.failing.push({ requirement, code, ...(pointer !== '' && { pointer }), lines, script: script.name });
    return { lines, script };
  }

  /** What the statement says of the walks; undefined where there were none. */
  get stated(): StatedWalks | undefined {
    if (!this.hasBegun) return undefined;
    const { exploreSeed: seed, exploreWalks: of } = this.settings;
    return { seed, walked: this.findings.walked, of, failing: this.failing };
  }

  private async probe(): Promise<boolean> {
    if (!this.providerStateUrl) return false;
    const call = { test: PROBE, state: 'none', connection: 'own' } as const;
    const { outcome } = await this.gateway.send(
      { ...call, operation: 'create', form: 'plain' },
      createRequest(),
    );
    const session = outcome.created?.label;
    if (session === undefined) return false;
    await this.gateway.send({ ...call, operation: 'deny', state: 'pending', session }, denyRequest(session));
    const { result } = await this.gateway.provide(session, 'session is completed', this.providerStateUrl);
    return result === 'refused';
  }
}
