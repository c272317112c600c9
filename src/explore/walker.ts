import type { ProviderState } from '../gateway/call';
import { denyRequest } from '../gateway/requests';
import type { NotJudged } from '../judging/not-judged';
import { Conversation, Ended } from './conversation';
import type { Failure } from './failure';
import {
  SESSION_NAMES,
  type BatchPart,
  type SessionName,
  type Step,
  type StepConnection,
  type Walk,
} from './steps';
import type { TraceEntry } from './trace';
import { WalkActions } from './walk-actions';
import { WalkSession } from './walk-session';
import type { WalkTarget } from './walk-target';

const OVERRIDES = {
  'x-http-method': 'DELETE',
  'x-http-method-override': 'DELETE',
  'x-method-override': 'DELETE',
};
/** A browser sends this before it sends a DELETE to another site. */
const PREFLIGHT = { origin: 'https://client.example', 'access-control-request-method': 'DELETE' };

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

/** Walks once, with fresh sessions. */
export class Walker {
  private readonly talk: Conversation;
  private readonly actions: WalkActions;
  private readonly sessions = new Map<SessionName, WalkSession>();
  private readonly done: Walk = [];
  private unknown: WalkSession | undefined;

  /**
   * @param name of the attempt, which its calls and judgements have as their test
   * @param maxRequests the attempt ends when so many were sent
   */
  constructor(
    private readonly target: WalkTarget,
    name: string,
    private readonly hookKeepsRules: boolean,
    maxRequests: number,
  ) {
    this.talk = new Conversation(target, name, maxRequests);
    this.actions = new WalkActions(this.talk, hookKeepsRules);
  }

  /** @param closes looks at all sessions in the end, and ends those that are pending */
  async walk(steps: Walk, closes: boolean): Promise<Attempt> {
    try {
      for (const step of steps) await this.take(step);
      if (closes) await this.close(lastConnection(steps));
    } catch (error) {
      if (!(error instanceof Ended)) throw error;
    }
    const { failures, trace, requests, isBroken, notJudged } = this.talk;
    return { failures, steps: this.done, trace, requests, isBroken, ...(notJudged && { notJudged }) };
  }

  /**
   * Denies what the attempt may have left pending, so that the next one begins as the first one did; nothing is judged.
   * @param name what these requests have as their test
   * @returns how many they were
   */
  async tidy(name: string): Promise<number> {
    const left = this.actions.all.filter(({ mayBePending, isSpoilt }) => mayBePending || isSpoilt);
    for (const { label: session } of left)
      await this.target.send(
        { test: name, operation: 'deny', state: 'racing', session, connection: 'own' },
        denyRequest(session),
      );
    return left.length;
  }

  /** @param connection the one that the last steps were on, which remembers most */
  private async close(connection: StepConnection): Promise<void> {
    const names = SESSION_NAMES.filter((one) => this.sessions.has(one));
    // One order as often as the other.
    if (this.talk.requests % 2 === 0) names.reverse();
    for (const session of names) {
      await this.look(session, connection);
      if (!this.sessions.get(session)?.mayBePending) continue;
      await this.take({ do: 'deny', session, times: 1, connection });
      await this.look(session, connection);
    }
    // Sessions that pile up would be found by a walk that has not created them. This takes no request.
    if (this.hookKeepsRules && this.pendingOthers.length > 0) await this.take({ do: 'expire others' });
  }

  private async look(name: SessionName, connection: StepConnection): Promise<void> {
    const session = this.sessions.get(name);
    if (session && !this.actions.isJustPolled(session))
      await this.take({ do: 'poll', session: name, times: 1, connection });
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
        if (!this.sessions.has(step.session))
          this.sessions.set(step.session, await this.actions.create(step.session, step.form));
        return;
      case 'poll':
        return this.actions.poll(await this.session(step.session), step.connection);
      case 'deny':
        return this.actions.deny(await this.session(step.session), step.connection);
      case 'approve':
        return this.actions.provide(await this.session(step.session), 'session is completed');
      case 'expire':
        return this.actions.provide(await this.session(step.session), 'session is expired');
      case 'poll derived':
      case 'deny derived':
        return this.actions.derived(step, await this.session(step.session));
      case 'safe method':
        return this.actions.other(
          await this.session(step.session),
          'ID-6',
          safeRequest(step.request),
          step.connection,
        );
      case 'other method':
        return this.actions.other(await this.session(step.session), 'ID-7', { method: step.request }, 'new');
      case 'poll unknown':
        return this.actions.poll((this.unknown ??= await this.makeUnknown()), step.connection);
      case 'deny unknown':
        return this.actions.deny((this.unknown ??= await this.makeUnknown()), step.connection);
      case 'wait':
        this.talk.trace.push({ did: 'wait', ms: step.ms });
        await new Promise((resolve) => setTimeout(resolve, step.ms));
        return;
      case 'create others':
        await this.actions.create(undefined, 'plain', step.connection);
        return;
      case 'poll others':
        for (const session of this.others) await this.actions.poll(session, step.connection);
        return;
      case 'deny others':
        for (const session of this.pendingOthers) await this.actions.deny(session, step.connection);
        return;
      case 'approve others':
        return this.provideOthers('session is completed');
      case 'expire others':
        return this.provideOthers('session is expired');
      case 'at once':
        return this.atOnce(step.parts);
    }
  }

  private get others(): WalkSession[] {
    return this.actions.all.filter(({ name }) => name === undefined);
  }

  private get pendingOthers(): WalkSession[] {
    return this.others.filter(({ mayBePending }) => mayBePending).reverse();
  }

  private async provideOthers(state: ProviderState): Promise<void> {
    for (const session of this.pendingOthers) {
      await this.actions.provide(session, state);
      // A key is shown only now, if it is not its own.
      if (state === 'session is completed') await this.actions.poll(session, 'new');
    }
  }

  private async session(name: SessionName): Promise<WalkSession> {
    const session = this.sessions.get(name) ?? (await this.actions.create(name, 'plain'));
    this.sessions.set(name, session);
    return session;
  }

  private async makeUnknown(): Promise<WalkSession> {
    const { label } = await this.target.unknown();
    return new WalkSession(label, undefined, 'unknown');
  }

  private async atOnce(parts: BatchPart[]): Promise<void> {
    const sessions = new Map<SessionName, WalkSession>();
    for (const { session } of parts) sessions.set(session, await this.session(session));
    await this.actions.atOnce(parts, sessions);
  }
}

function lastConnection(steps: Walk): StepConnection {
  return steps.flatMap((step) => ('connection' in step ? [step.connection] : [])).at(-1) ?? 'new';
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
