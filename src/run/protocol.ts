import type { FormName } from '../catalogue/forms';
import type { SessionFacts, BroughtState, ProviderStateResult, ProviderState } from '../gateway/call';
import type { JudgementReport, TestEnd } from '../judging/judgement';
import type { SessionState } from '../judging/states';

/*
 * Between the tests, which run in workers, and the gateway, which outlives them: requests of the API go through it under
 * /api/, with a Call in a header; what the gateway knows of them comes back as an Outcome in another one. All else is a
 * POST of JSON under /run/.
 */

export const CALL_HEADER = 'x-contract-call';
export const OUTCOME_HEADER = 'x-contract-outcome';

/** The verbs under /run/, what they take and what they give. */
export interface RunVerbs {
  /** A session that was left pending by an earlier test, if there is one. */
  take: { takes: { form?: FormName }; gives: { session?: SessionFacts } };
  /** Leaves sessions that are pending still to later tests. */
  release: { takes: { sessions: string[] }; gives: Record<never, never> };
  /** A label for an id that no session has, shaped like those that sessions have. */
  unknown: { takes: Record<never, never>; gives: SessionFacts };
  /** Labels of the sessions that the user gave in the settings. */
  given: { takes: { state: 'completed' | 'expired' }; gives: { session?: SessionFacts } };
  /** A session that was brought into a state before any test asked for it, or why it could not be. */
  prepared: {
    takes: { state: BroughtState };
    gives: { session?: SessionFacts; provided?: ProviderStateResult };
  };
  'provider-state': { takes: { session: string; state: ProviderState }; gives: ProviderStateResult };
  /** The sessions of this run that are in a state, the oldest first. */
  'all-in': { takes: { state: SessionState }; gives: { sessions: SessionFacts[] } };
  /** Whether the ids of the sessions created so far can be computed; the exchange that made the last one. */
  computable: { takes: Record<never, never>; gives: { how?: string; enough: boolean; exchange: number } };
  /** Marks the session as having reached a state, by a test that saw it. */
  reached: { takes: { session: string; state: SessionState }; gives: Record<never, never> };
  /** A finding, which no end of the test's worker is to lose. */
  judged: { takes: JudgementReport; gives: Record<never, never> };
  /** Ends a test, with what it judged besides; gives the findings of it that are not accepted, as text for a person. */
  end: {
    takes: TestEnd & { judgements: JudgementReport[]; scenarios: TestEnd[] };
    gives: { unaccepted: string[] };
  };
  settings: { takes: Record<never, never>; gives: RunSettings };
}

/** What a test has to know of the settings. */
export interface RunSettings {
  settleMs: number;
  waitForExpiryMs: number;
  requestTimeoutMs: number;
  profile: 'full' | 'polite';
  hasProviderStates: boolean;
}
