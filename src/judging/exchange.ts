import type { RequirementId } from '../catalogue/requirements';
import type { FindingKey } from '../catalogue/finding-name';
import type { FormName } from '../catalogue/forms';
import type { JudgementReport } from './judgement';
import type { Answer, FailureKind } from './answer';
import type { Operation, SeenState, SessionState } from './states';

/** A request and its response as they were on the wire, with labels in place of secrets. */
export interface Exchange {
  /** Counts the exchanges of a run from 1. */
  n: number;
  /** Title of the test that sent it, or what the gateway sent it for. */
  test: string;
  operation: Operation;
  state: SessionState;
  /** Label of the session that the request is about, or that it created. */
  session: string | undefined;
  method: string;
  /** Base of the target's URLs, with a trailing slash. */
  base: string;
  /** Path and query after the base; an id is a label, with the name of its derivation: "$SESSION_1.nul". */
  path: string;
  requestHeaders: Record<string, string>;
  requestBody: string | undefined;
  startedAt: string;
  /** From the request (in a race: its last byte) to the end of the answer; pacing and waits don't count. */
  durationMs: number;
  /** Just before the request was sent (in a race: its last byte), in ms of the runner's monotonic clock. */
  sentAtMs?: number;
  /** When the answer was complete, or had failed, on the same clock. */
  answeredAtMs?: number;
  /** Exchanges with the same number were sent at the same moment. */
  batch?: number;
  /** It was sent as soon as a denial of a race had its response. */
  follows?: boolean;
  /** The connection had carried a request before. */
  reused: boolean;
  /** Span id of the request in the run's trace (W3C Trace Context). */
  spanId?: string;
  /** Ids by which the API's own logs know the request (x-request-id, cf-ray and the like), by header. */
  requestIds?: Record<string, string>;
  answer: Answer | undefined;
  /** `hint`: the likely cause and what to set, where the failure tells. */
  failure: { kind: FailureKind; message: string; hint?: string } | undefined;
  /** The session's own time may have run out by then, so that its end proves nothing. */
  mayHaveExpired: boolean;
  /** Of a create: the form of its request. */
  form?: FormName | undefined;
  /** The requirement that its status is judged as, where the test named one. */
  judgedAs?: RequirementId | undefined;
  /** The rules for single responses have judged it. */
  isJudged: boolean;
  /** The judgements of tests on it. */
  judgements: Omit<JudgementReport, 'exchange'>[];
}

export function seenState(operation: Operation, answer: Answer | undefined): SeenState {
  if (operation !== 'poll' || !answer) return 'unclear';
  if (answer.status === 404) return 'gone';
  const status =
    answer.status === 200 && (answer.json?.value as { status?: unknown } | null | undefined)?.status;
  return status === 'pending' || status === 'completed' || status === 'expired' ? status : 'unclear';
}

/** Label of the API key that a poll shows. */
export function shownKey({ operation, answer }: Exchange): string | undefined {
  const key =
    operation === 'poll'
      ? (answer?.json?.value as { apiKey?: unknown } | null | undefined)?.apiKey
      : undefined;
  return typeof key === 'string' ? key : undefined;
}

/** The judgement of a test by which this response shows a finding; undefined where a rule has found it. */
export function judgementOf(
  { judgements }: Exchange,
  { requirement, code }: FindingKey,
): Exchange['judgements'][number] | undefined {
  return judgements.find((one) => one.requirement === requirement && one.deviation?.code === code);
}

/** A DELETE with the whole id of its session. */
export function isDenial({ operation, state }: Exchange): boolean {
  return operation === 'deny' && state !== 'near-miss' && state !== 'malformed';
}
