import type { Contract, DocumentedContent, DocumentedResponse } from '../contract/contract';
import type { OperationName } from '../catalogue/operations';
import { isObject, pointer, type JsonObject } from '../contract/json';
import type { RequirementId } from '../catalogue/requirements';
import { type Exchange } from './exchange';
import { FORMS } from '../catalogue/forms';
import { isAfterDate, isIso8601 } from './timestamps';
import type { Code } from '../catalogue/codes';
import { labelsIn, isGuess } from './labels';
import { shellPath } from '../catalogue/derived-ids';
import type { FindingClass, Deviation, Judgement } from './deviation';
import type { SessionState } from './states';
import type { Answer, FailureKind } from './answer';
import { headerValues, TURNED_AWAY } from './answer';

/** What a rule may have to know beside the exchange itself. */
export interface Facts {
  /** The body as it was, where masking would change what a schema says of it. */
  body?: unknown;
  /** The requirement that the status is judged as, where the test says so. */
  judgedAs?: RequirementId | undefined;
  /** Of a create: its session id had been given out before. */
  repeated: boolean;
  /** What the session that the request names was created with. */
  sent?: { deviceName?: string; callbackUrl?: string };
}

/** The requirement that says how a request in this state is answered. */
export function answerRequirement(
  { operation, state }: Pick<Exchange, 'operation' | 'state'>,
  as?: RequirementId,
): RequirementId {
  if (as) return as;
  if (operation === 'create') return 'CREATE-1';
  if (operation === 'poll') return 'POLL-7';
  const byState: Record<SessionState, RequirementId> = {
    pending: 'DENY-1',
    racing: 'DENY-7',
    unknown: 'REJECT-1',
    denied: 'REJECT-2',
    completed: 'REJECT-3',
    expired: 'REJECT-4',
    'near-miss': 'ID-1',
    malformed: 'ID-4',
    none: 'ID-7',
  };
  return byState[state];
}

/** Failures of the message itself, which are the same whatever was asked. */
const MESSAGE_CODES = ['malformed', 'truncated', 'too-large', 'encoding'] as const;

/** No complete answer, while the API answers others: that breaks the requirement that asks for one. */
export function judgeFailure(
  exchange: Pick<Exchange, 'operation' | 'state'>,
  { kind, message }: { kind: FailureKind; message: string },
  as?: RequirementId,
): { requirement: RequirementId; deviation: Deviation } {
  const messageCode = MESSAGE_CODES.find((code) => code === kind);
  const code = messageCode ?? (kind === 'timeout' ? kind : kind === 'bad-gateway' ? 'status' : 'no-answer');
  return {
    requirement: messageCode ? 'WIRE-3' : answerRequirement(exchange, as),
    deviation: { code, class: 'violation', expected: 'a complete answer', actual: message },
  };
}

const SCHEMA_REQUIREMENT: Record<OperationName, (status: number) => RequirementId> = {
  create: () => 'CREATE-2',
  poll: () => 'POLL-2',
  deny: (status) => (status === 200 ? 'DENY-3' : 'REJECT-5'),
};

/**
 * Judges a complete answer by itself: everything that the document, the standards and the harms say of any single
 * response, whichever test asked for it. What follows from several answers is judged by the tests.
 */
export function judgeAnswer(
  exchange: Exchange,
  answer: Answer,
  contract: Contract,
  facts: Facts,
): Judgement[] {
  const { operation } = exchange;
  if (operation === 'other') return [];
  const statuses = judgeStatus({ ...exchange, operation }, answer, contract, facts.judgedAs);
  const judgements: Judgement[] = [
    { requirement: 'WIRE-3' },
    // Whatever the answer is: without one it is judgeFailure's affair.
    ...(operation === 'deny' && exchange.state === 'malformed' ? [{ requirement: 'ID-4' as const }] : []),
    ...secrets(exchange, answer),
    ...stackTraces(answer),
    ...statuses,
  ];
  const codes = statuses.map(({ deviation }) => deviation?.code);
  // An answer of another status than the promised one is no answer to check further; one cause makes one finding.
  if (codes.includes('status') || codes.includes('accepted')) return judgements;
  // How an id that no session has finds none is nobody's to judge: it may never have come to the API.
  if (operation === 'poll' && REJECTED_ID[exchange.state] && answer.status !== 200) return judgements;
  const documented = contract.response(operation, answer.status);
  if (documented) return [...judgements, ...judgeBody(exchange, answer, documented, facts)];
  const rejection = statuses.find(({ deviation }) => deviation?.class === 'drift');
  return [
    ...judgements,
    ...(rejection ? [{ requirement: rejection.requirement, ...undocumentedBody(answer, contract) }] : []),
  ];
}

