/*
 * Parsers of the values of settings. An error says what is wrong, for a line that begins with the setting's name.
 */

/** Longer timers overflow and fire at once. */
const MAX_MS = 2 ** 31 - 1;
/** Headers that belong to the message, not to the user. */
const MANAGED_HEADERS = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'content-type',
  'accept-encoding',
  'te',
  'upgrade',
  'expect',
  'keep-alive',
  'trailer',
]);

/**
 * @param example a value of the setting's own kind
 * @param instead what to do about credentials in it; undefined where they may stand there
 */
export function parseHttpUrl(value: string, example: string, instead?: string): URL {
  if (/\s/.test(value)) throw new Error(`contains white space; give a URL such as ${example}`);
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    throw new Error(`is not a URL; give one such as ${example} (a port is a number up to 65535)`);
  }
  if (!['http:', 'https:'].includes(url.protocol) || !/^https?:\/\//i.test(value))
    throw new Error(`must begin with http:// or https://, such as ${example}`);
  if (instead !== undefined && (url.username || url.password))
    throw new Error(`contains credentials; ${instead}`);
  if (url.port === '0') throw new Error('has port 0, which no server can listen on');
  return url;
}

export function parseBaseUrl(value: string): URL {
  const url = parseHttpUrl(
    value,
    'https://api.example.com/api',
    'give them as a header in EXTRA_HTTP_HEADERS',
  );
  if (value.includes('?') || value.includes('#'))
    throw new Error('has a query or a fragment; give the address up to the part before /v1');
  if (/\/v1(?:\/api(?:\/auth(?:\/sessions(?:\/.*)?)?)?)?\/?$/.test(url.pathname))
    throw new Error('goes too far: give the address up to the part before /v1, which the suite adds');
  // Without the slash, URL resolution would drop the last part of the path.
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

/** A file, or a URL, which may hold credentials: they are sent, and shown nowhere. */
export function parseSource(value: string): string {
  const scheme = /^([a-z][a-z\d+.-]+):\/\//i.exec(value)?.[1]?.toLowerCase();
  if (scheme === 'http' || scheme === 'https') parseHttpUrl(value, 'https://example.com/openapi.json');
  return value;
}

export function parseId(value: string): string {
  // URL resolution would make another path of these; no server ever sees them.
  if (/^\.{1,2}$/.test(value)) throw new Error('is a step in a path, not an id');
  if (/^https?:\/\//i.test(value)) throw new Error('is a URL; give the id alone');
  return value;
}

export function parseHeaders(value: string): Record<string, string> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    throw new Error('is not JSON; give an object such as {"X-Team": "payments"}');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new Error('is not a JSON object of header names and values');
  for (const [name, header] of Object.entries(parsed)) {
    if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name))
      throw new Error(`contains ${JSON.stringify(name)}, which is not a header name`);
    if (MANAGED_HEADERS.has(name.toLowerCase()))
      throw new Error(`contains ${name}, which the suite sets itself`);
    if (typeof header !== 'string') throw new Error(`gives ${name} a value that is not a string`);
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(header))
      throw new Error(`gives ${name} a value with characters that headers can't contain`);
  }
  return parsed as Record<string, string>;
}

export function milliseconds(minimum: number): (value: string) => number {
  return wholeNumber(minimum, MAX_MS, 'whole number of milliseconds');
}

export function wholeNumber(
  minimum: number,
  maximum: number,
  what = 'whole number',
): (value: string) => number {
  return (value) => {
    if (!/^\d+$/.test(value) || Number(value) < minimum || Number(value) > maximum)
      throw new Error(`must be a ${what} from ${minimum} to ${maximum}`);
    return Number(value);
  };
}

export function parseRate(value: string): number {
  if (!/^\d+(\.\d+)?$/.test(value) || Number(value) < 0.01)
    throw new Error('must be a number of requests per second, 0.01 or more');
  return Number(value);
}

export function oneOf<T extends string>(...allowed: T[]): (value: string) => T {
  return (value) => {
    const found = allowed.find((one) => one === value);
    if (found === undefined) throw new Error(`must be ${allowed.map((one) => `\`${one}\``).join(' or ')}`);
    return found;
  };
}
