import type { RequirementId } from '../catalogue/requirements';

/**
 * violation: a documented promise, a MUST of a standard or a harm is broken; drift: something undocumented beside what
 * is promised; advice: a SHOULD, which never fails a run.
 */
export type FindingClass = 'violation' | 'drift' | 'advice';

/** The kinds of findings: stable codes, each with what it means. */
export const CODES = {
  status: 'another status than the one that is promised',
  accepted: 'a denial that had to be rejected was accepted',
  'undocumented-status': 'a status that the document does not name',
  'undocumented-body': 'the body beside an undocumented status is no documented error body',
  'undocumented-property': 'a property that the document does not name',
  schema: 'the body breaks the documented schema',
  'media-type': 'the body has not the one documented media type',
  json: 'the body is not well-formed JSON',
  malformed: 'the answer is not well-formed HTTP',
  truncated: 'the connection broke inside of the answer',
  'too-large': 'the body is larger than any answer of this API may be',
  encoding: 'the body is not encoded as its Content-Encoding says',
  timeout: 'no complete answer in time, while other requests were answered',
  'no-answer': 'the connection broke before any answer, while other requests were answered',
  'secret-shown': 'a secret in a place where no document says so',
  'stack-trace': 'a stack trace in an answer',
  'still-pending': 'a session that had ended polls as pending',
  'yields-key': 'a session that was denied, expired or unknown yields an API key',
  'not-pending': 'a session that nobody ended does not poll as pending',
  found: 'an id that no session has finds one',
  touched: 'a request for something else changed the session',
  'state-changed': 'a rejected denial changed the session',
  'key-changed': 'the API key of a completed session changed',
  'accepted-twice': 'more than one of several concurrent denials of one session was accepted',
  created: 'a rejected denial created a session',
  'not-404': 'an unknown session does not poll as 404',
  'not-completed': 'a completed session does not poll as completed',
  'no-key': 'a completed session has no API key',
  'not-expired': 'an expired session does not poll as expired',
  'not-returned': 'a value does not come back as it was sent',
  'id-repeated': 'two sessions have one id',
  'no-id': 'a session has no id',
  'id-computable': 'the id can be computed from earlier ones',
  'not-iso-8601': 'a timestamp is not ISO 8601',
  'already-expired': 'a session expires before it is created',
  'not-absolute': 'a URL is not an absolute http(s) URL',
} as const;

export type Code = keyof typeof CODES;

/** A way in which an answer is not what a requirement asks for. */
export interface Deviation {
  code: Code;
  class: FindingClass;
  /** Where in the body, as a JSON Pointer. */
  pointer?: string;
  wanted: string;
  got: string;
  /** A place in the document that says it more exactly than the requirement's own source. */
  source?: string;
}

/** A deviation as a check finds it: a violation, unless it says otherwise. */
export type FoundDeviation = Omit<Deviation, 'class'> & { class?: FindingClass };

/** A requirement looked at once: kept, or deviated from. */
export interface Judgement {
  requirement: RequirementId;
  deviation?: Deviation;
}
