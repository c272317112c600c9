import { canonicalJson, isObject, parseJson, type JsonObject } from '../contract/json';
import { derivation } from '../catalogue/derived-ids';
import { isOpaque, keysIn, SECRET_NAME } from './keys';
import type { Secrets } from './secrets';
import type { Trace } from './trace';
import { ACCEPT_ENCODING, type WireAnswer, type WireRequest } from './wire-message';
import { labelsIn } from '../judging/labels';
import type { Operation } from '../judging/states';
import type { Answer } from '../judging/answer';
import { percentDecoded } from '../network/percent-decoded';

/** A request as a test asks for it: labels stand for secrets. */
export interface ApiRequest {
  method: string;
  /** Path below the base, with its query; no leading slash. */
  path: string;
  headers: Record<string, string>;
  body: string | undefined;
}

export const USER_AGENT = 'paragraph-session-contract/0.1 (contract tests)';

/** Turns labels into secrets on the way out, and secrets into labels on the way in. */
export class Translator {
  private readonly extraHeaders: [name: string, value: string][];
  /** Bodies of the suite's own requests: what it sent itself is no secret where it comes back. */
  private readonly sentBodies = new Set<string>();

  constructor(
    private readonly base: URL,
    extraHeaders: Record<string, string>,
    private readonly secrets: Secrets,
    private readonly trace: Trace | undefined,
  ) {
    this.extraHeaders = Object.entries(extraHeaders).map(([name, value]) => [name.toLowerCase(), value]);
    for (const [, value] of this.extraHeaders)
      for (const part of partsOf(value)) secrets.label('HEADER', part);
  }

  /** @returns the request as it is sent, and its span, unless the user's headers say what is traced */
  toWire(request: ApiRequest): WireRequest & { spanId?: string } {
    const isTraced = this.extraHeaders.some(([name]) => name === 'traceparent');
    const span = isTraced ? undefined : this.trace?.newSpan();
    const [path = '', query] = request.path.split(/\?(.*)/s);
    const segments = path
      .split('/')
      .map((segment) =>
        this.segment(segment, (id, how) => (how ? derivation(how).segment(id) : encodeURIComponent(id))),
      );
    const body =
      request.body === undefined
        ? undefined
        : this.secrets.reveal(request.body, (value) => JSON.stringify(value).slice(1, -1));
    if (body !== undefined) this.sentBodies.add(body);
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    return {
      method: request.method,
      origin: this.base,
      path: `${this.base.pathname}${segments.join('/')}${query === undefined ? '' : `?${this.secrets.reveal(query, encodeURIComponent)}`}`,
      headers: {
        'user-agent': USER_AGENT,
        'accept-encoding': ACCEPT_ENCODING,
        ...request.headers,
        ...length,
        ...(span && { traceparent: span.traceparent }),
        ...Object.fromEntries(this.extraHeaders),
      },
      body,
      ...(span && { spanId: span.spanId }),
    };
  }

  /** The headers of a request that matter when it is repeated. */
  shownHeaders({ headers }: ApiRequest): Record<string, string> {
    return {
      ...headers,
      ...Object.fromEntries(this.extraHeaders.map(([name, value]) => [name, this.secrets.mask(value)])),
    };
  }