/** Requirements on ids that no session has; a gateway may turn them away before the API sees them. */
const REJECTED_ID: Partial<Record<SessionState, RequirementId>> = { 'near-miss': 'ID-1', malformed: 'ID-3' };

function judgeStatus(
  { operation, state, mayHaveExpired }: Exchange & { operation: OperationName },
  { status }: Answer,
  contract: Contract,
  as: RequirementId | undefined,
): Judgement[] {
  const requirement = answerRequirement({ operation, state }, as);
  const documented = contract.statuses(operation).join(' or ');
  const isDocumented = contract.response(operation, status) !== undefined;
  const judged = (
    id: RequirementId,
    kept: boolean,
    code: Code,
    cls: FindingClass,
    expected: string,
  ): Judgement[] => [
    kept
      ? { requirement: id }
      : { requirement: id, deviation: { code, class: cls, expected, actual: `status ${status}` } },
  ];
  if (operation === 'create') return judged(requirement, status === 201, 'status', 'violation', 'status 201');
  if (operation === 'poll') {
    // Whether such an id finds a session is the test's to judge; how it is turned away is nobody's.
    if (REJECTED_ID[state]) return [];
    if (status >= 500) return judged(requirement, false, 'status', 'violation', 'status 200 or 404');
    if (state === 'pending') return judged(requirement, isDocumented, 'status', 'violation', 'status 200');
    return judged(requirement, isDocumented, 'undocumented-status', 'drift', `status ${documented}`);
  }
  if (state === 'pending')
    return judged(requirement, status === 200 || mayHaveExpired, 'status', 'violation', 'status 200');
  const isAccepted = status >= 200 && status < 300;
  const idRequirement = REJECTED_ID[state];
  if (idRequirement) {
    const rejected = judged(idRequirement, !isAccepted, 'accepted', 'violation', 'a rejection');
    if (isAccepted || TURNED_AWAY.has(status)) return rejected;
    return [
      ...rejected,
      ...judged('ID-5', isDocumented, 'undocumented-status', 'advice', `status ${documented}`),
    ];
  }
  // Which of several concurrent denials comes first is nobody's to say; the test counts them.
  if (state === 'racing') return [];
  if (isAccepted) return judged(requirement, false, 'accepted', 'violation', 'a rejection');
  return judged(requirement, isDocumented, 'undocumented-status', 'drift', `status ${documented}`);
}

/** A rejection may come with a status that no document names; its body can still be one that clients know. */
function undocumentedBody(answer: Answer, contract: Contract): { deviation?: Deviation } {
  const known = [contract.response('deny', 500), contract.response('poll', 404)].flatMap(
    (one) => one?.content ?? [],
  );
  if (
    answer.json &&
    known.some((content) => isMediaType(answer, content) && content.check(answer.json?.value).length === 0)
  )
    return {};
  const actual =
    answer.text === ''
      ? 'no body'
      : answer.json
        ? describeShape(answer.json.value)
        : `a body of type ${mediaTypes(answer).join(', ') || 'none'} that is not JSON`;
  return {
    deviation: { code: 'undocumented-body', class: 'drift', expected: 'a documented error body', actual },
  };
}

function describeShape(value: unknown): string {
  return isObject(value)
    ? `an object of ${
        Object.keys(value)
          .map((key) => JSON.stringify(key))
          .join(', ') || 'nothing'
      }`
    : `JSON that is no object`;
}

