import { readFileSync } from 'node:fs';
import type { Contract } from '../contract/contract';
import { isObject, parseJson, type JsonObject } from '../contract/json';
import type { Exchange } from '../judging/exchange';
import { checkedResponseOf } from '../judging/checked-response';
import { isCheckName, runCheck, type Check } from '../judging/checks';
import { classed } from '../judging/deviation';
import type { FindingsCollector } from '../judging/collector';
import { judgeAnswer } from '../judging/rules';
import type { Answer } from '../judging/answer';
import { headerValues } from '../judging/answer';

/*
 * A run's exchanges as HAR 1.2, which a browser's developer tools open. Secrets stand as labels; what else is needed to
 * judge an exchange again stands in its "_contract" member.
 */

const CREATOR = 'paragraph-session-contract';
const VERSION = '0.1.0';

/** What a HAR file of ours holds beside the standard. */
interface Recording {
  log: {
    version: string;
    creator: { name: string; version: string };
    entries: Entry[];
    _contract: { likenesses: Record<string, string> };
  };
}

interface Entry {
  startedDateTime: string;
  time: number;
  request: {
    method: string;
    url: string;
    headers: NameValue[];
    postData?: { mimeType: string; text: string };
  } & JsonObject;
  response: {
    status: number;
    statusText: string;
    httpVersion: string;
    headers: NameValue[];
    content: { text?: string; encoding?: string } & JsonObject;
  } & JsonObject;
  _contract: Omit<
    Exchange,
    'startedAt' | 'durationMs' | 'method' | 'requestHeaders' | 'requestBody' | 'answer'
  >;
}

interface NameValue {
  name: string;
  value: string;
}

/** @param likenesses for each label a text of the shape of what it stands for, which a schema judges alike */
export function toHar(exchanges: Exchange[], likenesses: Record<string, string>): Recording {
  return {
    log: {
      version: '1.2',
      creator: { name: CREATOR, version: VERSION },
      entries: exchanges.map(toEntry),
      _contract: { likenesses },
    },
  };
}

function toEntry(exchange: Exchange): Entry {
  const { startedAt, durationMs, method, requestHeaders, requestBody, answer, ...rest } = exchange;
  const url = `${exchange.base}${exchange.path}`;
  const headers = (pairs: [string, string][]): NameValue[] => pairs.map(([name, value]) => ({ name, value }));
  const query = [...new URLSearchParams(exchange.path.split('?')[1] ?? '')].map(([name, value]) => ({
    name,
    value,
  }));
  const common = { httpVersion: `HTTP/${answer?.httpVersion ?? '1.1'}`, cookies: [], headersSize: -1 };
  const size = answer?.text === undefined ? -1 : Buffer.byteLength(answer.text);
  return {
    startedDateTime: startedAt,
    time: durationMs,
    request: {
      ...common,
      method,
      url,
      headers: headers(Object.entries(requestHeaders)),
      queryString: query,
      bodySize: requestBody === undefined ? 0 : Buffer.byteLength(requestBody),
      ...(requestBody !== undefined && {
        postData: { mimeType: requestHeaders['content-type'] ?? '', text: requestBody },
      }),
    },
    response: {
      ...common,
      // Status 0 is how developer tools show a request that was not answered.
      status: answer?.status ?? 0,
      statusText: answer?.statusText ?? '',
      headers: headers(answer?.headers ?? []),
      content: {
        size,
        mimeType: answer ? (headerValues(answer, 'content-type')[0] ?? 'x-unknown') : 'x-unknown',
        ...(answer && bodyContent(answer)),
      },
      redirectURL: answer ? (headerValues(answer, 'location')[0] ?? '') : '',
      bodySize: size,
      ...(exchange.failure && { _error: exchange.failure.message }),
    },
    cache: {},
    timings: { send: 0, wait: durationMs, receive: 0 },
    _contract: rest,
  } as Entry;
}

function bodyContent({ text, base64, byteOrderMark }: Answer): { text: string; encoding?: string } {
  if (base64 !== undefined) return { text: base64, encoding: 'base64' };
  return { text: `${byteOrderMark ? '\ufeff' : ''}${text ?? ''}` };
}

/** The recording can't be judged; the message is one line that says why. */
export class UnreadableRecording extends Error {
  override name = 'UnreadableRecording';
}

/** What a recording holds. */
export interface Recorded {
  exchanges: Exchange[];
  likenesses: Record<string, string>;
}

