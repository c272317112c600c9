import { lifeOverTime, livesAfter, type Action, type Life, type LifeRules } from './session';

/** An action with its time, in ms of one clock: from before its first byte was sent to its complete response. */
export interface TimedAction extends Action {
  sentAtMs: number;
  answeredAtMs: number;
}

/**
 * The lives that a session may have after concurrent actions; none where no order of the actions explains their responses.
 * An order must respect real time: what was answered before another action was sent comes before it. This is
 * linearizability (Herlihy and Wing 1990) of one session, by trying all orders; what was tried is remembered by the set of
 * actions that are done and the life that they lead to.
 * @param before the lives that the session may have had before
 */
export function linearize(
  before: readonly Life[],
  actions: readonly TimedAction[],
  rules: LifeRules,
): Life[] {
  const predecessors = actions.map((action) =>
    actions.reduce((set, other, i) => (mustPrecede(other, action) ? set | (1 << i) : set), 0),
  );
  const all = (1 << actions.length) - 1;
  const after = new Map<string, Life>();
  const tried = new Set<string>();
  const visit = (done: number, life: Life): void => {
    const key = `${done} ${keyOf(life)}`;
    if (tried.has(key)) return;
    tried.add(key);
    if (done === all) after.set(keyOf(life), life);
    const over = lifeOverTime(life, rules);
    if (over) visit(done, over);
    actions.forEach((action, i) => {
      const isNext = !(done & (1 << i)) && ((predecessors[i] ?? 0) & ~done) === 0;
      if (isNext) for (const next of livesAfter(life, action, rules)) visit(done | (1 << i), next);
    });
  };
  for (const life of before) visit(0, life);
  return [...after.values()];
}

/** An action without an answer may take effect at any time after it was sent. */
function mustPrecede(one: TimedAction, other: TimedAction): boolean {
  return one.shown !== 'none' && one.answeredAtMs < other.sentAtMs;
}

function keyOf({ state, apiKey }: Life): string {
  return `${state} ${apiKey ?? ''}`;
}
