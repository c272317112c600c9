/** The life of a session: who created it finds it pending; all other states are final. `unknown`: no such session. */
export type LifeState = 'pending' | 'denied' | 'completed' | 'expired' | 'unknown';

/** A state that a session may be in. */
export interface Life {
  state: LifeState;
  /** Label of the API key that a completed session has shown; undefined where no poll has shown it yet. */
  apiKey?: string | undefined;
}

/** `approve` and `expire` are provider states: they act on a session from outside of the API. */
export type ActionName = 'deny' | 'poll' | 'approve' | 'expire';

/**
 * What a response says of the session. `accepted` and `rejected`: of a denial or a provider state. The states and `gone`
 * (404): of a poll. `unclear`: a poll that shows no state. `none`: no answer, so that the action may have been done or not.
 */
export type Shown =
  'accepted' | 'rejected' | 'pending' | 'completed' | 'expired' | 'gone' | 'unclear' | 'none';

export interface Action {
  name: ActionName;
  shown: Shown;
  /** Label of the API key in the response to a poll. */
  apiKey?: string | undefined;
}

/** How a session may change without a request to the API. */
export interface LifeRules {
  /** Its time may be over, so that it may expire at any moment. */
  mayExpire: boolean;
  /**
   * The provider states are known to refuse what the API's own rules forbid. Others may write any state into a database,
   * which is not the API's fault.
   */
  hookKeepsRules: boolean;
}

const ENDED: LifeState[] = ['denied', 'expired'];

/** The lives that a session may have after an action with this response; none where the response is impossible. */
export function livesAfter(life: Life, action: Action, rules: LifeRules): Life[] {
  switch (action.name) {
    case 'poll':
      return afterPoll(life, action);
    case 'deny':
      return afterDenial(life, action.shown);
    case 'approve':
      return afterApproval(life, action.shown, rules);
    case 'expire':
      return afterExpiry(life, action.shown);
  }
}

/** The other life that a session may have when its time is over. */
export function lifeOverTime(life: Life, { mayExpire }: LifeRules): Life | undefined {
  return mayExpire && (life.state === 'pending' || life.state === 'completed')
    ? { state: 'expired' }
    : undefined;
}

function afterPoll(life: Life, { shown, apiKey }: Action): Life[] {
  const { state } = life;
  switch (shown) {
    case 'pending':
      return state === 'pending' ? [life] : [];
    // Both say that a session has ended; a server may change between the two.
    case 'gone':
      return ENDED.includes(state) || state === 'unknown' ? [life] : [];
    case 'expired':
      return ENDED.includes(state) ? [life] : [];
    case 'completed':
      if (state !== 'completed') return [];
      if (life.apiKey !== undefined && apiKey !== undefined && life.apiKey !== apiKey) return [];
      return [{ state, apiKey: life.apiKey ?? apiKey }];
    default:
      return [life];
  }
}

function afterDenial(life: Life, shown: Shown): Life[] {
  const denied: Life = { state: 'denied' };
  if (life.state !== 'pending') return shown === 'accepted' ? [] : [life];
  if (shown === 'accepted') return [denied];
  return shown === 'none' ? [life, denied] : [];
}

/** A session that expires or completes again, or in the wrong order, is the endpoint's doing; a denied one is not. */
function afterApproval(life: Life, shown: Shown, { hookKeepsRules }: LifeRules): Life[] {
  const completed: Life = { state: 'completed' };
  if (shown === 'rejected') return [life];
  const mayForce = life.state !== 'denied' || !hookKeepsRules;
  if (shown === 'accepted') return life.state === 'pending' ? [completed] : mayForce ? [life, completed] : [];
  return life.state === 'pending' || !hookKeepsRules ? [life, completed] : [life];
}

function afterExpiry(life: Life, shown: Shown): Life[] {
  const expired: Life = { state: 'expired' };
  if (shown === 'rejected') return [life];
  if (shown === 'accepted' && life.state === 'pending') return [expired];
  return life.state === 'unknown' ? [life] : [life, expired];
}