/** @throws UnreadableRecording */
export function readRecording(path: string): Recorded {
  try {
    return parseRecording(readFileSync(path, 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const says =
      code === 'ENOENT' ? 'no such file' : code === 'EISDIR' ? 'is a folder; give a file' : message;
    throw new UnreadableRecording(`${path}: ${says}`);
  }
}

/** @throws UnreadableRecording */
export function parseRecording(text: string): Recorded {
  const parsed = parseJson(text);
  if ('fault' in parsed) throw new UnreadableRecording(`is ${parsed.fault.message}`);
  const log =
    isObject(parsed.value) && isObject(parsed.value.log)
      ? (parsed.value.log as unknown as Recording['log'])
      : undefined;
  if (!log || !Array.isArray(log.entries)) throw new UnreadableRecording('is not a HAR recording');
  const isOurs = (entry: unknown): boolean =>
    isObject(entry) &&
    isObject(entry._contract) &&
    Array.isArray(entry._contract.judgements) &&
    isObject(entry.request) &&
    Array.isArray(entry.request.headers) &&
    isObject(entry.response) &&
    Array.isArray(entry.response.headers) &&
    isObject(entry.response.content);
  if (!isObject(log._contract) || !log.entries.every(isOurs)) {
    throw new UnreadableRecording(
      'is not a recording of this suite; give the exchanges.har of a contract run',
    );
  }
  for (const { name } of log.entries.flatMap(({ _contract }) => checksOf(_contract)))
    if (!isCheckName(name))
      throw new UnreadableRecording(
        `names a check that this version doesn't have, ${JSON.stringify(name)}; judge it with the version that recorded it`,
      );
  return {
    exchanges: log.entries.map(fromEntry),
    likenesses: isObject(log._contract.likenesses) ? log._contract.likenesses : {},
  };
}

function checksOf({ judgements }: Entry['_contract']): Check[] {
  return judgements.flatMap(({ check }) => check ?? []);
}

function fromEntry({ startedDateTime, time, request, response, _contract }: Entry): Exchange {
  const answer = response.status === 0 || _contract.failure ? undefined : answerOf(response);
  return {
    ..._contract,
    startedAt: startedDateTime,
    durationMs: time,
    method: request.method,
    requestHeaders: Object.fromEntries(request.headers.map(({ name, value }) => [name, value])),
    requestBody: request.postData?.text,
    answer,
  };
}

function answerOf({ status, statusText, httpVersion, headers, content }: Entry['response']): Answer {
  const isBinary = content.encoding === 'base64';
  const raw = content.text ?? '';
  const byteOrderMark = !isBinary && raw.startsWith('\ufeff');
  const text = isBinary ? undefined : raw.replace(/^\ufeff/, '');
  const parsed = text === undefined ? { fault: { message: 'the body is not UTF-8' } } : parseJson(text);
  const fault = byteOrderMark
    ? 'a byte order mark stands before the text'
    : 'fault' in parsed
      ? parsed.fault.message
      : undefined;
  return {
    status,
    statusText,
    httpVersion: httpVersion.replace(/^HTTP\//, ''),
    headers: headers.map(({ name, value }) => [name, value]),
    text,
    ...(isBinary && { base64: raw }),
    byteOrderMark,
    ...('value' in parsed && { json: { value: parsed.value } }),
    ...(fault !== undefined && { jsonFault: fault }),
  };
}

/** Judges recorded exchanges under a contract, as they were judged when they were recorded. */
export function rejudge(
  { exchanges, likenesses }: Recorded,
  contract: Contract,
  collector: FindingsCollector,
): void {
  const sent = new Map<string, { deviceName?: string; callbackUrl?: string }>();
  for (const exchange of exchanges) {
    const { session, answer, operation } = exchange;
    const repeated = operation === 'create' && session !== undefined && sent.has(session);
    if (operation === 'create' && session !== undefined && !repeated) sent.set(session, sentIn(exchange));
    if (exchange.isJudged && answer) {
      const known = sent.get(session ?? '');
      const body = answer.json && alike(answer.json.value, likenesses);
      const facts = {
        judgedAs: exchange.judgedAs,
        repeated,
        ...(answer.json && { body }),
        ...(known && { sent: known }),
      };
      for (const judgement of judgeAnswer(exchange, answer, contract, facts))
        collector.judged(judgement, exchange);
    }
    for (const judgement of exchange.judgements) {
      const { check } = judgement;
      if (!check) {
        collector.reported(judgement, exchange);
        continue;
      }
      const { deviation, notJudged } = runCheck(check, checkedResponseOf(exchange, contract));
      collector.reported(
        { ...judgement, notJudged, deviation: deviation && classed(judgement.requirement, deviation) },
        exchange,
      );
    }
  }
}

function sentIn({ requestBody }: Exchange): { deviceName?: string; callbackUrl?: string } {
  const parsed = parseJson(requestBody ?? '{}');
  return 'value' in parsed && isObject(parsed.value) ? parsed.value : {};
}

/** A body with texts of the right shape in place of labels; inside of a longer text, which is a URL, encoded for it. */
function alike(value: unknown, likenesses: Record<string, string>): unknown {
  if (typeof value === 'string') {
    const whole = likenesses[value];
    if (whole !== undefined) return whole;
    return value.replace(/\$\{?([A-Z_]+_\d+)\}?/g, (label, name: string) =>
      encodeURIComponent(likenesses[`$${name}`] ?? label),
    );
  }
  if (Array.isArray(value)) return value.map((one) => alike(one, likenesses));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, alike(one, likenesses)]));
}