function judgeBody(
  exchange: Exchange,
  answer: Answer,
  documented: DocumentedResponse,
  facts: Facts,
): Judgement[] {
  const operation = exchange.operation as OperationName;
  const schemaRequirement = SCHEMA_REQUIREMENT[operation](answer.status);
  if (documented.content.length === 0) return [];
  // The loser of a race whose rejection has the status of a denial; the test counts those.
  if (exchange.state === 'racing' && (answer.json?.value as JsonObject | null)?.success === false) return [];
  if (answer.text === '') {
    return [
      {
        requirement: schemaRequirement,
        deviation: {
          code: 'schema',
          class: 'violation',
          pointer: '',
          expected: 'the documented body',
          actual: 'no body',
          source: documented.pointer,
        },
      },
    ];
  }
  const content = documented.content.find((one) => isMediaType(answer, one));
  const mediaType: Judgement = { requirement: 'WIRE-1' };
  if (!content) {
    const expected = documented.content.map((one) => one.mediaType).join(' or ');
    mediaType.deviation = {
      code: 'media-type',
      class: 'violation',
      expected,
      actual: mediaTypes(answer).join(' and ') || 'no Content-Type',
      source: documented.pointer,
    };
  }
  const json: Judgement = { requirement: 'WIRE-2' };
  if (answer.jsonFault !== undefined && !mediaType.deviation) {
    json.deviation = {
      code: 'json',
      class: 'violation',
      expected: 'one well-formed JSON text',
      actual: answer.jsonFault,
      source: documented.pointer,
    };
  }
  if (!answer.json) return [mediaType, json];
  const body = facts.body ?? answer.json.value;
  const schema = content ?? documented.content[0];
  const deviations = schema ? judgeSchema(schema, body, exchange, answer) : [];
  const judged =
    deviations.length > 0
      ? deviations.map((deviation) => ({ requirement: schemaRequirement, deviation }))
      : [{ requirement: schemaRequirement }];
  return [mediaType, json, ...judged, ...judgeValues(exchange, answer, body, facts)];
}

function judgeSchema(
  content: DocumentedContent,
  body: unknown,
  exchange: Exchange,
  answer: Answer,
): Deviation[] {
  const broken = content.check(body);
  if (broken.length > 0) return broken.map((one) => ({ code: 'schema', class: 'violation', ...one }));
  // A secret in an undocumented place is a finding of its own.
  const shown = new Set(shownSecrets(exchange, answer).map((one) => one.pointer));
  return content
    .undocumented(body)
    .filter((one) => !shown.has(one.pointer))
    .map((one) => ({ code: 'undocumented-property', class: 'drift', ...one }));
}

/** What the values of a body must say; a value of the wrong type is left to the schema. */
function judgeValues(exchange: Exchange, answer: Answer, body: unknown, facts: Facts): Judgement[] {
  if (!isObject(body)) return [];
  if (exchange.operation === 'create' && answer.status === 201)
    return judgeCreated(exchange, answer, body, facts);
  // An id that was made of that of a session is not to find what that one was created with.
  const isOwn = !REJECTED_ID[exchange.state];
  if (exchange.operation === 'poll' && body.status === 'pending' && facts.sent && isOwn)
    return judgeReturned(body, facts.sent);
  return [];
}

function judgeCreated(
  exchange: Exchange,
  answer: Answer,
  body: JsonObject,
  { repeated }: Facts,
): Judgement[] {
  const judgements: Judgement[] = [];
  const judge = (requirement: RequirementId, deviation?: Omit<Deviation, 'class'>): void => {
    judgements.push({ requirement, ...(deviation && { deviation: { class: 'violation', ...deviation } }) });
  };
  if (body.sessionId === '') {
    judge('CREATE-3', { code: 'no-id', pointer: '/sessionId', expected: 'an id', actual: '""' });
  } else if (exchange.session !== undefined) {
    judge(
      'CREATE-3',
      repeated
        ? {
            code: 'id-repeated',
            pointer: '/sessionId',
            expected: 'an id of its own',
            actual: `the id of an earlier session, ${exchange.session}`,
          }
        : undefined,
    );
  }
  const { expiresAt, verificationUrl } = body;
  if (typeof expiresAt === 'string') {
    const date = headerValues(answer, 'date')[0];
    if (!isIso8601(expiresAt))
      judge('CREATE-5', {
        code: 'not-iso-8601',
        pointer: '/expiresAt',
        expected: 'an ISO 8601 timestamp such as 2026-01-31T12:00:00Z',
        actual: JSON.stringify(expiresAt),
      });
    else if (date !== undefined && !isAfterDate(expiresAt, date))
      judge('CREATE-5', {
        code: 'already-expired',
        pointer: '/expiresAt',
        expected: `a time after the answer's own Date, ${date}`,
        actual: expiresAt,
      });
    else judge('CREATE-5');
  }
  if (typeof verificationUrl === 'string') {
    const shown = (answer.json?.value as JsonObject | undefined)?.verificationUrl;
    judge(
      'CREATE-6',
      isAbsoluteHttpUrl(verificationUrl)
        ? undefined
        : {
            code: 'not-absolute',
            pointer: '/verificationUrl',
            expected: 'an absolute http(s) URL',
            actual: JSON.stringify(shown),
          },
    );
  }
  return judgements;
}

