import { FORMS, type FormName } from '../catalogue/forms';
import { NEAR_MISS_NAMES } from '../catalogue/derived-ids';
import { OPERATIONS } from '../catalogue/operations';
import type { Call, Outcome, ProviderState } from '../gateway/call';
import { denyRequest, pollRequest } from '../gateway/requests';
import type { ApiRequest } from '../gateway/translator';
import type { Connection } from '../gateway/wire';
import type { JudgementReport } from '../judging/judgement';
import type { NotJudged } from '../judging/not-judged';
import { judgeFailure } from '../judging/rules';
import { actionOf } from '../model/race';
import type { Action, LifeRules, Shown } from '../model/session';
import { judgeBatch, type BatchAction } from './batch';
import {
  SESSION_NAMES,
  type BatchPart,
  type SessionName,
  type Step,
  type StepConnection,
  type Walk,
} from './steps';
import type { TraceEntry } from './trace';
import { WalkSession, type StateJudgement, type Suspect } from './walk-session';
import type { Failure } from './failure';
import type { WalkTarget } from './walk-target';

const SESSIONS = OPERATIONS.create.path.slice(1);
const OVERRIDES = {
  'x-http-method': 'DELETE',
  'x-http-method-override': 'DELETE',
  'x-method-override': 'DELETE',
};
/** A browser sends this before it sends a DELETE to another site. */
const PREFLIGHT = { origin: 'https://client.example', 'access-control-request-method': 'DELETE' };

/** A walk that has sent so many requests takes no further step; it looks at its sessions, and ends. */
const LONG_WALK = 18;

/** An attempt at a walk. */
export interface Attempt {
  /** What is new in it; empty where nothing was found. */
  failures: Failure[];
  /** The steps up to the failure, repetitions included; all steps where nothing was found. */
  steps: Walk;
  trace: TraceEntry[];
  requests: number;
  /** A connection broke before any answer: that counts if it happens again. */
  isBroken: boolean;
  /** The run can't go on. */
  notJudged?: NotJudged;
}

/** Ends an attempt. */
class Ended extends Error {}

/** Walks once, with fresh sessions. */
export class Walker {
  private readonly sessions = new Map<SessionName, WalkSession>();
  private readonly all: WalkSession[] = [];
  private readonly trace: TraceEntry[] = [];
  private readonly done: Walk = [];
  private failures: Failure[] = [];
  private requests = 0;
  private isBroken = false;
  private notJudged: NotJudged | undefined;
  private unknown: WalkSession | undefined;
  private batches = 0;
  /** The session that the last request was a poll of, as it was to be. */
  private lastPolled: WalkSession | undefined;

  /**
   * @param name of the attempt, which its calls and judgements have as their test
   * @param maxRequests the attempt ends when so many were sent
   */
  constructor(
    private readonly target: WalkTarget,
    private readonly name: string,
    private readonly hookKeepsRules: boolean,
    private readonly maxRequests: number,
  ) {}

  /** @param closes looks at all sessions in the end, and denies those that are pending */
  async walk(steps: Walk, closes: boolean): Promise<Attempt> {
    try {
      for (const step of steps) if (!closes || this.requests < LONG_WALK) await this.take(step);
      if (closes) await this.close(lastConnection(steps));
    } catch (error) {
      if (!(error instanceof Ended)) throw error;
    }
    const { failures, done, trace, requests, isBroken, notJudged } = this;
    return { failures, steps: done, trace, requests, isBroken, ...(notJudged && { notJudged }) };
  }

  /** @param connection the one that the last steps were on, which remembers most */
  private async close(connection: StepConnection): Promise<void> {
    if (this.all.some(({ name }) => name === undefined)) await this.take({ do: 'poll denied' });
    const names = SESSION_NAMES.filter((one) => this.sessions.has(one));
    // One order as often as the other.
    if (this.requests % 2 === 0) names.reverse();
    for (const name of names) {
      if (this.sessions.get(name) !== this.lastPolled)
        await this.take({ do: 'poll', session: name, times: 1, connection });
      if (this.sessions.get(name)?.mayBePending)
        await this.take({ do: 'deny', session: name, times: 1, connection });
    }
  }

  private async take(step: Step): Promise<void> {
    if (!('times' in step)) {
      this.done.push(step);
      await this.once(step);
      return;
    }
    const progress = { ...step, times: 0 };
    this.done.push(progress);
    for (let i = 0; i < step.times; i++) {
      progress.times++;
      await this.once(step);
    }
  }

