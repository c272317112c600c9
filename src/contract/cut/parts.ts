import { canonicalJson, isObject, pointer, setOwn, type JsonObject } from '../json';
import { UnreadableSource } from '../unreadable-source';
import { HINTS, isWord, proseHash } from './prose';

/** Order of the keys that open an object; all others follow by name. */
const KEY_ORDER = [
  'name',
  'in',
  'operationId',
  'type',
  'required',
  'enum',
  'const',
  'parameters',
  'requestBody',
  'responses',
  'content',
  'schema',
];
/** What references and YAML aliases may expand to: no more than a document may hold, in characters and in levels. */
const MAX_SIZE = 20_000_000;
const MAX_DEPTH = 200;

export type Each = (value: unknown, at: string, to: string) => unknown;

/** Copies parts of a document without prose, and remembers where they stood. */
export class Parts {
  /** Hashes of all prose, by its place in the pinned document. */
  readonly prose: Record<string, string> = {};
  /** The same for the words about servers and security schemes, which a pin doesn't keep. */
  readonly proseAside: Record<string, string> = {};
  readonly proseOrigins = new Map<string, string>();
  private readonly origins = new WeakMap<object, string>();
  private size = 0;

  origin(part: object): string {
    return this.origins.get(part) ?? '';
  }

  /** Copies what is neither prose nor handled by the caller. */
  keep(
    value: JsonObject,
    at: string,
    to: string,
    handled: readonly string[],
    prose = this.prose,
  ): JsonObject {
    const result: JsonObject = {};
    for (const [key, part] of Object.entries(value)) {
      if (isWord(key) || HINTS.has(key)) {
        this.hash(part, `${at}${pointer(key)}`, `${to}${pointer(key)}`, prose);
      } else if (handled.includes(key)) {
        this.weigh(key);
      } else {
        this.weigh(part);
        const isSet = ['required', 'enum', 'type'].includes(key) && Array.isArray(part);
        setOwn(result, key, isSet ? [...(part as unknown[])].sort(byText) : part);
      }
    }
    return this.located(result, at);
  }

  hash(value: unknown, at: string, to: string, prose = this.prose): void {
    this.weigh(value);
    prose[to] = proseHash(value);
    this.proseOrigins.set(to, at);
  }

  map(value: unknown, at: string, to: string, each: Each): JsonObject {
    if (!isObject(value)) throw new UnreadableSource(`${at} is not an object`);
    const entries = Object.keys(value)
      .sort()
      .map((key) => [key, each(value[key], `${at}${pointer(key)}`, `${to}${pointer(key)}`)]);
    return this.located(Object.fromEntries(entries) as JsonObject, at);
  }

  /** Brings the keys into their fixed order. */
  finish<T extends JsonObject>(value: T, at: string): T {
    const rank = (key: string): number =>
      KEY_ORDER.includes(key) ? KEY_ORDER.indexOf(key) : KEY_ORDER.length;
    const entries = Object.entries(value).sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
    return this.located(Object.fromEntries(entries) as T, at);
  }

  located<T extends object>(value: T, at: string): T {
    this.origins.set(value, at);
    return value;
  }

  /** Counts what is copied; a reader of YAML shares one object among all aliases, a copy does not. */
  weigh(value: unknown, depth = 0): void {
    this.size += typeof value === 'string' ? value.length + 4 : 8;
    if (this.size > MAX_SIZE)
      throw new UnreadableSource(`its references or aliases expand to more than ${MAX_SIZE / 1e6} MB`);
    if (typeof value !== 'object' || value === null) return;
    checkDepth(depth);
    for (const [key, part] of Object.entries(value)) {
      this.size += key.length;
      this.weigh(part, depth + 1);
    }
  }
}

/** A YAML alias may stand inside of what it stands for. */
export function checkDepth(depth: number): void {
  if (depth > MAX_DEPTH)
    throw new UnreadableSource(
      `nested deeper than ${MAX_DEPTH} levels, or a YAML alias that contains itself`,
    );
}

export function byText(a: unknown, b: unknown): number {
  const [left, right] = [canonicalJson(a), canonicalJson(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