  /** An answer with labels, and its parsed body without. */
  fromWire(raw: WireAnswer, operation: Operation): { answer: Answer; json: unknown } {
    const byteOrderMark = raw.body.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]));
    const text = readText(raw.body);
    const parsed = text === undefined ? { fault: { message: 'the body is not UTF-8' } } : parseJson(text);
    if ('value' in parsed) this.learn(parsed.value, operation);
    else this.learnFromText(text ?? asciiOf(raw.body), operation);
    for (const one of [raw.statusText, text ?? asciiOf(raw.body), ...raw.headers.flat()]) this.guess(one);
    const headers = raw.headers.map(([name, value]): [string, string] => [
      this.secrets.mask(name),
      this.maskHeader(name, value),
    ]);
    const json = 'value' in parsed ? { value: this.maskValue(parsed.value, '', operation) } : undefined;
    const fault = byteOrderMark
      ? 'a byte order mark stands before the text'
      : 'fault' in parsed
        ? this.secrets.mask(parsed.fault.message)
        : undefined;
    const answer: Answer = {
      status: raw.status,
      statusText: this.secrets.mask(raw.statusText),
      httpVersion: raw.httpVersion,
      headers,
      text: text === undefined ? undefined : this.maskText(text, json),
      ...(text === undefined && { base64: this.maskBytes(raw.body).toString('base64') }),
      byteOrderMark,
      ...(json && { json }),
      ...(fault !== undefined && { jsonFault: fault }),
    };
    return { answer, json: 'value' in parsed ? parsed.value : undefined };
  }

  /** A text as it came but for its secrets; where these hide behind escapes, the text is written anew. */
  private maskText(text: string, json: { value: unknown } | undefined): string {
    const masked = this.secrets.mask(text);
    if (!json) return masked;
    const parsed = parseJson(masked);
    const isComplete = 'value' in parsed && canonicalJson(parsed.value) === canonicalJson(json.value);
    return isComplete ? masked : JSON.stringify(json.value);
  }

  /** Bytes that are no UTF-8 text: a text in UTF-16, which may begin at an odd place, or anything else. */
  private maskBytes(bytes: Buffer): Buffer {
    const asUtf16 = (from: number): void => {
      const to = bytes.length - ((bytes.length - from) % 2);
      const masked = this.secrets.mask(bytes.toString('utf16le', from, to));
      bytes = Buffer.concat([bytes.subarray(0, from), Buffer.from(masked, 'utf16le'), bytes.subarray(to)]);
    };
    if (bytes.includes(0)) [0, 1].forEach(asUtf16);
    return Buffer.from(this.secrets.mask(bytes.toString('latin1')), 'latin1');
  }

  private segment(segment: string, translate: (id: string, how: string | undefined) => string): string {
    const [label = '', how] = segment.split(/\.(.*)/s);
    const id = this.secrets.value(label);
    return id === undefined ? segment : translate(id, how);
  }

  /** Secrets are known by their documented names, at whatever place of a body these stand. */
  private learn(json: unknown, operation: Operation): void {
    if (typeof json !== 'object' || json === null) return;
    for (const [name, value] of Object.entries(json)) {
      if (typeof value !== 'string' || value === '') this.learn(value, operation);
      else this.learnMember(name, value, operation);
    }
    const { verificationUrl } = json as JsonObject;
    if (operation === 'create' && typeof verificationUrl === 'string')
      this.learnUrl(verificationUrl, Object.values(json));
  }

  private learnMember(name: string, value: string, operation: Operation): void {
    if (operation === 'create' && name === 'sessionId') this.secrets.label('SESSION', value);
    else if (name === 'apiKey') this.secrets.label('API_KEY', value);
  }

  /** @param besideIt values of the same body: what these say openly is no secret of the URL */
  private learnUrl(verificationUrl: string, besideIt: unknown[] = []): void {
    const { certain, likely } = secretParts(this.secrets.mask(verificationUrl));
    const isSecret = (part: string): boolean => !besideIt.includes(part) && !this.isOwn(part);
    for (const part of certain.filter(isSecret)) this.secrets.label('VERIFICATION', part);
    for (const part of likely.filter(isSecret)) this.secrets.label('KEY', part);
  }

  private isOwn(part: string): boolean {
    // A query may write a space as "+".
    const texts = [part, part.replaceAll('+', ' ')].map((text) => JSON.stringify(text).slice(1, -1));
    const wasSent = [...this.sentBodies].some((body) => texts.some((text) => body.includes(text)));
    return wasSent || (this.trace?.isIn(part) ?? false);
  }

  /** The same in a text that is not quite JSON, and may break off. */
  private learnFromText(text: string, operation: Operation): void {
    const members = [
      ...text.matchAll(/["']?(sessionId|apiKey|verificationUrl)["']?\s*[:=]\s*["']?([^\s"',;}]+)/g),
    ];
    for (const [, name = '', value = ''] of members) this.learnMember(name, value, operation);
    for (const [, name, value = ''] of members)
      if (name === 'verificationUrl' && operation === 'create') this.learnUrl(value);
  }

  /** What looks like a key is masked as one; where a known secret is a part of it, that is said instead. */
  private guess(text: string): void {
    if (keysIn(text).length === 0) return;
    for (const found of keysIn(this.secrets.mask(text)))
      if (labelsIn(found).length === 0 && !this.trace?.isIn(found)) this.secrets.label('KEY', found);
  }

  /** Some headers hold nothing but a secret, whatever that looks like. */
  private maskHeader(name: string, value: string): string {
    const masked = this.secrets.mask(value);
    const [, before = '', secret = '', after = ''] =
      (/^set-cookie$/i.test(name)
        ? /^([^=;]*=)([^;]+)(.*)$/s.exec(masked)
        : SECRET_NAME.test(name) && /^((?:\w+ )?)(\S+)(.*)$/s.exec(masked)) || [];
    if (secret === '' || labelsIn(secret).length > 0) return masked;
    return `${before}${this.secrets.label('KEY', secret, isOpaque(secret))}${after}`;
  }

  /** Strings of a parsed body are masked one by one: in the text they may have escapes that no pattern foresees. */
  private maskValue(value: unknown, name: string, operation: Operation): unknown {
    if (typeof value === 'string') {
      const masked = this.secrets.maskWhole(value);
      if (masked !== value || value === '') return masked;
      // An id or a key under another name than the documented one is a secret all the same.
      const isOpaqueHere = operation === 'create' && isOpaque(value) && !this.trace?.isIn(value);
      const isSecret = SECRET_NAME.test(name) || isOpaqueHere;
      return isSecret ? this.secrets.label('KEY', value, isOpaque(value)) : value;
    }
    if (Array.isArray(value)) return value.map((one) => this.maskValue(one, name, operation));
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [
        this.secrets.mask(key),
        this.maskValue(one, key, operation),
      ]),
    );
  }
}

