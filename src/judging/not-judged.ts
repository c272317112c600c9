/**
 * Why something is not judged. `broken`: what it rests on has failed, and that is a finding of its own; `setting`,
 * `profile`: it was left out; the others leave the run untestable.
 */
export type Cause = 'blocked' | 'setting' | 'profile' | 'short-lived' | 'outage' | 'interrupted' | 'crash';

export interface NotJudged {
  cause: Cause;
  reason: string;
}
