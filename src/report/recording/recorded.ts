import type { Exchange } from '../../judging/exchange';

/** What a recording holds, as far as it can be judged. */
export interface Recorded {
  exchanges: Exchange[];
  likenesses: Record<string, string>;
  /** What the recording does not tell of an exchange, by its number. */
  unknown: ReadonlyMap<number, Unknown>;
  /** What was left out, one line for each reason. */
  notes: string[];
}

export interface Unknown {
  /** The state of the session, so that the status can't be judged. */
  state?: boolean;
  /** The body of the response. */
  body?: boolean;
  /** The body of the request, so that neither its validity nor its values are known. */
  request?: boolean;
  /** Whether the message was complete and well-formed: other tools record what they made of it. */
  message?: boolean;
}

/** The recording can't be judged; the message is one line that says why. */
export class UnreadableRecording extends Error {
  override name = 'UnreadableRecording';
}
