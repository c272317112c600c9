import type { Contract, DocumentedContent, DocumentedResponse } from '../../contract/contract';
import type { OperationName } from '../../catalogue/operations';
import type { RequirementId } from '../../catalogue/requirements';
import { isObject, type JsonObject } from '../../contract/json';
import type { Answer } from '../answer';
import type { Deviation, Judgement } from '../deviation';
import type { Exchange } from '../exchange';
import type { Facts } from './facts';
import { isMediaType, mediaTypes } from './media-type';
import { shownSecrets } from './secrets';
import { judgeValues } from './values';

const SCHEMA_REQUIREMENT: Record<OperationName, (status: number) => RequirementId> = {
  create: () => 'CREATE-2',
  poll: () => 'POLL-2',
  deny: (status) => (status === 200 ? 'DENY-3' : 'REJECT-5'),
};

/** Judges the body of a response with a documented status. */
export function judgeBody(
  exchange: Exchange,
  answer: Answer,
  documented: DocumentedResponse,
  facts: Facts,
): Judgement[] {
  if (documented.content.length === 0) return [];
  // The loser of a race, whose rejection has the status of a denial; the test counts those.
  if (exchange.state === 'racing' && answer.status === 200 && isFalse(answer)) return [];
  const requirement = SCHEMA_REQUIREMENT[exchange.operation as OperationName](answer.status);
  if (answer.text === '') return [{ requirement, deviation: missingBody(documented) }];
  const content = documented.content.find((one) => isMediaType(answer, one));
  const mediaType: Judgement = {
    requirement: 'WIRE-1',
    ...(!content && { deviation: wrongMediaType(answer, documented) }),
  };
  const fault = answer.jsonFault ?? (isOfPending(exchange, answer) ? undefined : halfCharacter(answer));
  // A body of another media type need not be JSON.
  const isMalformed = fault !== undefined && content !== undefined;
  const json: Judgement = {
    requirement: 'WIRE-2',
    ...(isMalformed && { deviation: malformedJson(fault, documented) }),
  };
  if (!answer.json) return [mediaType, json];
  const body = facts.body ?? answer.json.value;
  const schema = content ?? documented.content[0];
  const deviations = schema ? schemaDeviations(schema, body, exchange, answer) : [];
  const judged: Judgement[] =
    deviations.length > 0 ? deviations.map((deviation) => ({ requirement, deviation })) : [{ requirement }];
  return [mediaType, json, ...judged, ...judgeValues(exchange, answer, body, facts)];
}

function isFalse({ json }: Answer): boolean {
  return (json?.value as JsonObject | null)?.success === false;
}

/** Its values are judged by whether they come back as they were sent (POLL-4). */
function isOfPending({ operation }: Exchange, { status }: Answer): boolean {
  return operation === 'poll' && status === 200;
}

/** Half of a surrogate pair is JSON by its grammar; parsers refuse it, replace it or keep it (RFC 8259, section 8.2). */
function halfCharacter({ json }: Answer): string | undefined {
  const isHalf = (value: unknown): boolean =>
    typeof value === 'string'
      ? /\p{Surrogate}/u.test(value)
      : typeof value === 'object' && value !== null && Object.entries(value).flat().some(isHalf);
  return isHalf(json?.value) ? 'half of a surrogate pair, escaped' : undefined;
}

function missingBody({ pointer: source }: DocumentedResponse): Deviation {
  return {
    code: 'schema',
    class: 'violation',
    pointer: '',
    expected: 'the documented body',
    actual: 'no body',
    source,
  };
}

function wrongMediaType(answer: Answer, { content, pointer: source }: DocumentedResponse): Deviation {
  return {
    code: 'media-type',
    class: 'violation',
    expected: content.map((one) => one.mediaType).join(' or '),
    actual: mediaTypes(answer).join(' and ') || 'no Content-Type',
    source,
  };
}

function malformedJson(actual: string, { pointer: source }: DocumentedResponse): Deviation {
  return { code: 'json', class: 'violation', expected: 'one well-formed JSON text', actual, source };
}

function schemaDeviations(
  content: DocumentedContent,
  body: unknown,
  exchange: Exchange,
  answer: Answer,
): Deviation[] {
  const deviations = content.check(body);
  if (deviations.length > 0) return deviations.map((one) => ({ code: 'schema', class: 'violation', ...one }));
  // A secret in an undocumented property is a finding of WIRE-4.
  const secrets = new Set(shownSecrets(exchange, answer).map((one) => one.pointer));
  return content
    .undocumented(body)
    .filter((one) => !secrets.has(one.pointer))
    .map((one) => ({ code: 'undocumented-property', class: 'drift', ...one }));
}

/** Judges the body of a rejection with an undocumented status: clients may still know its shape. */
export function judgeUndocumentedBody(
  requirement: RequirementId,
  answer: Answer,
  contract: Contract,
): Judgement {
  const errorBodies = [contract.response('deny', 500), contract.response('poll', 404)].flatMap(
    (one) => one?.content ?? [],
  );
  const isKnown = errorBodies.some(
    (content) => isMediaType(answer, content) && content.check(answer.json?.value).length === 0,
  );
  if (answer.json && isKnown) return { requirement };
  const actual = describeBody(answer);
  return {
    requirement,
    deviation: { code: 'undocumented-body', class: 'drift', expected: 'a documented error body', actual },
  };
}

function describeBody(answer: Answer): string {
  if (answer.text === '') return 'no body';
  if (!answer.json) return `a body of type ${mediaTypes(answer).join(', ') || 'none'} that is not JSON`;
  const { value } = answer.json;
  if (!isObject(value)) return 'JSON that is not an object';
  const names = Object.keys(value).map((key) => JSON.stringify(key));
  return names.length === 0 ? 'an empty object' : `an object with ${names.join(', ')}`;
}
