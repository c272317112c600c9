import type { Contract } from '../contract/contract';
import type { Answer } from './answer';
import { seenState, shownKey, type Exchange } from './exchange';
import type { SeenState } from './states';

/** What is known of a response beyond the message itself. */
export interface ResponseFacts {
  /** Number of the exchange; 0 where nothing was sent. */
  exchange: number;
  /** 0 where there was no complete response. */
  status: number;
  /** Of a poll: the state that it shows. */
  seen: SeenState;
  /** The session's own time may have run out by then, so that its end proves nothing. */
  mayHaveExpired: boolean;
  /** The document names the status for this operation. */
  isDocumented: boolean;
  /** Of a poll: label of the API key that it shows. */
  apiKey?: string | undefined;
}

/** A whole response as checks see it, with labels in place of secrets. */
export interface CheckedResponse extends ResponseFacts {
  headers: [name: string, value: string][];
  /** Undefined where the body is not UTF-8. */
  text: string | undefined;
  /** The parsed body; undefined where it is not well-formed JSON. */
  json: unknown;
}

/** @param answer absent where there was no complete response */
export function checkedResponse(
  { exchange, status, seen, mayHaveExpired, isDocumented, apiKey }: ResponseFacts,
  answer: Answer | undefined,
): CheckedResponse {
  const { headers = [], text, json } = answer ?? {};
  return { exchange, status, seen, mayHaveExpired, isDocumented, apiKey, headers, text, json: json?.value };
}

/** The response of an exchange, judged by a contract. */
export function checkedResponseOf(exchange: Exchange, contract: Contract): CheckedResponse {
  const { n, operation, answer, mayHaveExpired } = exchange;
  const status = answer?.status ?? 0;
  const facts = {
    exchange: n,
    status,
    seen: seenState(operation, answer),
    mayHaveExpired,
    isDocumented: operation !== 'other' && contract.response(operation, status) !== undefined,
    apiKey: shownKey(exchange),
  };
  return checkedResponse(facts, answer);
}
