import { isObject, own } from '../../contract/json';
import type { WireAnswer } from '../../gateway/wire-message';
import type { OperationName } from '../../catalogue/operations';
import { percentDecoded } from '../../network/percent-decoded';

/** An entry of another tool's HAR file, as far as it is one of the session API. */
export interface ForeignEntry {
  operation: OperationName;
  method: string;
  /** Up to the path of the session API, with a trailing slash. */
  base: string;
  /** Of the session that the request names, decoded. */
  id: string | undefined;
  query: string;
  startedAt: string;
  durationMs: number;
  mediaType: string | undefined;
  /** Undefined without one. */
  requestBody: string | undefined;
  isRequestKnown: boolean;
  /** Undefined where the request was not answered. */
  answer: WireAnswer | undefined;
  /** The recording contains the whole body, or says that there was none. */
  isBodyKnown: boolean;
}

const METHODS: Record<string, { withId: boolean; operation: OperationName }> = {
  POST: { withId: false, operation: 'create' },
  GET: { withId: true, operation: 'poll' },
  DELETE: { withId: true, operation: 'deny' },
};

const PATH = /^(.*?\/)v1\/api\/auth\/sessions(?:\/([^/]+))?$/;

/** @returns undefined for what is not a request of one of the three operations */
export function readEntry(entry: unknown): ForeignEntry | undefined {
  const [request, response] = [own(entry, 'request'), own(entry, 'response')];
  const method = text(own(request, 'method')).toUpperCase();
  const known = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
  const headers = headersOf(request);
  const url = urlOf(text(own(request, 'url')), headers);
  const [, prefix = '', segment] = (url && PATH.exec(url.pathname)) ?? [];
  if (!url || !known || prefix === '' || known.withId !== (segment !== undefined)) return undefined;
  const startedAt = text(own(entry, 'startedDateTime'));
  if (Number.isNaN(Date.parse(startedAt))) return undefined;
  const body = requestBody(request, headers);
  const time = Number(own(entry, 'time'));
  return {
    operation: known.operation,
    method,
    base: `${url.origin}${prefix}`,
    id: segment === undefined ? undefined : percentDecoded(segment),
    query: url.search.slice(1),
    startedAt: new Date(startedAt).toISOString(),
    durationMs: Number.isFinite(time) ? Math.max(0, time) : 0,
    mediaType: valueOf(headers, 'content-type'),
    ...body,
    ...answerOf(entry, response),
  };
}

/** Some tools record the path alone, and the host in a header. */
function urlOf(address: string, headers: [string, string][]): URL | undefined {
  const host = valueOf(headers, ':authority') ?? valueOf(headers, 'host') ?? 'unknown.invalid';
  const base = `${valueOf(headers, ':scheme') ?? 'https'}://${host}`;
  return URL.canParse(base) && URL.canParse(address, base) ? new URL(address, base) : undefined;
}

function requestBody(
  request: unknown,
  headers: [string, string][],
): Pick<ForeignEntry, 'requestBody' | 'isRequestKnown'> {
  const posted = own(request, 'postData');
  const content = own(posted, 'text');
  if (typeof content === 'string' && content !== '') {
    const isBase64 = /^base64$/i.test(text(own(posted, 'encoding')));
    const body = isBase64 ? Buffer.from(content, 'base64').toString('utf8') : content;
    return { requestBody: body, isRequestKnown: true };
  }
  const length = valueOf(headers, 'content-length');
  const isEmpty = length === undefined ? own(request, 'bodySize') === 0 : Number(length) === 0;
  return { requestBody: undefined, isRequestKnown: isEmpty };
}

function answerOf(entry: unknown, response: unknown): Pick<ForeignEntry, 'answer' | 'isBodyKnown'> {
  const status = Number(own(response, 'status'));
  // Status 0: blocked, aborted or failed. What comes from a cache is no answer of the API.
  const isCached = own(entry, '_fromCache') !== undefined || status === 304;
  if (!Number.isInteger(status) || status < 200 || status > 599 || isCached)
    return { answer: undefined, isBodyKnown: false };
  const content = own(response, 'content');
  const headers = headersOf(response).filter(([name]) => !name.startsWith(':'));
  const mimeType = text(own(content, 'mimeType'));
  // Where the tool kept no headers, its own member says what the type was.
  if (headers.length === 0 && mimeType !== '' && mimeType !== 'x-unknown')
    headers.push(['content-type', mimeType]);
  const { body, isKnown } = bodyOf(content, response, headers, status);
  const version = text(own(response, 'httpVersion'))
    .replace(/^(?:HTTP\/|h)/i, '')
    .replace(/^([23])(?:\.0)?$/, '$1');
  return {
    answer: { status, statusText: text(own(response, 'statusText')), httpVersion: version, headers, body },
    isBodyKnown: isKnown && headers.length > 0,
  };
}

/** Tools leave bodies out, or cut them; a body that is not there is empty only where something says so. */
function bodyOf(
  content: unknown,
  response: unknown,
  headers: [string, string][],
  status: number,
): { body: Buffer; isKnown: boolean } {
  const recorded = own(content, 'text');
  const isBase64 = /^base64$/i.test(text(own(content, 'encoding')));
  const body =
    typeof recorded === 'string' ? Buffer.from(recorded, isBase64 ? 'base64' : 'utf8') : Buffer.alloc(0);
  const length = valueOf(headers, 'content-length');
  if (body.length === 0) {
    const sizes = [own(content, 'size'), own(response, 'bodySize')].filter((size) => Number(size) > 0);
    const isEmpty = status === 204 || status === 205 || Number(length ?? NaN) === 0;
    return { body, isKnown: isEmpty && sizes.length === 0 };
  }
  // The length of a compressed body tells nothing of the recorded one.
  const isPlain = valueOf(headers, 'content-encoding') === undefined;
  const isShort = isPlain && length !== undefined && body.length < Number(length);
  const isMarked = own(content, '_truncated') === true || own(response, '_truncated') === true;
  return { body, isKnown: !isShort && !isMarked };
}

function headersOf(message: unknown): [string, string][] {
  const list = own(message, 'headers');
  if (!Array.isArray(list)) return [];
  return list.flatMap((header: unknown): [string, string][] => {
    const name = own(header, 'name');
    if (!isObject(header) || typeof name !== 'string') return [];
    // Chrome joins headers of one name with line breaks.
    return text(header.value)
      .split('\n')
      .map((value) => [name, value]);
  });
}

function valueOf(headers: [string, string][], name: string): string | undefined {
  return headers.find(([other]) => other.toLowerCase() === name)?.[1];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
