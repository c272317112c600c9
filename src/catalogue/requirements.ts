import { operationPointer } from './operations';

/** MUST: documented, a MUST of a standard, or a harm to whoever relies on it. SHOULD: advice, never fails a run. */
export type Level = 'MUST' | 'SHOULD';

/** The harms that a MUST may rest on where the document and the standards are silent. */
export const HARMS = {
  'ended-session': 'a denied, expired or unknown session that yields an API key or becomes pending',
  'other-session': 'a session touched by a request for another id, or by a safe method',
  'api-key': 'an API key changed, revoked or shown by a rejection',
  secret: 'a secret shown where no document says so',
  'stack-trace': 'a stack trace in an answer',
  'computable-id': 'an id that can be computed from earlier ones',
  'two-readings': 'an answer that two parsers read differently, or a body without its documented media type',
  'server-error': 'a valid request that is answered with a server error, or not at all',
  'lost-value':
    'a value that does not come back as it was sent, or does not say what it is documented to say',
} as const;

/** Where a requirement comes from: a place in the pinned document, a section of a standard, or a harm. */
export type Source = { pointer: string } | { rfc: string } | { harm: keyof typeof HARMS };

interface Entry {
  level: Level;
  title: string;
  source: Source;
  /**
   * Findings of this requirement that are but another look at a finding of another one: code -> "REQUIREMENT/code".
   * Where that one is found too, they are counted there.
   */
  explainedBy?: Record<string, string[]>;
}

const create = operationPointer('create');
const poll = operationPointer('poll');
const deny = operationPointer('deny');
const schema = 'content/application~1json/schema';

/**
 * All requirements, each once. An id is never used again for something else; at most nine for a prefix, so that
 * --grep @DENY-1 finds no other one.
 */