  private async once(step: Step): Promise<void> {
    switch (step.do) {
      case 'create':
        if (!this.sessions.has(step.session)) await this.create(step.session, step.form);
        return;
      case 'poll':
        return this.poll(await this.session(step.session), step.connection);
      case 'deny':
        return this.deny(await this.session(step.session), step.connection);
      case 'approve':
        return this.provide(await this.session(step.session), 'session is completed');
      case 'expire':
        return this.provide(await this.session(step.session), 'session is expired');
      case 'poll derived':
      case 'deny derived':
        return this.derived(step, await this.session(step.session));
      case 'safe method':
        return this.other(await this.session(step.session), 'ID-6', safeRequest(step.request));
      case 'other method':
        return this.other(await this.session(step.session), 'ID-7', { method: step.request });
      case 'poll unknown':
        return this.poll((this.unknown ??= await this.makeUnknown()), 'new');
      case 'deny unknown':
        return this.deny((this.unknown ??= await this.makeUnknown()), 'new');
      case 'wait':
        this.trace.push({ did: 'wait', ms: step.ms });
        await new Promise((resolve) => setTimeout(resolve, step.ms));
        return;
      case 'create and deny':
        return this.deny(await this.create(undefined, 'plain'), step.connection);
      case 'poll denied':
        for (const session of this.all.filter(({ name }) => name === undefined))
          await this.poll(session, 'new');
        return;
      case 'at once':
        return this.atOnce(step.parts);
    }
  }

  // --- Sessions -----------------------------------------------------------------------------------------------------

  private async session(name: SessionName): Promise<WalkSession> {
    return this.sessions.get(name) ?? this.create(name, 'plain');
  }

  private async create(name: SessionName | undefined, form: FormName): Promise<WalkSession> {
    const fields: object | undefined = FORMS[form];
    const judgedAs = form === 'plain' ? 'CREATE-1' : 'CREATE-7';
    const call = this.call({ operation: 'create', state: 'none', connection: 'pooled', form, judgedAs });
    const outcome = await this.send(call, {
      method: 'POST',
      path: SESSIONS,
      headers: { accept: '*/*', ...(fields && { 'content-type': 'application/json' }) },
      body: fields && JSON.stringify(fields),
    });
    await this.judge(call, outcome, []);
    // Without a session, whatever the finding is, the walk can't go on.
    if (!outcome?.created) throw new Ended();
    const session = new WalkSession(outcome.created.label, name);
    if (name) this.sessions.set(name, session);
    this.all.push(session);
    return session;
  }

  private async makeUnknown(): Promise<WalkSession> {
    const { label } = await this.target.unknown();
    return new WalkSession(label, undefined, 'unknown');
  }

  // --- Single requests ----------------------------------------------------------------------------------------------

  private async poll(session: WalkSession, connection: StepConnection): Promise<void> {
    if (session.isSpoilt) return;
    const call = this.callOf('poll', session, connection);
    const outcome = await this.send(call, pollRequest(session.label));
    if (!outcome) return;
    const action = actionIn('poll', outcome);
    const isPossible = session.apply(action, this.rules(outcome));
    await this.judge(call, outcome, session.judgePoll(action, isPossible));
    if (!isPossible) session.isSpoilt = true;
    else if (action.shown !== 'unclear' && action.shown !== 'none') {
      session.clear();
      this.lastPolled = session;
    }
  }

  /** Whether its status is right the gateway judges by the state of the call. */
  private async deny(session: WalkSession, connection: StepConnection): Promise<void> {
    if (session.isSpoilt) return;
    const call = this.callOf('deny', session, connection);
    const outcome = await this.send(call, denyRequest(session.label));
    if (!outcome) return;
    const action = actionIn('deny', outcome);
    const mayHaveActed = action.shown === 'accepted' || action.shown === 'none';
    if (session.mayBePending && mayHaveActed) this.suspectOthers('DENY-4', session);
    if (!session.apply(action, this.rules(outcome))) session.isSpoilt = true;
    await this.judge(call, outcome, []);
  }

