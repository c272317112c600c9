import type { RequirementId } from '../catalogue/requirements';
import { waitForApproval, type Person } from '../gateway/approval';
import type { Call, ProvidedState, ProviderState, ProviderStateResult } from '../gateway/call';
import type { Gateway } from '../gateway/gateway';
import { createRequest } from '../gateway/requests';
import type { JudgementReport } from '../judging/judgement';
import { judgeFailure } from '../judging/rules';
import type { SessionShelf } from './session-shelf';

/** Sessions that a whole run needs beside those of the preflight and of the tests that are about creating them. */
const SPARE_SESSIONS = 2;

interface Prepared {
  /** Label of the session. */
  session?: string;
  provided?: ProviderStateResult;
}

/**
 * What a run does ahead of its tests. Workers take a while to start: meanwhile the preflight is made, and what several
 * tests will ask for.
 */
export class Preparation {
  /** The sessions that any test may start from have been created. */
  sessionsAreReady: Promise<unknown> = Promise.resolve();
  private readonly prepared = new Map<ProvidedState, Promise<Prepared>>();
  private readonly taken = new Set<ProvidedState>();
  /** Why no person has approved a session, where one was asked to. */
  private notApproved: string | undefined;
  private isOver = false;

  constructor(
    private readonly gateway: Gateway,
    private readonly shelf: SessionShelf,
    private readonly providerStateUrl: URL | undefined,
    private readonly judged: (report: JudgementReport) => void,
  ) {}

  /** @param selected requirements that the tests judge */
  begin(selected: readonly RequirementId[]): void {
    const release = (session: string | undefined): void => {
      if (session !== undefined) this.shelf.release('pending', session);
    };
    // Who judges ids needs many sessions anyway; the other tests use them.
    const count = selected.includes('CREATE-4') ? SPARE_SESSIONS : 0;
    this.sessionsAreReady = Promise.all([
      this.gateway.ready().then(release),
      ...Array.from({ length: count }, () => this.createSession().then(release)),
    ]);
    if (selected.includes('DENY-9'))
      void this.createSession().then(
        (session) => session !== undefined && this.shelf.release('unchanged', session),
      );
    // Unless a person was asked to.
    if (selected.includes('POLL-5') && !this.prepared.has('completed') && this.notApproved === undefined)
      this.prepared.set('completed', this.prepareIn('completed'));
    if (selected.includes('POLL-8')) this.prepared.set('expired', this.prepareIn('expired'));
  }

  /** Has a person approve a session; that one is the completed session of the run. */
  async haveApproved(person: Person, withinMs: number): Promise<void> {
    const approval = await waitForApproval(this.gateway.offers, person, withinMs);
    if ('session' in approval) this.prepared.set('completed', Promise.resolve(approval));
    else this.notApproved = approval.reason;
  }

  /** Hands out the session that was prepared in a state. Once only: what is done to it then is the past of one test. */
  async take(state: ProvidedState): Promise<Prepared> {
    if (this.taken.has(state)) return {};
    this.taken.add(state);
    return (await this.prepared.get(state)) ?? {};
  }

  /** Brings a session into a state. */
  async provide(session: string, state: ProviderState): Promise<ProviderStateResult> {
    const isPending = this.gateway.ledger.find(session)?.state === 'pending';
    if (this.notApproved !== undefined && isPending && state === 'session is completed')
      return {
        result: 'unavailable',
        reason: `${this.notApproved}; approve one in time, set PROVIDER_STATE_URL`,
      };
    return this.gateway.provide(session, state, this.providerStateUrl);
  }

  /** Nothing more is created; what has been begun is over then. */
  async end(): Promise<void> {
    this.isOver = true;
    await Promise.all([this.sessionsAreReady, ...this.prepared.values()]);
  }

  /** @returns the label of a new session */
  private async createSession(): Promise<string | undefined> {
    const call: Call = {
      test: 'preparation',
      operation: 'create',
      state: 'none',
      connection: 'pooled',
      form: 'plain',
    };
    await this.gateway.ready();
    if (!this.gateway.creates || this.isOver) return undefined;
    const { outcome } = await this.gateway.send(call, createRequest());
    const { exchange, failure, created } = outcome;
    // What may have been chance is left to the tests, which try again.
    if (failure && !failure.retryable)
      this.judged({ test: call.test, exchange, ...judgeFailure(call, failure) });
    return created?.label;
  }

  private async prepareIn(state: ProvidedState): Promise<Prepared> {
    const session = await this.createSession();
    if (session === undefined) return {};
    const provided = await this.gateway.provide(session, `session is ${state}`, this.providerStateUrl);
    if (provided.result !== 'done') {
      // An endpoint that fails may have acted all the same.
      if (this.providerStateUrl === undefined) this.shelf.release('pending', session);
      return { provided };
    }
    this.gateway.ledger.reached(session, state);
    return { session };
  }
}
