import { isObject, pointer, type JsonObject } from '../../contract/json';
import { FORM_NAMES, FORM_TEXTS, FORMS, type CreateFields, type FormName } from '../../catalogue/forms';
import type { RequirementId } from '../../catalogue/requirements';
import { headerValues, type Answer } from '../answer';
import { classed, type Deviation, type Judgement } from '../deviation';
import type { Exchange } from '../exchange';
import { hasOffset, isAfterDate, isIso8601 } from '../timestamps';
import type { Facts } from './facts';
import { hasDerivedId } from './status';

type ValueDeviation = Omit<Deviation, 'class'>;

/** Judges the values in a body. A value of the wrong type is left to the schema. */
export function judgeValues(exchange: Exchange, answer: Answer, body: unknown, facts: Facts): Judgement[] {
  if (!isObject(body)) return [];
  if (exchange.operation === 'create' && answer.status === 201)
    return [
      ...judgeSessionId(exchange, body, facts),
      ...judgeExpiry(answer, body),
      ...judgeVerificationUrl(answer, body),
    ];
  const isPending = exchange.operation === 'poll' && body.status === 'pending';
  // A derived id must not find the session that it was derived from, so its values are not expected.
  if (isPending && facts.sent && !hasDerivedId(exchange)) return judgeReturned(body, facts.sent);
  return [];
}

function judgement(requirement: RequirementId, deviation?: ValueDeviation): Judgement {
  return { requirement, ...(deviation && { deviation: classed(requirement, deviation) }) };
}

function judgeSessionId({ session }: Exchange, body: JsonObject, { repeated }: Facts): Judgement[] {
  const at = { pointer: '/sessionId' };
  if (body.sessionId === '')
    return [judgement('CREATE-3', { code: 'no-id', ...at, expected: 'an id', actual: '""' })];
  if (session === undefined) return [];
  const deviation: ValueDeviation = {
    code: 'id-repeated',
    ...at,
    expected: 'an id that no other session has',
    actual: `the id of an earlier session, ${session}`,
  };
  return [judgement('CREATE-3', repeated ? deviation : undefined)];
}

function judgeExpiry(answer: Answer, { expiresAt }: JsonObject): Judgement[] {
  if (typeof expiresAt !== 'string') return [];
  const at = { pointer: '/expiresAt' };
  // A space for the "T" is not ISO 8601, which the document promises. RFC 3339 permits it, but the document doesn't name
  // that one, and Date.parse of some JavaScript engines refuses it.
  if (!isIso8601(expiresAt))
    return [
      judgement('CREATE-5', {
        code: 'not-iso-8601',
        ...at,
        expected: 'an ISO 8601 timestamp such as 2026-01-31T12:00:00Z',
        actual: JSON.stringify(expiresAt),
      }),
    ];
  // ISO 8601 lets local time go without a zone, so the document is kept. RFC 3339 calls it unacceptable: most readers take
  // it for another instant.
  const zone: ValueDeviation = {
    code: 'no-time-zone',
    ...at,
    expected: 'a time zone: Z or an offset',
    actual: JSON.stringify(expiresAt),
  };
  const date = headerValues(answer, 'date')[0];
  const isOver = date !== undefined && !isAfterDate(expiresAt, date);
  const over: ValueDeviation = {
    code: 'already-expired',
    ...at,
    expected: `a time after the Date of the response, ${date}`,
    actual: expiresAt,
  };
  return [
    judgement('CREATE-5', isOver ? over : undefined),
    judgement('CREATE-8', hasOffset(expiresAt) ? undefined : zone),
  ];
}

