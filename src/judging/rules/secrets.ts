import { isObject, pointer, type JsonObject } from '../../contract/json';
import { derivationIn } from '../../catalogue/derived-ids';
import type { Answer } from '../answer';
import type { Deviation, Judgement } from '../deviation';
import type { Exchange } from '../exchange';
import { isGuess, labelsIn } from '../labels';
import { hasDerivedId } from './status';

/** Headers that may name the resource that they come with. */
const NAMING_HEADERS = new Set(['location', 'content-location', 'link']);
const KEY_HEADER = /^(?:x-)?(?:(?:api|access|auth)-?(?:key|token)|authorization)$/i;
const KEY_NAME = /^(api[-_]?key|access[-_]?token|secret|client[-_]?secret|private[-_]?key|password)$/i;

export function judgeSecrets(exchange: Exchange, answer: Answer): Judgement[] {
  const shown = shownSecrets(exchange, answer);
  if (shown.length === 0) return [{ requirement: 'WIRE-4' }];
  return shown.map((deviation) => ({ requirement: 'WIRE-4', deviation }));
}

/** Secrets in undocumented places. The exchange is masked, so wherever a label stands, there was a secret. */
export function shownSecrets(exchange: Exchange, answer: Answer): Deviation[] {
  const named = namedIn(exchange);
  const body = answer.json
    ? secretsInJson(exchange, answer, answer.json.value, named)
    : secretsInText(exchange, answer.text ?? '', named);
  return [...secretsInHead(answer, named), ...body];
}

function secretShown(where: string, actual: string, at?: string): Deviation {
  const place = at !== undefined && { pointer: at };
  return {
    code: 'secret-shown',
    class: 'violation',
    ...place,
    expected: `no secret ${where}`,
    actual,
  };
}

/** Labels that the request itself named: a response may repeat those. */
function namedIn(exchange: Exchange): Set<string> {
  const path = derivationIn(exchange.path)?.contains === false ? '' : exchange.path;
  const own = exchange.session !== undefined && !hasDerivedId(exchange) ? [exchange.session] : [];
  return new Set([...labelsIn(`${path} ${exchange.requestBody ?? ''}`), ...own]);
}

/** In headers and the status line. */
function secretsInHead({ headers, statusText }: Answer, named: Set<string>): Deviation[] {
  const found = headers.flatMap(([name, value]) => {
    const isNaming = NAMING_HEADERS.has(name.toLowerCase());
    const labels = secretsIn(`${name} ${value}`).filter((label) => !(isNaming && named.has(label)));
    if (labels.length > 0) return [secretShown(`in the header ${name}`, `${name}: ${value}`)];
    const isKey = KEY_HEADER.test(name) && value !== '';
    return isKey ? [secretShown(`in the header ${name}`, `${name}: a value`)] : [];
  });
  if (secretsIn(statusText).length > 0) found.push(secretShown('in the status line', statusText));
  return found;
}

function secretsInJson(exchange: Exchange, answer: Answer, json: unknown, named: Set<string>): Deviation[] {
  const isKeyDocumentedAt = (at: string): boolean =>
    exchange.method === 'GET' &&
    answer.status === 200 &&
    at === '/apiKey' &&
    (exchange.state === 'completed' || (json as JsonObject).status === 'completed');
  // At the wrong place of the body they are a finding of the schema.
  const isOfCreatedSession = (name: string, labels: string[]): boolean =>
    exchange.operation === 'create' &&
    (name === 'sessionId' || name === 'verificationUrl') &&
    labels.every((label) => !label.startsWith('$SESSION'));
  const search = (value: unknown, at: string, name: string): Deviation[] => {
    if (Array.isArray(value)) return value.flatMap((one, i) => search(one, `${at}/${i}`, name));
    if (isObject(value))
      return Object.entries(value).flatMap(([key, one]) => search(one, `${at}${pointer(key)}`, key));
    if (typeof value !== 'string') return [];
    const labels = secretsIn(value).filter((label) => !named.has(label));
    if (isKeyDocumentedAt(at) || isOfCreatedSession(name, labels)) return [];
    if (labels.length === 0 && !(KEY_NAME.test(name) && value !== '')) return [];
    const shown = labels.length > 0 ? value : 'a string';
    return [secretShown('in this place', `${JSON.stringify(name)}: ${shown}`, at)];
  };
  return search(json, '', '');
}

function secretsInText(exchange: Exchange, text: string, named: Set<string>): Deviation[] {
  // The response to a create shows its session, also when the body is not well-formed.
  const isOwn = (label: string): boolean =>
    exchange.operation === 'create' && /^\$(?:SESSION|VERIFICATION)_/.test(label);
  const labels = secretsIn(text).filter((label) => !named.has(label) && !isOwn(label));
  return labels.length > 0 ? [secretShown('in the body', [...new Set(labels)].join(', '))] : [];
}

/** The API's secrets in a text: not what the user sent, nor what only looks like a key. */
function secretsIn(text: string): string[] {
  return labelsIn(text).filter((label) => !label.startsWith('$HEADER') && !isGuess(label));
}
