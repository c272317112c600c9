import type { Outcome, ProviderStateResult } from '../gateway/call';
import type { JudgementReport } from '../judging/judgement';
import { contradiction } from '../model/contradiction';
import { linearize, type TimedAction } from '../model/linearize';
import { actionOf } from '../model/race';
import type { LifeRules } from '../model/session';
import type { WalkSession } from './walk-session';
import type { TimedOutcome } from './walk-target';

type Times = { sentAtMs: number; answeredAtMs: number };

/** One of several concurrent actions, and its result. */
export type BatchAction = { session: WalkSession } & (
  | { action: 'deny' | 'poll'; outcome: TimedOutcome }
  | { action: 'approve'; outcome: ProviderStateResult & Times }
);

/** Judges the actions on each session of a batch by themselves, and brings its model up to date. */
export function judgeBatch(
  actions: BatchAction[],
  test: string,
  rulesFor: (mayHaveExpired: boolean) => LifeRules,
): JudgementReport[] {
  const sessions = new Set(actions.map(({ session }) => session));
  return [...sessions].flatMap((session) => {
    const own = actions.filter((one) => one.session === session);
    return judgeSession(session, own, test, rulesFor(own.some(mayHaveExpired)));
  });
}

function judgeSession(
  session: WalkSession,
  actions: BatchAction[],
  test: string,
  rules: LifeRules,
): JudgementReport[] {
  const timed = actions.flatMap((one) => {
    const action = timedAction(one);
    return action ? [{ action, exchange: exchangeOf(one) }] : [];
  });
  const all = timed.map(({ action }) => action);
  const after = linearize(session.lives, all, rules);
  const last = timed.findLast(({ exchange }) => exchange > 0);
  if (after.length > 0) {
    session.become(after);
    if (all.some(({ name, shown }) => name === 'deny' && shown === 'rejected')) session.wasRejected = true;
    const isRace = timed.length > 1 && actions.some(({ action }) => action === 'deny');
    return isRace && last ? [{ test, requirement: 'DENY-7', exchange: last.exchange }] : [];
  }
  const found = contradiction(session.lives, all, rules);
  session.isSpoilt = true;
  // The gateway judges the status of a denial that no other action races.
  const isJudged = actions.length === 1 && actions[0]?.action === 'deny';
  if (!found || isJudged) return [];
  const { requirement, code, expected, actual, core } = found;
  const shown = core.map((i) => timed[i]).findLast((one) => one && one.exchange > 0) ?? last;
  return [
    {
      test,
      requirement,
      exchange: shown?.exchange ?? 0,
      deviation: { code, class: 'violation', expected, actual },
    },
  ];
}

function timedAction({ action, outcome }: BatchAction): TimedAction | undefined {
  const { sentAtMs, answeredAtMs } = outcome;
  if (action === 'approve') {
    // Such an endpoint may say "done" when another action was quicker. Whether it was, polls show.
    const shown = (outcome as ProviderStateResult).result === 'refused' ? 'rejected' : 'none';
    return { name: 'approve', shown, sentAtMs, answeredAtMs };
  }
  const { status, seen, apiKey, failure, turnedAway } = outcome as Outcome;
  if (turnedAway) return undefined;
  return actionOf({ action, status, seen, apiKey, isLost: failure !== undefined, sentAtMs, answeredAtMs });
}

function exchangeOf({ action, outcome }: BatchAction): number {
  return action === 'approve' ? 0 : (outcome as Outcome).exchange;
}

function mayHaveExpired({ action, outcome }: BatchAction): boolean {
  return action !== 'approve' && (outcome as Outcome).mayHaveExpired;
}