export const REQUIREMENTS = {
  'DENY-1': {
    level: 'MUST',
    title: 'A pending session is denied: the answer is 200',
    source: { pointer: `${deny}/responses/200` },
    explainedBy: {
      status: ['DENY-4/touched', 'CREATE-3/id-repeated'],
    },
  },
  'DENY-2': {
    level: 'MUST',
    title: 'A denied session is gone: no later poll shows it as pending',
    source: { harm: 'ended-session' },
  },
  'DENY-3': {
    level: 'MUST',
    title: 'The answer to a denial keeps its documented schema and names nothing else',
    source: { pointer: `${deny}/responses/200/${schema}` },
  },
  'DENY-4': {
    level: 'MUST',
    title: 'Denying one session leaves all others pending, those of the same device too',
    source: { harm: 'other-session' },
    explainedBy: {
      touched: ['POLL-1/not-pending', 'CREATE-3/id-repeated'],
    },
  },
  'DENY-5': {
    level: 'MUST',
    title: 'A denied session never yields an API key, not even to a late approval',
    source: { harm: 'ended-session' },
    explainedBy: {
      'yields-key': ['DENY-2/still-pending'],
    },
  },
  'DENY-6': {
    level: 'MUST',
    title: 'Several denials in a row succeed over one connection, whatever the sessions were created with',
    source: { pointer: `${deny}/responses/200` },
    explainedBy: {
      status: ['DENY-9/not-pending', 'DENY-1/status', 'DENY-4/touched', 'CREATE-3/id-repeated'],
      timeout: ['DENY-1/timeout'],
      'no-answer': ['DENY-1/no-answer'],
    },
  },
  'DENY-7': {
    level: 'MUST',
    title: 'Of many concurrent denials of one session at most one succeeds, and the session ends denied',
    source: { pointer: `${deny}/description` },
    explainedBy: {
      'accepted-twice': ['REJECT-2/accepted', 'DENY-2/still-pending', 'REJECT-8/state-changed'],
      'still-pending': ['DENY-2/still-pending', 'REJECT-8/state-changed', 'REJECT-2/accepted'],
      status: [
        'DENY-9/not-pending',
        'DENY-1/status',
        'DENY-6/status',
        'DENY-4/touched',
        'POLL-1/not-pending',
        'CREATE-3/id-repeated',
      ],
      timeout: ['DENY-1/timeout', 'REJECT-2/timeout'],
      'no-answer': ['DENY-1/no-answer', 'REJECT-2/no-answer'],
    },
  },
  'DENY-8': {
    level: 'MUST',
    title: 'Concurrent denials of different sessions all succeed',
    source: { pointer: `${deny}/responses/200` },
    explainedBy: {
      status: ['DENY-9/not-pending', 'DENY-1/status', 'DENY-4/touched', 'CREATE-3/id-repeated'],
      timeout: ['DENY-1/timeout'],
      'no-answer': ['DENY-1/no-answer'],
    },
  },
  'DENY-9': {
    level: 'MUST',
    title: 'A session that is left alone stays pending, and can still be denied',
    source: { pointer: `${deny}/responses/200` },
    explainedBy: {
      'not-pending': [
        'ID-1/accepted',
        'ID-2/touched',
        'ID-3/accepted',
        'ID-3/touched',
        'ID-6/touched',
        'ID-7/touched',
        'DENY-4/touched',
        'POLL-1/not-pending',
        'CREATE-3/id-repeated',
      ],
      status: ['DENY-6/status', 'DENY-1/status', 'DENY-4/touched', 'CREATE-3/id-repeated'],
      timeout: ['DENY-1/timeout'],
      'no-answer': ['DENY-1/no-answer'],
    },
  },
  'REJECT-1': {
    level: 'MUST',
    title: 'Denying an unknown session is rejected as documented',
    source: { pointer: `${deny}/description` },
  },
  'REJECT-2': {
    level: 'MUST',
    title: 'Denying a denied session again is rejected as documented, however often',
    source: { pointer: `${deny}/description` },
    explainedBy: {
      accepted: ['REJECT-8/state-changed', 'DENY-2/still-pending'],
    },
  },
  'REJECT-3': {
    level: 'MUST',
    title: 'Denying a completed session is rejected as documented',
    source: { pointer: `${deny}/description` },
  },
  'REJECT-4': {
    level: 'MUST',
    title: 'Denying an expired session is rejected as documented',
    source: { pointer: `${deny}/description` },
  },
  'REJECT-5': {
    level: 'MUST',
    title: 'The body of a rejection keeps its documented schema and names nothing else',
    source: { pointer: `${deny}/responses/500/${schema}` },
  },
  'REJECT-6': {
    level: 'MUST',
    title: 'Rejecting the denial of an unknown session creates none',
    source: { harm: 'ended-session' },
    explainedBy: {
      created: ['POLL-3/not-404', 'REJECT-1/accepted'],
    },
  },
  'REJECT-7': {
    level: 'MUST',
    title: 'Rejecting the denial of a completed session leaves it completed, with the same API key',
    source: { harm: 'api-key' },
    explainedBy: {
      'state-changed': ['POLL-5/not-completed', 'REJECT-3/accepted', 'POLL-1/not-pending'],
      'key-changed': ['POLL-5/key-changed', 'POLL-5/not-completed', 'REJECT-3/accepted'],
    },
  },
  'REJECT-8': {
    level: 'MUST',
    title: 'Rejecting the denial of an ended session does not bring it back',
    source: { harm: 'ended-session' },
    explainedBy: {
      'state-changed': [
        'DENY-2/still-pending',
        'DENY-5/yields-key',
        'POLL-6/not-expired',
        'REJECT-4/accepted',
      ],
    },
  },
  'ID-1': {
    level: 'MUST',
    title: 'A near miss of a session id is rejected',
    source: { harm: 'other-session' },
    explainedBy: {
      found: ['POLL-3/not-404'],
      accepted: ['REJECT-1/accepted'],
      timeout: ['REJECT-1/timeout'],
      'no-answer': ['REJECT-1/no-answer'],
    },
  },
  'ID-2': {
    level: 'MUST',
    title: 'A denial for another id leaves a session pending, also when its query or body names that session',
    source: { harm: 'other-session' },
    explainedBy: {
      touched: ['POLL-1/not-pending', 'DENY-4/touched', 'ID-7/touched'],
    },
  },
  'ID-3': {
    level: 'MUST',
    title: 'A hostile id is rejected and leaves the session that it points at pending',
    source: { harm: 'other-session' },
    explainedBy: {
      found: ['POLL-3/not-404'],
      accepted: ['REJECT-1/accepted', 'ID-1/accepted'],
      touched: ['POLL-1/not-pending', 'ID-2/touched', 'DENY-4/touched', 'ID-7/touched'],
    },
  },
  'ID-4': {
    level: 'MUST',
    title: 'A hostile id is answered',
    source: { harm: 'server-error' },
    explainedBy: {
      timeout: ['REJECT-1/timeout'],
      'no-answer': ['REJECT-1/no-answer'],
    },
  },
  'ID-5': {
    level: 'SHOULD',
    title: 'An id that no session can have is rejected with the documented status',
    source: { pointer: `${deny}/responses/500` },
  },
  'ID-6': {
    level: 'MUST',
    title: 'Safe methods on a session change nothing',
    source: { rfc: 'RFC 9110, section 9.2.1' },
    explainedBy: {
      touched: ['POLL-1/not-pending', 'DENY-4/touched', 'ID-7/touched'],
    },
  },
  'ID-7': {
    level: 'MUST',
    title: 'An empty id, and methods that are not documented, deny nothing',
    source: { harm: 'other-session' },
    explainedBy: {
      touched: ['POLL-1/not-pending'],
    },
  },
  'CREATE-1': {
    level: 'MUST',
    title: 'A session is created: the answer is 201',
    source: { pointer: `${create}/responses/201` },
  },
  'CREATE-2': {
    level: 'MUST',
    title: 'The answer to a create keeps its documented schema and names nothing else',
    source: { pointer: `${create}/responses/201/${schema}` },
  },
  'CREATE-3': {
    level: 'MUST',
    title: 'Each session has an id of its own, also when several are created at once',
    source: { pointer: `${create}/responses/201/${schema}/properties/sessionId` },
  },
  'CREATE-4': {
    level: 'MUST',
    title: 'No session id can be computed from earlier ones',
    source: { harm: 'computable-id' },
  },
  'CREATE-5': {
    level: 'MUST',
    title: 'expiresAt is an ISO 8601 timestamp after the Date of its answer',
    source: { pointer: `${create}/responses/201/${schema}/properties/expiresAt` },
  },
  'CREATE-6': {
    level: 'MUST',
    title: 'verificationUrl is an absolute http(s) URL',
    source: { pointer: `${create}/responses/201/${schema}/properties/verificationUrl` },
  },
  'CREATE-7': {
    level: 'MUST',
    title: 'Every documented form of the request creates a session',
    source: { pointer: `${create}/requestBody` },
    explainedBy: {
      status: ['CREATE-1/status'],
      timeout: ['CREATE-1/timeout'],
      'no-answer': ['CREATE-1/no-answer'],
    },
  },
  'POLL-1': {
    level: 'MUST',
    title: 'A fresh session polls as pending, at once and again: polling changes nothing',
    source: { pointer: `${poll}/responses/200` },
    explainedBy: {
      'not-pending': ['CREATE-3/id-repeated'],
    },
  },
  'POLL-2': {
    level: 'MUST',
    title: 'The answer to a poll keeps its documented schema and names nothing else',
    source: { pointer: `${poll}/responses/200/${schema}` },
  },
  'POLL-3': {
    level: 'MUST',
    title: 'An unknown session polls as 404',
    source: { pointer: `${poll}/responses/404` },
  },
  'POLL-4': {
    level: 'MUST',
    title: 'deviceName and callbackUrl come back as they were sent',
    source: { harm: 'lost-value' },
    explainedBy: {
      'not-returned': ['CREATE-3/id-repeated'],
    },
  },
  'POLL-5': {
    level: 'MUST',
    title: 'A completed session polls as completed, with one API key',
    source: { pointer: `${poll}/responses/200/${schema}` },
    explainedBy: {
      'not-completed': ['POLL-1/not-pending'],
    },
  },
  'POLL-6': {
    level: 'MUST',
    title: 'An expired session polls as expired',
    source: { pointer: `${poll}/responses/200/${schema}` },
    explainedBy: {
      'not-expired': ['POLL-1/not-pending'],
    },
  },
  'POLL-7': {
    level: 'MUST',
    title: 'A poll is answered with a documented status, and never with a server error',
    source: { pointer: `${poll}/responses` },
  },
  'WIRE-1': {
    level: 'MUST',
    title: 'A body has its documented media type, and only one',
    source: { harm: 'two-readings' },
  },
  'WIRE-2': {
    level: 'MUST',
    title: 'A body is well-formed JSON: UTF-8, no byte order mark, no name twice, nothing behind it',
    source: { rfc: 'RFC 8259, sections 2, 4 and 8.1' },
  },
  'WIRE-3': {
    level: 'MUST',
    title: 'An answer is one complete and well-formed HTTP message of bounded size',
    source: { rfc: 'RFC 9112, sections 2 to 8' },
  },
  'WIRE-4': {
    level: 'MUST',
    title: 'No answer shows a secret where none is documented, headers included',
    source: { harm: 'secret' },
  },
  'WIRE-5': {
    level: 'MUST',
    title: 'No answer shows a stack trace',
    source: { harm: 'stack-trace' },
  },
} as const satisfies Record<string, Entry>;

export type RequirementId = keyof typeof REQUIREMENTS;
export type Requirement = Entry & { id: RequirementId };

export const REQUIREMENT_IDS = Object.keys(REQUIREMENTS) as RequirementId[];

export function requirement(id: RequirementId): Requirement {
  return { id, ...REQUIREMENTS[id] };
}

/** A source as one line. */
export function sourceText(source: Source): string {
  if ('pointer' in source) return source.pointer;
  return 'rfc' in source ? source.rfc : `harm: ${HARMS[source.harm]}`;
}
