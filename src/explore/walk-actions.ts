import { FORMS, type FormName } from '../catalogue/forms';
import { NEAR_MISS_NAMES } from '../catalogue/derived-ids';
import { OPERATIONS } from '../catalogue/operations';
import type { Call, Outcome, ProviderState } from '../gateway/call';
import { denyRequest, pollRequest } from '../gateway/requests';
import type { Connection } from '../gateway/wire';
import { actionOf } from '../model/race';
import type { Action, LifeRules, Shown } from '../model/session';
import { judgeBatch, type BatchAction } from './batch';
import { Ended, type Conversation } from './conversation';
import type { BatchPart, SessionName, Step, StepConnection } from './steps';
import { WalkSession, type Suspect } from './walk-session';

const SESSIONS = OPERATIONS.create.path.slice(1);

interface OtherRequest {
  method: string;
  query?: string;
  headers?: Record<string, string>;
}

/** What a walk does: requests whose responses are judged by the model of the session, which they bring up to date. */
export class WalkActions {
  readonly all: WalkSession[] = [];
  private lastPolled: { session: WalkSession; at: number } | undefined;

  constructor(
    private readonly talk: Conversation,
    private readonly hookKeepsRules: boolean,
  ) {}

  /** @param connection where it is not the kept one, one out of the pool */
  async create(
    name: SessionName | undefined,
    form: FormName,
    connection: StepConnection = 'new',
  ): Promise<WalkSession> {
    const fields: object | undefined = FORMS[form];
    const judgedAs = form === 'plain' ? 'CREATE-1' : 'CREATE-7';
    const on = connection === 'kept' ? this.on(connection) : 'pooled';
    const call = this.talk.call({ operation: 'create', state: 'none', connection: on, form, judgedAs });
    const outcome = await this.talk.send(call, {
      method: 'POST',
      path: SESSIONS,
      headers: { accept: '*/*', ...(fields && { 'content-type': 'application/json' }) },
      body: fields && JSON.stringify(fields),
    });
    await this.talk.judge(call, outcome, []);
    // Without a session, whatever the finding is, the walk can't go on.
    if (!outcome?.created) throw new Ended();
    const session = new WalkSession(outcome.created.label, name);
    this.all.push(session);
    return session;
  }

  async poll(session: WalkSession, connection: StepConnection): Promise<void> {
    if (session.isSpoilt) return;
    const call = this.callOf('poll', session, connection);
    const outcome = await this.talk.send(call, pollRequest(session.label));
    if (!outcome) return;
    const action = actionIn('poll', outcome);
    const isPossible = session.apply(action, this.rules(outcome));
    await this.talk.judge(call, outcome, session.judgePoll(action, isPossible));
    if (!isPossible) session.isSpoilt = true;
    else if (action.shown !== 'unclear' && action.shown !== 'none') {
      session.clear();
      this.lastPolled = { session, at: this.talk.trace.length };
    }
  }

  /** Whether its status is right the gateway judges by the state of the call. */
  async deny(session: WalkSession, connection: StepConnection): Promise<void> {
    if (session.isSpoilt) return;
    const call = this.callOf('deny', session, connection);
    const outcome = await this.talk.send(call, denyRequest(session.label));
    if (!outcome) return;
    const action = actionIn('deny', outcome);
    const mayHaveActed = action.shown === 'accepted' || action.shown === 'none';
    if (session.mayBePending && mayHaveActed) this.suspectOthers('DENY-4', session);
    if (!session.apply(action, this.rules(outcome))) session.isSpoilt = true;
    await this.talk.judge(call, outcome, []);
  }

  async provide(session: WalkSession, state: ProviderState): Promise<void> {
    if (session.isSpoilt) return;
    this.talk.trace.push({ did: 'provide', session: session.label, state });
    const { result } = await this.talk.target.provide(session.label, state);
    const name = state === 'session is completed' ? 'approve' : 'expire';
    const shown: Shown = result === 'done' ? 'accepted' : result === 'refused' ? 'rejected' : 'none';
    // An endpoint that says it approved what was denied proves nothing; a key that a poll then shows does.
    session.apply({ name, shown }, this.rules({ mayHaveExpired: false }));
  }