function judgeReturned(body: JsonObject, sent: NonNullable<Facts['sent']>): Judgement[] {
  const judgements = (['deviceName', 'callbackUrl'] as const).flatMap((name): Judgement[] => {
    const [value, back] = [sent[name], body[name]];
    // A missing deviceName is the schema's affair, which requires it.
    if (name === 'deviceName' && typeof back !== 'string') return [];
    const isKept = value === undefined ? back !== FORMS.full[name] : back === value;
    const expected = value === undefined ? 'none, since none was sent' : JSON.stringify(value);
    const actual = JSON.stringify(back) ?? 'no such property';
    return [
      {
        requirement: 'POLL-4',
        ...(!isKept && {
          deviation: { code: 'not-returned', class: 'violation', pointer: pointer(name), expected, actual },
        }),
      },
    ];
  });
  return judgements;
}

function isAbsoluteHttpUrl(value: string): boolean {
  // RFC 3986 knows no such characters; braces are left of a template that nobody filled in.
  return /^https?:\/\/[^\s/?#]+/i.test(value) && !/[\s<>{}|\\^`"]/.test(value) && URL.canParse(value);
}

function mediaTypes(answer: Answer): string[] {
  return headerValues(answer, 'content-type');
}

/** One Content-Type, of the documented type; its parameters don't matter, JSON is UTF-8 anyway. */
function isMediaType(answer: Answer, { mediaType }: DocumentedContent): boolean {
  const [actual, ...more] = mediaTypes(answer);
  if (actual === undefined || more.length > 0) return false;
  const essence = (value: string): string => (value.split(';')[0] ?? '').trim().toLowerCase();
  const [type, subtype] = essence(mediaType).split('/');
  const [actualType, actualSubtype] = essence(actual).split('/');
  return (type === '*' || type === actualType) && (subtype === '*' || subtype === actualSubtype);
}

/** Headers that may name the resource that they come with. */
const NAMING_HEADERS = new Set(['location', 'content-location', 'link']);
const KEY_HEADER = /^(?:x-)?(?:(?:api|access|auth)-?(?:key|token)|authorization)$/i;
const KEY_NAME = /^(api[-_]?key|access[-_]?token|secret|client[-_]?secret|private[-_]?key|password)$/i;

function secrets(exchange: Exchange, answer: Answer): Judgement[] {
  const shown = shownSecrets(exchange, answer);
  if (shown.length === 0) return [{ requirement: 'WIRE-4' }];
  return shown.map((deviation) => ({ requirement: 'WIRE-4', deviation }));
}

/** Secrets stand as labels in what was masked, so wherever a label is, there was a secret. */
function shownSecrets(exchange: Exchange, answer: Answer): Deviation[] {
  const found: Deviation[] = [];
  const add = (where: string, actual: string, at?: string): void => {
    found.push({
      code: 'secret-shown',
      class: 'violation',
      ...(at !== undefined && { pointer: at }),
      expected: `no secret ${where}`,
      actual,
    });
  };
  // Who names a session in a request may be told its name in the answer.
  const isDerived = exchange.state === 'near-miss' || exchange.state === 'malformed';
  const path = shellPath(exchange.path);
  const named = new Set([
    ...labelsIn(`${path} ${exchange.requestBody ?? ''}`),
    isDerived ? undefined : exchange.session,
  ]);
  for (const [name, value] of answer.headers) {
    const isNaming = NAMING_HEADERS.has(name.toLowerCase());
    const labels = secretsIn(`${name} ${value}`).filter((label) => !(isNaming && named.has(label)));
    if (labels.length > 0) add(`in the header ${name}`, `${name}: ${value}`);
    else if (KEY_HEADER.test(name) && value !== '') add(`in the header ${name}`, `${name}: a value`);
  }
  if (secretsIn(answer.statusText).length > 0) add('in the status line', answer.statusText);
  const isKeyPlace = (at: string): boolean =>
    exchange.operation === 'poll' &&
    answer.status === 200 &&
    at === '/apiKey' &&
    (exchange.state === 'completed' || (answer.json?.value as JsonObject).status === 'completed');
  // At a wrong place of the body they are the schema's affair.
  const isCreatedPlace = (name: string): boolean =>
    exchange.operation === 'create' && (name === 'sessionId' || name === 'verificationUrl');
  const look = (value: unknown, at: string, name: string): void => {
    if (Array.isArray(value)) value.forEach((one, i) => look(one, `${at}/${i}`, name));
    else if (isObject(value))
      Object.entries(value).forEach(([key, one]) => look(one, `${at}${pointer(key)}`, key));
    else if (typeof value === 'string') {
      const labels = secretsIn(value).filter((label) => !named.has(label));
      if (isKeyPlace(at) || (isCreatedPlace(name) && labels.every((label) => !label.startsWith('$SESSION'))))
        return;
      if (labels.length > 0 || (KEY_NAME.test(name) && value !== ''))
        add('in this place', `${JSON.stringify(name)}: ${labels.length > 0 ? value : 'a string'}`, at);
    }
  };
  if (answer.json) look(answer.json.value, '', '');
  else {
    // The answer to a create shows its session, however broken it is.
    const isOwn = (label: string): boolean =>
      exchange.operation === 'create' && /^\$(?:SESSION|VERIFICATION)_/.test(label);
    const labels = secretsIn(answer.text ?? '').filter((label) => !named.has(label) && !isOwn(label));
    if (labels.length > 0) add('in the body', [...new Set(labels)].join(', '));
  }
  return found;
}

/** The secrets in a text that are nobody else's: not what the user sent, nor what only looks like a key. */
function secretsIn(text: string): string[] {
  return labelsIn(text).filter((label) => !label.startsWith('$HEADER') && !isGuess(label));
}

/** How the common runtimes print where an error came from. */
const STACK_TRACE = new RegExp(
  [
    String.raw`\bat (?:async )?(?:[\w$.<>[\] ]{1,200} )?\((?:file:|node:|https?:|[A-Za-z]:\\|/|webpack)[^\s()]{0,500}:\d+:\d+\)`,
    // Without parentheses it may be a sentence that names a place in a document.
    String.raw`\bat (?:async )?(?:node:[^\s()]{0,500}|(?:file:|https?:|[A-Za-z]:\\|/|webpack)[^\s()]{0,500}\.\w{2,4}):\d+:\d+`,
    String.raw`\b[\w$.<>/]{1,200}@(?:file:|https?:|/)[^\s()@]{0,500}\.\w{2,4}:\d+:\d+`,
    String.raw`\bat [\w$.@/-]{1,200}(?:<(?:cl)?init>)?\((?:[\w$]+\.(?:java|kt|scala|groovy|clj):\d+|Native Method|Unknown Source)\)`,
    String.raw`Traceback \(most recent call last\)`,
    String.raw`\bFile "[^"]{1,500}", line \d+`,
    String.raw`\.(?:rb|exs?):\d+:in `,
    String.raw`\.(?:exs?|erl):\d+: [\w.]{1,200}[.:]\w{1,100}[?!]?/\d`,
    String.raw`#\d+ (?:\S{1,500}\.php\(\d+\)|\{main\})`,
    String.raw`\bin \S{1,500}\.php(?: on line |:)\d+`,
    String.raw`\bat /\S{1,500}\.p[lm] line \d+`,
    String.raw`\bgoroutine \d+ \[`,
    String.raw`\bat [\w.<>]{1,200}\([^)]{0,200}\) in \S{1,200}:line \d+`,
    // Without symbols a trace names nothing but calls: one may be prose, one below the other is not.
    String.raw`\n\s*at [\w.<>+]{1,200}\([^)\n]{0,200}\)\s*\n\s*at [\w.<>+]{1,200}\(`,
    String.raw`\bpanicked at (?:'|\S{1,200}\.rs:\d+)`,
  ].join('|'),
);

/** A trace that begins farther back in an answer is the least that is wrong with it. */
const MAX_TRACE_SEARCH = 64 * 1024;

function stackTraces(answer: Answer): Judgement[] {
  const texts = answer.headers.map(([name, value]): [string, string] => [`the header ${name}`, value]);
  texts.push(['the status line', answer.statusText]);
  // JSON escapes the quotes and the line breaks of a trace.
  texts.push(['the body', answer.json ? strings(answer.json.value).join('\n') : (answer.text ?? '')]);
  const found = texts
    .map(([where, text]) => [where, STACK_TRACE.exec(text.slice(0, MAX_TRACE_SEARCH))?.[0]] as const)
    .find(([, line]) => line !== undefined);
  if (!found) return [{ requirement: 'WIRE-5' }];
  return [
    {
      requirement: 'WIRE-5',
      deviation: {
        code: 'stack-trace',
        class: 'violation',
        expected: 'no stack trace',
        actual: `in ${found[0]}: ${found[1]?.slice(0, 120)}`,
      },
    },
  ];
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(strings);
  return isObject(value) ? Object.values(value).flatMap(strings) : [];
}
