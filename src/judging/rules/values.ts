import { isObject, pointer, type JsonObject } from '../../contract/json';
import { FORMS } from '../../catalogue/forms';
import type { RequirementId } from '../../catalogue/requirements';
import { headerValues, type Answer } from '../answer';
import type { Deviation, Judgement } from '../deviation';
import type { Exchange } from '../exchange';
import { isAfterDate, isIso8601 } from '../timestamps';
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
  return { requirement, ...(deviation && { deviation: { class: 'violation', ...deviation } }) };
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
  if (!isIso8601(expiresAt))
    return [
      judgement('CREATE-5', {
        code: 'not-iso-8601',
        ...at,
        expected: 'an ISO 8601 timestamp such as 2026-01-31T12:00:00Z',
        actual: JSON.stringify(expiresAt),
      }),
    ];
  const date = headerValues(answer, 'date')[0];
  if (date === undefined || isAfterDate(expiresAt, date)) return [judgement('CREATE-5')];
  const expected = `a time after the Date of the response, ${date}`;
  return [judgement('CREATE-5', { code: 'already-expired', ...at, expected, actual: expiresAt })];
}

function judgeVerificationUrl(answer: Answer, { verificationUrl }: JsonObject): Judgement[] {
  if (typeof verificationUrl !== 'string') return [];
  if (isAbsoluteHttpUrl(verificationUrl)) return [judgement('CREATE-6')];
  // The masked value: the URL holds the session id.
  const shown = (answer.json?.value as JsonObject | undefined)?.verificationUrl;
  return [
    judgement('CREATE-6', {
      code: 'not-absolute',
      pointer: '/verificationUrl',
      expected: 'an absolute http(s) URL',
      actual: JSON.stringify(shown),
    }),
  ];
}

function isAbsoluteHttpUrl(value: string): boolean {
  // RFC 3986 knows no such characters; braces are left of a template that nobody filled in.
  return /^https?:\/\/[^\s/?#]+/i.test(value) && !/[\s<>{}|\\^`"]/.test(value) && URL.canParse(value);
}

function judgeReturned(body: JsonObject, sent: NonNullable<Facts['sent']>): Judgement[] {
  return (['deviceName', 'callbackUrl'] as const).flatMap((name): Judgement[] => {
    const [value, returned] = [sent[name], body[name]];
    // The schema requires deviceName, so a missing one is its finding.
    if (name === 'deviceName' && typeof returned !== 'string') return [];
    // Where none was sent, a server may return a default, but not the value of another session.
    const isKept = value === undefined ? returned !== FORMS.full[name] : returned === value;
    const expected = value === undefined ? 'none, since none was sent' : JSON.stringify(value);
    const actual = JSON.stringify(returned) ?? 'no such property';
    const deviation: ValueDeviation = { code: 'not-returned', pointer: pointer(name), expected, actual };
    return [judgement('POLL-4', isKept ? undefined : deviation)];
  });
}
