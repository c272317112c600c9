import type { RequirementId } from '../catalogue/requirements';
import type { Check } from '../judging/checks';
import type { Operation, SeenState, SessionState } from '../judging/exchange';
import type { Deviation } from '../judging/findings';
import type { FormName } from '../catalogue/forms';
import type { Connection, FailureKind } from '../gateway/wire';

/*
 * Between the tests, which run in workers, and the gateway, which outlives them: requests of the API go through it under
 * /api/, with a Call in a header; what the gateway knows of them comes back as an Outcome in another one. All else is a
 * POST of JSON under /run/.
 */

export const CALL_HEADER = 'x-contract-call';
export const OUTCOME_HEADER = 'x-contract-outcome';

/** What a test says of a request. */
export interface Call {
  test: string;
  operation: Operation;
  state: SessionState;
  /** Label of the session that the request is about. */
  session?: string | undefined;
  /** How its id is derived from that of the session. */
  derivation?: string | undefined;
  connection: Connection;
  /** The requirement that its status is judged as, where that is not the one of its operation and state. */
  as?: RequirementId | undefined;
  /** Of a create: the form of its request. */
  form?: FormName | undefined;
}

/**
 * Why something is not judged. `broken`: what it rests on has failed, and that is a finding of its own; `setting`,
 * `profile`: it was left out; the others leave the run untestable.
 */
export type Cause = 'broken' | 'setting' | 'profile' | 'short-lived' | 'outage' | 'interrupted' | 'crash';

export interface NotJudged {
  cause: Cause;
  reason: string;
}

/** What the gateway says of a request. */
export interface Outcome {
  /** Number of the exchange; 0 where nothing was sent. */
  exchange: number;
  status: number;
  seen: SeenState;
  mayHaveExpired: boolean;
  /** Of a create: the session that it made. */
  created?: SessionFacts;
  /** The document names the status. */
  isDocumented: boolean;
  /** Label of the API key that a poll showed. */
  apiKey?: string | undefined;
  /** No complete answer; `again`: the same request for a new session may work; `reused`: its connection was not new. */
  failure?: { kind: FailureKind; message: string; again: boolean; reused: boolean };
  notJudged?: NotJudged;
}

/** What is known of a session without its secrets. */
export interface SessionFacts {
  label: string;
  /** It was seen to be pending since anything could have changed it. */
  isSeenPending: boolean;
  /** It was seen to be in the state that it is in, where that is another than pending. */
  isSeenEnded: boolean;
  /** Time from its creation to its end, in ms, by the clock of the API; undefined where that is unknown. */
  livesMs?: number;
  /** How long ago it was created, in ms. */
  ageMs: number;
  /** How long ago it reached its state, in ms. */
  inStateMs: number;
  /** Label of the API key that it was first seen with. */
  apiKey?: string;
}

/** A judgement of a test on an exchange, or why it can't be made. */
export interface JudgementReport {
  test: string;
  requirement: RequirementId;
  exchange: number;
  /** The check that found it; absent where there was no answer to check. */
  check?: Check | undefined;
  deviation?: Deviation | undefined;
  notJudged?: NotJudged | undefined;
}

export interface TestEnd {
  test: string;
  /** All that the test was to judge. */
  requirements: RequirementId[];
  /** Why the rest of the test was not judged. */
  notJudged?: NotJudged | undefined;
}

/** The states that only a person, or time, brings a session into. */
export type BroughtState = 'completed' | 'expired';
export type ProviderState = `session is ${BroughtState}`;
export type ProviderStateResult = { result: 'done' | 'refused' } | { result: 'unavailable'; reason: string };

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
