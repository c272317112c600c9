import type { FormName } from '../catalogue/forms';
import type { RequirementId } from '../catalogue/requirements';
import type { ApiRequest } from './translator';
import type { Connection } from './wire';
import type { Exchange } from '../judging/exchange';
import type { NotJudged } from '../judging/not-judged';
import type { SessionState, SeenState, Operation } from '../judging/states';
import type { FailureKind } from '../judging/answer';

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
  judgedAs?: RequirementId | undefined;
  /** Of a create: the form of its request. */
  form?: FormName | undefined;
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
  /** No complete answer; `retryable`: the same request for a new session may work; `reused`: its connection was not new. */
  failure?: { kind: FailureKind; message: string; retryable: boolean; reused: boolean };
  /**
   * In a race: the answer was 429 or 503, as of a rate limiter, and did nothing. It is neither judged nor repeated.
   */
  turnedAway?: boolean;
  notJudged?: NotJudged;
}

/** What a test gets for a request. `exchange` is undefined where nothing was sent. */
export interface Reply {
  outcome: Outcome;
  exchange: Exchange | undefined;
}

/** A request that takes part in a race. */
export interface RaceEntry {
  call: Call;
  request: ApiRequest;
  /** Place of another one: it is sent when that one's response has come. */
  behind?: number | undefined;
}

/** A provider state that is set up in the same moment. */
export interface RacingState {
  session: string;
  state: ProviderState;
  /** It is sent before the requests, not after them. */
  isFirst?: boolean | undefined;
}

export interface RaceResult {
  /** In the order of the entries. */
  replies: Reply[];
  /**
   * All requests were turned away. The gateway has waited; run the race again, with a new session. This is false when that
   * went on for 2 x REQUEST_TIMEOUT_MS. If no other request was answered meanwhile, that is an outage.
   */
  turnedAway: boolean;
  /** The result of the provider state, and when, on the clock of the exchanges. */
  provided?: ProviderStateResult & { sentAtMs: number; answeredAtMs: number };
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

/** The states that only a person, or time, brings a session into. */
export type ProvidedState = 'completed' | 'expired';

export type ProviderState = `session is ${ProvidedState}`;

export type ProviderStateResult =
  /** `isLate`: it was accepted (202), and may have been set up later or not at all. */
  { result: 'done'; isLate?: boolean } | { result: 'refused' } | { result: 'unavailable'; reason: string };
