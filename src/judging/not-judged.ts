import type { Code } from '../catalogue/codes';
import type { RequirementId } from '../catalogue/requirements';

/**
 * Why something is not judged. `blocked`: its precondition failed, which is a finding of its own; `setting`, `profile`: it
 * was left out; `short-lived`: the session may have expired by itself; the others leave the run untestable.
 */
export type Cause = 'blocked' | 'setting' | 'profile' | 'short-lived' | 'outage' | 'interrupted' | 'crash';

export interface BlockedBy {
  requirement: RequirementId;
  code?: Code | undefined;
}

export interface NotJudged {
  cause: Cause;
  reason: string;
  /** Of `blocked`: the finding that blocked it; without a code any finding of the requirement. */
  blockedBy?: BlockedBy | undefined;
}

export const UNTESTABLE: ReadonlySet<Cause> = new Set(['outage', 'interrupted', 'crash']);

/** The reason as text, with the finding that blocked it. */
export function reasonText({ reason, blockedBy }: NotJudged): string {
  if (!blockedBy) return reason;
  const { requirement, code } = blockedBy;
  return `blocked by ${requirement}${code ? `/${code}` : ''}: ${reason}`;
}
