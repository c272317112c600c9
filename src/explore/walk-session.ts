import type { Code } from '../catalogue/codes';
import type { RequirementId } from '../catalogue/requirements';
import type { Deviation } from '../judging/deviation';
import type { SessionState } from '../judging/states';
import {
  lifeOverTime,
  livesAfter,
  type Action,
  type Life,
  type LifeRules,
  type LifeState,
} from '../model/session';
import type { SessionName } from './steps';

/** A request that may have changed a session that it was not to change, as the requirement that forbids it. */
export type Suspect = Extract<RequirementId, 'DENY-4' | 'ID-2' | 'ID-3' | 'ID-6' | 'ID-7'>;

/** A judgement on a response, before it has an exchange. */
export interface StateJudgement {
  requirement: RequirementId;
  deviation?: Deviation;
}

const EXPECTED: Record<LifeState, string> = {
  pending: 'polls as pending',
  denied: 'polls as 404 or expired',
  completed: 'polls as completed',
  expired: 'polls as expired or 404',
  unknown: 'polls as 404',
};
const SHOWN: Record<string, string> = {
  pending: 'polls as pending',
  completed: 'polls as completed',
  expired: 'polls as expired',
  gone: 'polls as 404',
};

/** A session of a walk and what the model knows of it. */
export class WalkSession {
  /** All lives that explain what was seen. */
  lives: Life[];
  /** A finding is about it: what it does from then on follows from that. */
  isSpoilt = false;
  /** A denial of it was rejected, and no poll has shown since that this changed nothing. */
  wasRejected = false;
  private suspects: Suspect[] = [];

  /** @param name undefined for one that is created and denied at once */
  constructor(
    readonly label: string,
    readonly name: SessionName | undefined,
    state: LifeState = 'pending',
  ) {
    this.lives = [{ state }];
  }

  /** The state that its calls are judged by: `racing` where the model doesn't know it. */
  get state(): SessionState {
    const states = new Set(this.lives.map(({ state }) => state));
    const [only] = states;
    return states.size === 1 && only !== undefined ? only : 'racing';
  }

  get mayBePending(): boolean {
    return this.lives.some(({ state }) => state === 'pending');
  }

  suspect(requirement: Suspect): void {
    if (!this.suspects.includes(requirement)) this.suspects.push(requirement);
  }

  /** Takes what an action has shown. @returns whether it is possible */
  apply(action: Action, rules: LifeRules): boolean {
    const after = this.lives
      .flatMap((life) => [life, lifeOverTime(life, rules) ?? []].flat())
      .flatMap((life) => livesAfter(life, action, rules));
    if (after.length === 0) return false;
    this.become(after);
    if (action.name === 'deny' && action.shown === 'rejected') this.wasRejected = true;
    return true;
  }

  become(lives: Life[]): void {
    this.lives = [...new Map(lives.map((life) => [`${life.state} ${life.apiKey ?? ''}`, life])).values()];
  }

  /** A poll has shown what it was to show: nothing that was done before has changed it. */
  clear(): void {
    this.suspects = [];
    this.wasRejected = false;
  }

  /** What a poll in this state is judged as; a poll that shows no state judges nothing. */
  judgePoll(action: Action, isPossible: boolean): StateJudgement[] {
    if (action.shown === 'unclear' || action.shown === 'none') return [];
    const [requirement, code] = this.requirementOf(action);
    if (isPossible)
      return this.state === 'denied' ? [{ requirement }, { requirement: 'DENY-5' }] : [{ requirement }];
    const deviation: Deviation = {
      code,
      class: 'violation',
      expected: [...new Set(this.lives.map(({ state }) => EXPECTED[state]))].join(' or '),
      actual: SHOWN[action.shown] ?? action.shown,
      ...(code === 'key-changed' && {
        pointer: '/apiKey',
        expected: `the same API key as before, ${this.lives[0]?.apiKey}`,
        actual: action.apiKey ?? 'none',
      }),
    };
    return [{ requirement, deviation }];
  }

  private requirementOf({ shown, apiKey }: Action): [RequirementId, Code] {
    const life = this.lives[0] ?? { state: 'pending' };
    switch (life.state) {
      case 'pending':
        return this.suspects[0] ? [this.suspects[0], 'touched'] : ['POLL-1', 'not-pending'];
      case 'denied':
        if (shown === 'completed') return ['DENY-5', 'yields-key'];
        return this.wasRejected ? ['REJECT-8', 'state-changed'] : ['DENY-2', 'still-pending'];
      case 'completed': {
        const isOtherKey = shown === 'completed' && life.apiKey !== undefined && apiKey !== life.apiKey;
        if (this.wasRejected) return ['REJECT-7', isOtherKey ? 'key-changed' : 'state-changed'];
        return ['POLL-5', isOtherKey ? 'key-changed' : 'not-completed'];
      }
      case 'expired':
        return this.wasRejected
          ? ['REJECT-8', 'state-changed']
          : ['POLL-8', shown === 'completed' ? 'yields-key' : 'still-pending'];
      case 'unknown':
        return this.wasRejected ? ['REJECT-6', 'created'] : ['POLL-3', 'not-404'];
    }
  }
}
