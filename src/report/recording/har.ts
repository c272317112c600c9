import type { JsonObject } from '../../contract/json';
import { headerValues, type Answer } from '../../judging/answer';
import type { Exchange } from '../../judging/exchange';

/*
 * A run's exchanges as HAR 1.2, which a browser's developer tools open. Secrets stand as labels; what else is needed to
 * judge an exchange again stands in its "_contract" member.
 */

const CREATOR = 'paragraph-session-contract';
const VERSION = '0.1.0';
/** Characters of all bodies together; what comes later is cut. */
const MAX_BODIES = 15_000_000;
const MAX_CUT_BODY = 2000;
/** How a body's comment begins that says that the body was cut. */
export const CUT = 'cut by the recorder: ';

/** What a HAR file of ours holds beside the standard. */
export interface Recording {
  log: {
    version: string;
    creator: { name: string; version: string };
    entries: Entry[];
    _contract: { likenesses: Record<string, string> };
  };
}

export interface Entry {
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
    content: Content;
  } & JsonObject;
  _contract: Omit<
    Exchange,
    'startedAt' | 'durationMs' | 'method' | 'requestHeaders' | 'requestBody' | 'answer'
  >;
}

export interface NameValue {
  name: string;
  value: string;
}

type Content = { text?: string; encoding?: string; comment?: string } & JsonObject;

/** @param likenesses for each label a text of the shape of what it stands for, which a schema judges alike */
export function toHar(exchanges: Exchange[], likenesses: Record<string, string>): Recording {
  let left = MAX_BODIES;
  const entries = exchanges.map((exchange) => {
    const entry = toEntry(exchange);
    const { content } = entry.response;
    const size = JSON.stringify(content.text ?? '').length;
    if (size > left) entry.response.content = cutContent(content);
    left -= Math.min(size, left);
    return entry;
  });
  return {
    log: {
      version: '1.2',
      creator: { name: CREATOR, version: VERSION },
      entries,
      _contract: { likenesses },
    },
  };
}

function cutContent({ text = '', encoding: _encoding, ...content }: Content): Content {
  const isText = _encoding === undefined;
  return {
    ...content,
    text: isText ? text.slice(0, MAX_CUT_BODY) : '',
    comment: `${CUT}the bodies of this recording are larger than ${MAX_BODIES / 1_000_000} MB`,
  };
}

function toEntry(exchange: Exchange): Entry {
  const { startedAt, durationMs, method, requestHeaders, requestBody, answer, ...rest } = exchange;
  const headers = (pairs: [string, string][]): NameValue[] => pairs.map(([name, value]) => ({ name, value }));
  const query = [...new URLSearchParams(exchange.path.split('?')[1] ?? '')];
  const common = { httpVersion: `HTTP/${answer?.httpVersion ?? '1.1'}`, cookies: [], headersSize: -1 };
  const size = answer?.text === undefined ? -1 : Buffer.byteLength(answer.text);
  return {
    startedDateTime: startedAt,
    time: durationMs,
    request: {
      ...common,
      method,
      url: `${exchange.base}${exchange.path}`,
      headers: headers(Object.entries(requestHeaders)),
      queryString: headers(query),
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

function bodyContent({ text, base64, byteOrderMark }: Answer): Content {
  if (base64 !== undefined) return { text: base64, encoding: 'base64' };
  return { text: `${byteOrderMark ? '\ufeff' : ''}${text ?? ''}` };
}
