import type { FindingName } from '../catalogue/finding-name';
import type { FormName } from '../catalogue/forms';
import type { RequirementId } from '../catalogue/requirements';
import type { FailingWalk } from '../explore/explorer';
import type { Failure } from '../explore/failure';
import type { WalkOptions } from '../explore/walks';
import type {
  ProvidedState,
  Outcome,
  ProviderState,
  ProviderStateResult,
  RaceEntry,
  RaceResult,
  SessionFacts,
} from '../gateway/call';
import type { Answer } from '../judging/answer';
import type { JudgementReport, TestEnd } from '../judging/judgement';
import type { SessionState } from '../judging/states';

/*
 * Between the tests, which run in workers, and the gateway, which outlives them: requests of the API go through it under
 * /api/, with a Call in a header; what the gateway knows of them comes back as an Outcome in another one. All else is a
 * POST of JSON under /run/.
 */

export const CALL_HEADER = 'x-contract-call';
export const OUTCOME_HEADER = 'x-contract-outcome';

/**
 * What a session is released for: `pending` for any test that starts with a pending session, the others for the test that
 * looks at it again when SETTLE_MS have passed; under a requirement those that it asks to be unchanged.
 */
export type Purpose =
  'pending' | 'denied' | 'unknown' | 'completed' | 'expired' | 'unchanged' | RequirementId;

export interface ReleasedSession extends SessionFacts {
  /** How long ago it was released, in ms. */
  releasedMs: number;
}

/** A finding of a test that is not accepted. */
export interface TestFinding {
  name: FindingName;
  /** The exchanges of the test that showed it. */
  exchanges: number[];
  /** For a person: in full in the first test that saw it, in one line in others. */
  text: string;
}

/** A request of a race with its answer; times on the clock of the gateway, in ms. */
export type RacedRequest = Outcome & { answer?: Answer; sentAtMs: number; answeredAtMs: number };

/** The verbs under /run/, with their parameters and results. */
export interface RunVerbs {
  /** Hands out a pending session that another test has released, if there is one. */
  reserve: { params: { form: FormName }; result: { session?: SessionFacts } };
  /** Releases sessions for other tests. */
  release: { params: { purpose: Purpose; sessions: string[] }; result: Record<never, never> };
  /** Hands out all sessions that were released for a purpose. */
  released: { params: { purpose: Purpose }; result: { sessions: ReleasedSession[] } };
  /** A label for an id that no session has, shaped like those that sessions have. */
  unknown: { params: Record<never, never>; result: SessionFacts };
  /** Labels of the sessions that the user gave in the settings. */
  given: { params: { state: ProvidedState }; result: { session?: SessionFacts } };
  /** A session that was brought into a state before any test asked for it, or why it could not be. */
  prepared: {
    params: { state: ProvidedState };
    result: { session?: SessionFacts; provided?: ProviderStateResult };
  };
  'provider-state': { params: { session: string; state: ProviderState }; result: ProviderStateResult };
  /**
   * Sends requests at the same moment and, if it is given, sets up a provider state in that moment. Where all requests were
   * turned away the gateway has waited, and the race is to be run again with a new session.
   */
  race: {
    params: { entries: RaceEntry[]; approve?: { session: string; isFirst?: boolean } };
    result: { sent: RacedRequest[]; turnedAway: boolean; provided?: RaceResult['provided'] };
  };
  /** Whether the provider states refuse to approve a session that was denied; it is tried once a run. */
  hook: { params: Record<never, never>; result: { keepsRules: boolean } };
  /** Whether the ids of the sessions created so far can be computed; the exchange that made the last one. */
  computable: { params: Record<never, never>; result: { how?: string; enough: boolean; exchange: number } };
  /** Marks the session as having reached a state, by a test that saw it. */
  reached: { params: { session: string; state: SessionState }; result: Record<never, never> };
  /** A judgement of a test, which the end of its worker must not lose. */
  judged: { params: JudgementReport; result: Record<never, never> };
  /** Ends a test; returns its findings, and why nothing was judged where that is so. */
  end: { params: TestEnd; result: { findings: TestFinding[]; unjudgedReason: string } };
  /** The answer of an exchange, where it is too long to come with the outcome. */
  answer: { params: { exchange: number }; result: { answer?: Answer } };
  settings: { params: Record<never, never>; result: RunSettings };
  /** What a walk has to know. */
  'walk-options': { params: Record<never, never>; result: WalkSettings };
  /** Takes judgements of an attempt at a walk; returns what it has found. */
  'walk-judge': {
    params: { attempt: string; judgements: JudgementReport[] };
    result: { failures: Failure[] };
  };
  /** Ends an attempt at a walk. */
  'walk-settle': { params: { attempt: string; counts: boolean }; result: Record<never, never> };
  /** Reports a walk that fails; returns its lines for a person, and a script that repeats it. */
  'walk-failed': {
    params: FailingWalk;
    result: { lines: string[]; script: { name: string; text: string } };
  };
}

/** What a walk has to know of the run. */
export interface WalkSettings extends WalkOptions {
  seed: number;
  walks: number;
  hookKeepsRules: boolean;
  requestsLeft: number;
}

/** What a test has to know of the settings. */
export interface RunSettings {
  settleMs: number;
  waitForExpiryMs: number;
  requestTimeoutMs: number;
  profile: 'full' | 'polite';
  hasProviderStates: boolean;
}