/** The value of a header, and what of it is a secret by itself: not the scheme, but a token or a password behind it. */
function partsOf(value: string): Set<string> {
  const words = value.split(/[\s,;]+/);
  const [, basic = ''] = /^basic\s+(\S+)$/i.exec(value) ?? [];
  const credentials = Buffer.from(basic, 'base64').toString('utf8');
  const password = credentials.slice(credentials.indexOf(':') + 1);
  const parts = [...words, ...words.map((word) => word.slice(word.indexOf('=') + 1)), credentials, password];
  return new Set([value, ...parts.filter((part) => part.length >= 8)]);
}

/** Bytes that are no text, as far as they are ASCII; letters in UTF-16 are. */
function asciiOf(bytes: Buffer): string {
  return bytes.toString('latin1').replaceAll('\0', '');
}

/** The text of bytes that are UTF-8. Letters in UTF-16 are UTF-8 with a NUL beside each of them, which no text has. */
function readText(bytes: Buffer): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const CODE_NAME =
  /^(?:user_?|device_?|one_?time_?)?(?:code|token|key|secret|otp|pin|nonce|ticket|password)$/i;

/**
 * The parts of a verification URL that open it to their holder; what is a label already is masked. Codes that are
 * short or plain words only may be such: they are masked, but nothing follows from where else they stand.
 */
function secretParts(url: string): { certain: string[]; likely: string[] } {
  const rest = url.replace(/^[a-z]+:\/\/[^/?#]*/i, '');
  const parts = rest.split(/[/?&=#]/).filter((part) => labelsIn(part).length === 0);
  const certain = parts.filter((part) => part.length >= 8 && (/\d/.test(part) || /^[A-Z-]+$/.test(part)));
  const named = [...rest.matchAll(/[?&#]([^=&#]*)=([^&#]*)/g)].flatMap(([, name = '', value = '']) =>
    CODE_NAME.test(name) && value.length >= 4 && labelsIn(value).length === 0 ? [value] : [],
  );
  return {
    certain: certain.map(percentDecoded),
    likely: named.filter((one) => !certain.includes(one)).map(percentDecoded),
  };
}
