import { contradiction, type Contradiction } from './contradiction';
import type { TimedAction } from './linearize';
import type { ActionName, Life, LifeRules, Shown } from './session';

/** A response of a race, as far as its meaning goes. Times are in ms of one clock. */
export interface RaceResponse {
  action: ActionName;
  /** HTTP status; 0 where there was no answer. */
  status: number;
  /** What a poll shows. */
  seen?: Shown | undefined;
  /** Label of the API key that a poll shows. */
  apiKey?: string | undefined;
  /** There was no complete answer. */
  isLost: boolean;
  sentAtMs: number;
  answeredAtMs: number;
}

/** Answers of what stands before the API, after which an action may have been done or not. */
const UNCERTAIN = [502, 503, 504];

/**
 * The action that a response tells of, or undefined where nothing was done: a rate limiter turned it away (429). A gateway's
 * 502, 503 or 504 may come before or after the API has done what it was asked for, so it counts as no answer.
 */
export function actionOf(response: RaceResponse): TimedAction | undefined {
  const { action: name, status, sentAtMs, answeredAtMs, apiKey } = response;
  if (status === 429 && !response.isLost) return undefined;
  return { name, shown: shownBy(response), apiKey, sentAtMs, answeredAtMs };
}

function shownBy({ action, status, seen, isLost }: RaceResponse): Shown {
  if (isLost || UNCERTAIN.includes(status)) return 'none';
  if (action === 'poll') return seen ?? 'unclear';
  return status >= 200 && status < 300 ? 'accepted' : 'rejected';
}

/**
 * Judges concurrent actions on a session that was pending, with polls before and after if there are any: some order of
 * them must explain all responses.
 * @returns the requirement, the finding's code and what contradicts; undefined where an order explains all. The places in
 *   its core are those of the responses.
 */
export function judgeRace(
  responses: readonly RaceResponse[],
  rules: LifeRules,
  before: readonly Life[] = [{ state: 'pending' }],
): Contradiction | undefined {
  const done = responses.flatMap((response, place) => {
    const action = actionOf(response);
    return action ? [{ action, place }] : [];
  });
  const found = contradiction(
    before,
    done.map(({ action }) => action),
    rules,
  );
  return found && { ...found, core: found.core.map((i) => done[i]?.place ?? i) };
}