/** Characters that RFC 3986 allows in no part of a URI (section 2). Browsers still open such a URL. */
const NOT_IN_A_URI = /[^!#-;=?-[\]_a-z~]/i;

/**
 * A placeholder of a template that was not filled in, or filled in with nothing: {sessionId}, {{ id }}, <session>,
 * ?session=undefined, https://null/. Ids in braces have digits.
 */
const PLACEHOLDER =
  /\{\s*[a-z_]+\s*\}|<[a-z_]+>|[/=](?:undefined|null|None|NaN|%5Bobject(?:%20|\+)Object%5D)(?=$|[/?&#:])/i;

/**
 * The document promises a "URL to open in the browser" and names no standard, so a URL that browsers open is one. RFC 3986
 * allows no braces, quotes or spaces; strict parsers (java.net.URI) refuse them, which is advice. A template that was not
 * filled in opens no session's page.
 */
function judgeVerificationUrl(answer: Answer, { verificationUrl }: JsonObject): Judgement[] {
  if (typeof verificationUrl !== 'string') return [];
  const at = { pointer: '/verificationUrl' };
  // The masked value: the URL holds the session id.
  const shown = (answer.json?.value as JsonObject | undefined)?.verificationUrl;
  const actual = `${schemeText(verificationUrl)}${JSON.stringify(shown)}`;
  const isAbsolute = isAbsoluteHttpUrl(verificationUrl);
  if (!isAbsolute || PLACEHOLDER.test(verificationUrl)) {
    const expected = `an absolute http(s) URL${isAbsolute ? ' with all of its values' : ''}`;
    return [judgement('CREATE-6', { code: 'not-absolute', ...at, expected, actual })];
  }
  const [refused] = NOT_IN_A_URI.exec(verificationUrl) ?? [];
  const strict: ValueDeviation = {
    code: 'not-a-uri',
    ...at,
    expected: 'only characters that RFC 3986 allows',
    actual: `${JSON.stringify(refused)} in ${actual}`,
  };
  return [judgement('CREATE-6'), judgement('CREATE-9', refused === undefined ? undefined : strict)];
}

/** Says what is wrong with a URL that is masked as a whole. */
function schemeText(url: string): string {
  const [scheme] = /^[a-z][a-z\d+.-]*:/i.exec(url) ?? [];
  if (scheme === undefined) return 'no scheme in ';
  return /^https?:$/i.test(scheme) ? '' : `the scheme ${scheme} in `;
}

function isAbsoluteHttpUrl(value: string): boolean {
  return /^https?:\/\/[^\s/?#]+/i.test(value) && URL.canParse(value);
}

function judgeReturned(body: JsonObject, sent: NonNullable<Facts['sent']>): Judgement[] {
  return (['deviceName', 'callbackUrl'] as const).flatMap((name): Judgement[] => {
    const [value, returned] = [sent[name], body[name]];
    // The schema requires deviceName, so a missing one is its finding.
    if (name === 'deviceName' && typeof returned !== 'string') return [];
    const isKept = value === undefined ? mayBeDefault(name, returned) : returned === value;
    const expected = value === undefined ? 'none, since none was sent' : JSON.stringify(value);
    const actual = JSON.stringify(returned) ?? 'no such property';
    const deviation: ValueDeviation = { code: 'not-returned', pointer: pointer(name), expected, actual };
    // A server that changes some values changes these each time.
    const form = FORM_NAMES.find((one) => value !== undefined && fieldsOf(one)?.[name] === value);
    const among = `polls of sessions created ${form ? FORM_TEXTS[form] : `without ${name}`}`;
    return [{ ...judgement('POLL-4', isKept ? undefined : deviation), among }];
  });
}

function fieldsOf(form: FormName): CreateFields | undefined {
  return FORMS[form];
}

/** What careless code makes of a value that is not there. */
const TEXTS_FOR_NOTHING = new Set<unknown>(['undefined', 'null', 'None', 'nil', 'NaN', '[object Object]']);

/**
 * Where none was sent, a server may return a default, but no value of another session and no text for nothing. A default
 * may be made of the User-Agent, which has the name of the plain form.
 */
function mayBeDefault(name: keyof CreateFields, returned: unknown): boolean {
  const ofOthers: unknown[] = [FORMS.full[name], FORMS.longest[name]];
  return !ofOthers.includes(returned) && !TEXTS_FOR_NOTHING.has(returned);
}