  private async provide(session: WalkSession, state: ProviderState): Promise<void> {
    if (session.isSpoilt) return;
    this.trace.push({ did: 'provide', session: session.label, state });
    const { result } = await this.target.provide(session.label, state);
    const name = state === 'session is completed' ? 'approve' : 'expire';
    const shown: Shown = result === 'done' ? 'accepted' : result === 'refused' ? 'rejected' : 'none';
    // An endpoint that says it approved what was denied proves nothing; a key that a poll then shows does.
    session.apply({ name, shown }, this.rules({ mayHaveExpired: false }));
  }

  private async derived(
    { do: name, derivation }: Extract<Step, { do: 'poll derived' | 'deny derived' }>,
    session: WalkSession,
  ): Promise<void> {
    const isNearMiss = NEAR_MISS_NAMES.includes(derivation);
    const operation = name === 'poll derived' ? 'poll' : 'deny';
    const state = isNearMiss ? 'near-miss' : 'malformed';
    const call = this.call({ operation, state, session: session.label, derivation, connection: 'own' });
    const id = `${session.label}.${derivation}`;
    const outcome = await this.send(call, operation === 'poll' ? pollRequest(id) : denyRequest(id));
    if (!outcome) return;
    if (operation === 'deny') this.suspectAll(isNearMiss ? 'ID-2' : 'ID-3');
    const found = operation === 'poll' && ['pending', 'completed', 'expired'].includes(outcome.seen);
    const requirement = isNearMiss ? 'ID-1' : 'ID-3';
    const deviation = {
      code: 'found',
      class: 'violation',
      expected: 'no session',
      actual: `it polls as ${outcome.seen}`,
    } as const;
    await this.judge(call, outcome, found ? [{ requirement, deviation }] : []);
  }

  private async other(
    session: WalkSession,
    suspect: Suspect,
    {
      method,
      query = '',
      headers = {},
    }: { method: string; query?: string; headers?: Record<string, string> },
  ): Promise<void> {
    const call = this.call({
      operation: 'other',
      state: session.state,
      session: session.label,
      connection: 'own',
    });
    const path = `${SESSIONS}/${session.label}${query}`;
    await this.send(call, { method, path, headers: { accept: '*/*', ...headers }, body: undefined });
    this.suspectAll(suspect);
  }

  // --- Concurrent requests ------------------------------------------------------------------------------------------

  private async atOnce(parts: BatchPart[]): Promise<void> {
    const named = new Map<SessionName, WalkSession>();
    for (const { session } of parts) named.set(session, await this.session(session));
    const sessionOf = ({ session }: BatchPart): WalkSession => named.get(session) as WalkSession;
    const live = parts.filter((part) => !sessionOf(part).isSpoilt);
    const requests = live.filter(({ action }) => action !== 'approve');
    const approval = live.find(({ action }) => action === 'approve');
    if (requests.length === 0) return;
    const isAlone = (part: BatchPart): boolean =>
      live.filter(({ session }) => session === part.session).length === 1;
    const entries = requests.map((part) => {
      const session = sessionOf(part);
      const call = this.callOf(part.action === 'poll' ? 'poll' : 'deny', session, 'new');
      // Which of several comes first is not known before the answers are.
      if (!isAlone(part)) call.state = 'racing';
      else if (part.action === 'deny' && session.state === 'pending') call.judgedAs = 'DENY-8';
      return {
        call,
        request: part.action === 'poll' ? pollRequest(session.label) : denyRequest(session.label),
      };
    });
    this.useUp(entries.length);
    const approve = approval && sessionOf(approval).label;
    const { sent: outcomes, provided } = await this.target.race(entries, approve);
    const batch = ++this.batches;
    for (const { exchange } of outcomes)
      if (exchange > 0) this.trace.push({ did: 'request', exchange, keptConnection: false, batch });
    if (approve !== undefined)
      this.trace.push({ did: 'provide', session: approve, state: 'session is completed', batch });
    for (const { notJudged } of outcomes) if (notJudged) this.stop(notJudged);
    const actions = requests.flatMap((part, i): BatchAction[] => {
      const outcome = outcomes[i];
      if (!outcome) return [];
      if (outcome.failure) this.isBroken ||= outcome.failure.retryable;
      return [{ session: sessionOf(part), action: part.action as 'deny' | 'poll', outcome }];
    });
    if (approval && provided)
      // An endpoint may answer though another one was quicker: what it did, polls show.
      actions.push({ session: sessionOf(approval), action: 'approve', outcome: provided });
    for (const session of new Set(
      actions.filter(({ action }) => action === 'deny').map((one) => one.session),
    ))
      if (session.mayBePending) this.suspectOthers('DENY-4', session);
    const reports = judgeBatch(actions, this.name, (mayHaveExpired) => this.rules({ mayHaveExpired }));
    for (const [i, { call }] of entries.entries()) {
      const outcome = outcomes[i];
      if (outcome) reports.push(...this.unanswered(call, outcome));
    }
    await this.report(reports);
  }

