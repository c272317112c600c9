import { operationPointer } from './operations';
import type { Source } from './source';

export { HARMS } from './harms';
export { sourceText, type Source } from './source';

/** MUST: a documented promise, a MUST of a standard, or a harm. SHOULD: advice, which never fails a run. */
export type Level = 'MUST' | 'SHOULD';

/** The headings under which requirements are reported, in this order. */
export const TOPICS = [
  'Denying a pending session',
  'Denying a session that is not pending',
  'Near-miss and malformed ids',
  'Other methods and paths',
  'Creating sessions',
  'Polling sessions',
  'Every response',
] as const;

export type Topic = (typeof TOPICS)[number];

interface Entry {
  topic: Topic;
  level: Level;
  title: string;
  source: Source;
}

const create = operationPointer('create');
const poll = operationPointer('poll');
const deny = operationPointer('deny');
const schema = 'content/application~1json/schema';

const DENY = { topic: 'Denying a pending session', level: 'MUST' } as const;
const REJECT = { topic: 'Denying a session that is not pending', level: 'MUST' } as const;
const ID = { topic: 'Near-miss and malformed ids', level: 'MUST' } as const;
const OTHER = { topic: 'Other methods and paths', level: 'MUST' } as const;
const CREATE = { topic: 'Creating sessions', level: 'MUST' } as const;
const POLL = { topic: 'Polling sessions', level: 'MUST' } as const;
const WIRE = { topic: 'Every response', level: 'MUST' } as const;

