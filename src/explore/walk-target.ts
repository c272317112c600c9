import type {
  Call,
  Outcome,
  ProviderState,
  ProviderStateResult,
  RaceEntry,
  RaceResult,
  SessionFacts,
} from '../gateway/call';
import type { ApiRequest } from '../gateway/translator';
import type { JudgementReport } from '../judging/judgement';
import type { Failure } from './failure';

/** The result of a request of a batch; times in ms of the runner's clock. */
export type TimedOutcome = Outcome & { sentAtMs: number; answeredAtMs: number };

export interface BatchOutcome {
  /** In the order of the entries. */
  sent: TimedOutcome[];
  provided?: RaceResult['provided'];
}

/** What a walk needs of a run. */
export interface WalkTarget {
  send(call: Call, request: ApiRequest): Promise<Outcome>;
  /** @param approve label of a session that is approved in the same moment */
  race(entries: RaceEntry[], approve?: string): Promise<BatchOutcome>;
  provide(session: string, state: ProviderState): Promise<ProviderStateResult>;
  unknown(): Promise<SessionFacts>;
  /**
   * Takes judgements of an attempt, which is known by the name that its calls and judgements have as their test.
   * @returns what is found in it that no earlier walk has reported
   */
  judge(attempt: string, judgements: JudgementReport[]): Promise<Failure[]>;
  /** Whether the judgements of an attempt count, or are forgotten. */
  settle(attempt: string, counts: boolean): Promise<void>;
}