  async derived(
    { do: name, derivation }: Extract<Step, { do: 'poll derived' | 'deny derived' }>,
    session: WalkSession,
  ): Promise<void> {
    const isNearMiss = NEAR_MISS_NAMES.includes(derivation);
    const operation = name === 'poll derived' ? 'poll' : 'deny';
    const state = isNearMiss ? 'near-miss' : 'malformed';
    const call = this.talk.call({ operation, state, session: session.label, derivation, connection: 'own' });
    const id = `${session.label}.${derivation}`;
    const outcome = await this.talk.send(call, operation === 'poll' ? pollRequest(id) : denyRequest(id));
    if (!outcome) return;
    if (operation === 'deny') this.suspectAll(isNearMiss ? 'ID-2' : 'ID-3');
    const found = operation === 'poll' && ['pending', 'completed', 'expired'].includes(outcome.seen);
    const requirement = isNearMiss ? 'ID-1' : 'ID-3';
    const deviation = {
      code: 'found',
      class: 'violation',
      expected: 'no session',
      actual: `polls as ${outcome.seen}`,
    } as const;
    await this.talk.judge(call, outcome, found ? [{ requirement, deviation }] : []);
  }

  async other(
    session: WalkSession,
    suspect: Suspect,
    { method, query = '', headers = {} }: OtherRequest,
    connection: StepConnection,
  ): Promise<void> {
    const call = this.talk.call({
      operation: 'other',
      state: session.state,
      session: session.label,
      connection: this.on(connection),
    });
    const path = `${SESSIONS}/${session.label}${query}`;
    await this.talk.send(call, { method, path, headers: { accept: '*/*', ...headers }, body: undefined });
    this.suspectAll(suspect);
  }

  /** @param sessions those of the parts, by name */
  async atOnce(parts: BatchPart[], sessions: Map<SessionName, WalkSession>): Promise<void> {
    const sessionOf = ({ session }: BatchPart): WalkSession => sessions.get(session) as WalkSession;
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
    const approve = approval && sessionOf(approval).label;
    const { sent: outcomes, provided } = await this.talk.race(entries, approve);
    const actions = requests.flatMap((part, i): BatchAction[] => {
      const outcome = outcomes[i];
      if (!outcome) return [];
      return [{ session: sessionOf(part), action: part.action as 'deny' | 'poll', outcome }];
    });
    if (approval && provided)
      // An endpoint may answer though another one was quicker: what it did, polls show.
      actions.push({ session: sessionOf(approval), action: 'approve', outcome: provided });
    for (const session of new Set(
      actions.filter(({ action }) => action === 'deny').map((one) => one.session),
    ))
      if (session.mayBePending) this.suspectOthers('DENY-4', session);
    const reports = judgeBatch(actions, this.talk.name, (mayHaveExpired) => this.rules({ mayHaveExpired }));
    for (const [i, { call }] of entries.entries()) {
      const outcome = outcomes[i];
      if (outcome) reports.push(...this.talk.unanswered(call, outcome));
    }
    await this.talk.report(reports);
  }

  /** It was polled, showed what it was to show, and nothing was done since. */
  isJustPolled(session: WalkSession): boolean {
    return this.lastPolled?.session === session && this.lastPolled.at === this.talk.trace.length;
  }

  private callOf(operation: 'poll' | 'deny', session: WalkSession, connection: StepConnection): Call {
    const { state, label } = session;
    return this.talk.call({ operation, state, session: label, connection: this.on(connection) });
  }

  private on(connection: StepConnection): Connection {
    return connection === 'kept' ? { kept: this.talk.name } : 'own';
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