/** All requirements, each listed once. An id keeps its meaning forever: what is withdrawn goes into RETIRED. */
export const REQUIREMENTS = {
  'DENY-1': {
    ...DENY,
    title: 'The response to denying a pending session has status 200',
    source: { pointer: `${deny}/responses/200` },
  },
  'DENY-2': {
    ...DENY,
    title: 'A denied session never polls as pending again',
    source: { harm: 'ended-session' },
  },
  'DENY-3': {
    ...DENY,
    title: 'The response to a denial matches its schema and has no undocumented properties',
    source: { pointer: `${deny}/responses/200/${schema}` },
  },
  'DENY-4': {
    ...DENY,
    title: 'Denying one session leaves all others pending, also those of the same device',
    source: { harm: 'other-session' },
  },
  'DENY-5': {
    ...DENY,
    title: 'A denied session never yields an API key, not even after a late approval',
    source: { harm: 'ended-session' },
  },
  'DENY-6': {
    ...DENY,
    title: 'Several denials over one connection succeed, whatever the sessions were created with',
    source: { pointer: `${deny}/responses/200` },
  },
  'DENY-7': {
    ...DENY,
    title: 'Exactly one of several concurrent denials of a session succeeds, and the session ends denied',
    source: { pointer: `${deny}/description` },
  },
  'DENY-8': {
    ...DENY,
    title: 'Concurrent denials of different sessions all succeed',
    source: { pointer: `${deny}/responses/200` },
  },
  'DENY-9': {
    ...DENY,
    title: 'A session that nobody touches stays pending and can still be denied',
    source: { pointer: `${deny}/responses/200` },
  },
  'REJECT-1': {
    ...REJECT,
    title: 'Denying an unknown session is rejected with a documented response',
    source: { pointer: `${deny}/description` },
  },
  'REJECT-2': {
    ...REJECT,
    title: 'Denying a denied session again is rejected with a documented response, each time',
    source: { pointer: `${deny}/description` },
  },
  'REJECT-3': {
    ...REJECT,
    title: 'Denying a completed session is rejected with a documented response',
    source: { pointer: `${deny}/description` },
  },
  'REJECT-4': {
    ...REJECT,
    title: 'Denying an expired session is rejected with a documented response',
    source: { pointer: `${deny}/description` },
  },
  'REJECT-5': {
    ...REJECT,
    title: 'The body of a rejection matches its schema and has no undocumented properties',
    source: { pointer: `${deny}/responses/500/${schema}` },
  },
  'REJECT-6': {
    ...REJECT,
    title: 'Rejecting the denial of an unknown session does not create one',
    source: { harm: 'ended-session' },
  },
  'REJECT-7': {
    ...REJECT,
    title: 'Rejecting the denial of a completed session leaves it completed, with the same API key',
    source: { harm: 'api-key' },
  },
  'REJECT-8': {
    ...REJECT,
    title: 'Rejecting the denial of a session that has ended does not revive it',
    source: { harm: 'ended-session' },
  },
  'ID-1': {
    ...ID,
    title: 'A near-miss id is rejected: part of a session id, or a session id with one character changed',
    source: { harm: 'other-session' },
  },
  'ID-2': {
    ...ID,
    title: 'Denying a near-miss id leaves the session pending, also when the query or the body names it',
    source: { harm: 'other-session' },
  },
  'ID-3': {
    ...ID,
    title: 'A pattern or wildcard in place of an id is rejected, and neither finds nor changes a session',
    source: { harm: 'other-session' },
  },
  'ID-4': {
    ...ID,
    title: 'A request with a malformed id does not hang',
    source: { harm: 'server-error' },
  },
  'ID-6': {
    ...OTHER,
    title: 'Safe methods change no session',
    source: { rfc: 'RFC 9110, section 9.2.1' },
  },
  'ID-7': {
    ...OTHER,
    title: 'An empty id and undocumented methods change no session',
    source: { harm: 'other-session' },
  },
  'ID-8': {
    ...ID,
    level: 'SHOULD',
    title: 'An id that contains a whole session id is not decoded, cut or normalised into it',
    source: { rfc: 'RFC 3986, section 6' },
  },
  'CREATE-1': {
    ...CREATE,
    title: 'The response to creating a session has status 201',
    source: { pointer: `${create}/responses/201` },
  },
  'CREATE-2': {
    ...CREATE,
    title: 'The response to a create matches its schema and has no undocumented properties',
    source: { pointer: `${create}/responses/201/${schema}` },
  },
  'CREATE-3': {
    ...CREATE,
    title: 'Each session has an id of its own, also when several are created concurrently',
    source: { pointer: `${create}/responses/201/${schema}/properties/sessionId` },
  },
  'CREATE-4': {
    ...CREATE,
    title: 'Session ids cannot be computed from earlier ones',
    source: { harm: 'computable-id' },
  },
  'CREATE-5': {
    ...CREATE,
    title: 'expiresAt is an ISO 8601 timestamp after the Date of its response',
    source: { pointer: `${create}/responses/201/${schema}/properties/expiresAt` },
  },
  'CREATE-6': {
    ...CREATE,
    title: 'verificationUrl is an absolute http(s) URL',
    source: { pointer: `${create}/responses/201/${schema}/properties/verificationUrl` },
  },
  'CREATE-7': {
    ...CREATE,
    title: 'Each documented form of the request creates a session',
    source: { pointer: `${create}/requestBody` },
  },
  'CREATE-8': {
    ...CREATE,
    level: 'SHOULD',
    title: 'expiresAt has a time zone',
    source: { rfc: 'RFC 3339, section 4.4' },
  },
  'CREATE-9': {
    ...CREATE,
    level: 'SHOULD',
    title: 'verificationUrl has only characters that RFC 3986 allows',
    source: { rfc: 'RFC 3986, section 2' },
  },
  'POLL-1': {
    ...POLL,
    title: 'A new session polls as pending, and polling does not change it',
    source: { pointer: `${poll}/responses/200` },
  },
  'POLL-2': {
    ...POLL,
    title: 'The response to a poll matches its schema and has no undocumented properties',
    source: { pointer: `${poll}/responses/200/${schema}` },
  },
  'POLL-3': {
    ...POLL,
    title: 'An unknown session polls as 404',
    source: { pointer: `${poll}/responses/404` },
  },
  'POLL-4': {
    ...POLL,
    title: 'deviceName and callbackUrl come back as they were sent',
    source: { harm: 'lost-value' },
  },
  'POLL-5': {
    ...POLL,
    title: 'A completed session polls as completed, always with the same API key',
    source: { pointer: `${poll}/responses/200/${schema}` },
  },
  'POLL-6': {
    ...POLL,
    level: 'SHOULD',
    title: 'An expired session polls as expired',
    source: { pointer: `${poll}/responses/200/${schema}` },
  },
  'POLL-7': {
    ...POLL,
    title: 'The response to a poll has a documented status, and never a server error',
    source: { pointer: `${poll}/responses` },
  },
  'POLL-8': {
    ...POLL,
    title: 'An expired session does not poll as pending and yields no API key',
    source: { harm: 'ended-session' },
  },
  'WIRE-1': {
    ...WIRE,
    title: 'A body has exactly one Content-Type, the documented one',
    source: { harm: 'two-readings' },
  },
  'WIRE-2': {
    ...WIRE,
    title: 'A body is one well-formed JSON text: UTF-8, no byte order mark, no duplicate names',
    source: { rfc: 'RFC 8259, sections 2, 4 and 8' },
  },
  'WIRE-3': {
    ...WIRE,
    title: 'A response is one complete, well-formed HTTP message of bounded size',
    source: { rfc: 'RFC 9112, sections 2 to 8' },
  },
  'WIRE-4': {
    ...WIRE,
    title: 'No response shows a secret in an undocumented place, headers included',
    source: { harm: 'secret' },
  },
  'WIRE-5': {
    ...WIRE,
    title: 'No response shows a stack trace',
    source: { harm: 'stack-trace' },
  },
} as const satisfies Record<string, Entry>;

export type RequirementId = keyof typeof REQUIREMENTS;
export type Requirement = Entry & { id: RequirementId };

/** Ids of withdrawn requirements, which are never used again, and why they were withdrawn. */
export const RETIRED: Readonly<Record<string, string>> = {
  'ID-5':
    'most frameworks and proxies reject malformed ids with a status of their own, mostly 400, so it gave advice to correct servers',
};

/** "ID-5 is retired: …" for the id of a withdrawn requirement, in any case; undefined for any other text. */
export function retiredText(id: string): string | undefined {
  const retired = id.toUpperCase();
  return Object.hasOwn(RETIRED, retired) ? `${retired} is retired: ${RETIRED[retired]}` : undefined;
}

export const REQUIREMENT_IDS = Object.keys(REQUIREMENTS) as RequirementId[];

export function requirement(id: RequirementId): Requirement {
  return { id, ...REQUIREMENTS[id] };
}