  // --- Sending and judging ------------------------------------------------------------------------------------------

  private call(rest: Omit<Call, 'test'>): Call {
    return { test: this.name, ...rest };
  }

  private callOf(operation: 'poll' | 'deny', session: WalkSession, connection: StepConnection): Call {
    const { state, label } = session;
    return this.call({ operation, state, session: label, connection: this.connection(connection) });
  }

  private connection(connection: StepConnection): Connection {
    return connection === 'kept' ? { kept: this.name } : 'own';
  }

  /** Undefined where it was not sent. */
  private async send(call: Call, request: ApiRequest): Promise<Outcome | undefined> {
    this.useUp(1);
    const outcome = await this.target.send(call, request);
    if (outcome.exchange > 0)
      this.trace.push({
        did: 'request',
        exchange: outcome.exchange,
        keptConnection: typeof call.connection === 'object',
      });
    const { notJudged } = outcome;
    if (!notJudged) return outcome;
    this.stop(notJudged);
    return undefined;
  }

  private stop(notJudged: NotJudged): void {
    // What one request is not sent for, such as ids that are too short, leaves the others to go on.
    if (notJudged.cause === 'blocked' || notJudged.cause === 'setting') return;
    this.notJudged = notJudged;
    throw new Ended();
  }

  private useUp(requests: number): void {
    this.lastPolled = undefined;
    if (this.requests + requests > this.maxRequests) throw new Ended();
    this.requests += requests;
  }

  private async judge(call: Call, outcome: Outcome | undefined, judgements: StateJudgement[]): Promise<void> {
    if (!outcome) return;
    const { exchange } = outcome;
    const reports = judgements.map((one): JudgementReport => ({ test: this.name, exchange, ...one }));
    await this.report([...reports, ...this.unanswered(call, outcome)]);
  }

  /** No complete answer, and no outage. */
  private unanswered(call: Call, { exchange, failure }: Outcome): JudgementReport[] {
    if (!failure || call.operation === 'other' || call.state === 'malformed') return [];
    if (failure.reused && failure.retryable) return [];
    this.isBroken ||= failure.retryable;
    return [{ test: this.name, exchange, ...judgeFailure(call, failure, call.judgedAs) }];
  }

  private async report(judgements: JudgementReport[]): Promise<void> {
    this.failures = await this.target.judge(this.name, judgements);
    if (this.failures.length > 0) throw new Ended();
  }

  private rules({ mayHaveExpired }: { mayHaveExpired: boolean }): LifeRules {
    return { mayExpire: mayHaveExpired, hookKeepsRules: this.hookKeepsRules };
  }

  private suspectOthers(requirement: Suspect, than: WalkSession): void {
    for (const session of this.all) if (session !== than) session.suspect(requirement);
  }

  private suspectAll(requirement: Suspect): void {
    for (const session of this.all) session.suspect(requirement);
  }
}

function lastConnection(steps: Walk): StepConnection {
  return steps.flatMap((step) => ('connection' in step ? [step.connection] : [])).at(-1) ?? 'new';
}

function actionIn(name: 'poll' | 'deny', outcome: Outcome): Action {
  const { status, seen, apiKey, failure } = outcome;
  const response = {
    action: name,
    status,
    seen,
    apiKey,
    isLost: failure !== undefined,
    sentAtMs: 0,
    answeredAtMs: 0,
  };
  // A request that was turned away was repeated until it was not.
  return actionOf(response) ?? { name, shown: 'none' };
}

function safeRequest(request: Extract<Step, { do: 'safe method' }>['request']): {
  method: string;
  query?: string;
  headers?: Record<string, string>;
} {
  if (request === 'HEAD') return { method: 'HEAD' };
  if (request === 'OPTIONS') return { method: 'OPTIONS', headers: PREFLIGHT };
  return { method: 'GET', query: '?_method=DELETE&method=DELETE', headers: OVERRIDES };
}
