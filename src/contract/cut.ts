import { createHash } from 'node:crypto';
import { canonicalJson, isObject, pointer, pointerPath, valueAt, type JsonObject } from './json';
import { OPERATION_NAMES, operationPointer, OPERATIONS, type OperationName } from '../catalogue/operations';
import { UnreadableSource } from './unreadable-source';

/**
 * The session operations of a document in one form: references resolved, what they inherit from the path and the
 * document written out, prose taken away, OpenAPI 3.0 read as 3.1, keys in a fixed order.
 */
export interface Cut {
  operations: Partial<Record<OperationName, JsonObject>>;
  info: JsonObject;
  /** Hashes of all prose, by JSON Pointer into the pinned document that this cut would make. */
  prose: Record<string, string>;
  /** The same for the words about servers and security schemes, which a pin doesn't keep. */
  proseAside: Record<string, string>;
  /** Where prose stood in its document, by its place in either map; undefined in a pin, which has no prose. */
  proseOrigin(place: string): string | undefined;
  /** Where a part of the cut stood in its document, as a JSON Pointer. */
  origin(part: object): string;
}

/** Names of prose: words, and what the document's rendering or code generators use. Also every x-* key. */
const PROSE = new Set([
  'description',
  'summary',
  'title',
  'example',
  'examples',
  'externalDocs',
  '$comment',
  'tags',
  'operationId',
]);
/** No words, but nothing that a request or a response could break either: hints for clients, hashed as prose is. */
export const HINTS = new Set(['callbacks', 'links', 'discriminator', 'xml']);
const SCHEMA_MAPS = new Set(['properties', 'patternProperties', 'dependentSchemas']);
const SCHEMA_LISTS = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const SCHEMA_PARTS = new Set([
  'items',
  'additionalProperties',
  'not',
  'if',
  'then',
  'else',
  'contains',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
  'contentSchema',
]);
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
/** Resolving references may multiply a small document; a session operation has some hundred parts. */
const MAX_PARTS = 100_000;

/**
 * Cuts the session operations out of a document.
 * @throws UnreadableSource when a reference in reach of them dangles, leaves the document or never ends.
 */
export function cutOut(document: JsonObject): Cut {
  return new Cutter(document).cut();
}

/** A hash that doesn't change with line breaks and indentation, which differ between JSON and a rendered page. */
export function proseHash(value: unknown): string {
  const text = typeof value === 'string' ? value : canonicalJson(value);
  return createHash('sha256').update(text.replace(/\s+/g, ' ').trim()).digest('hex').slice(0, 16);
}

class Cutter {
  private readonly origins = new WeakMap<object, string>();
  private readonly prose: Record<string, string> = {};
  private readonly proseAside: Record<string, string> = {};
  private readonly proseOrigins = new Map<string, string>();
  private readonly open: string[] = [];
  private readonly is30: boolean;
  private parts = 0;

  constructor(private readonly document: JsonObject) {
    this.is30 = String(document.openapi).startsWith('3.0');
  }

  cut(): Cut {
    const operations: Cut['operations'] = {};
    for (const name of OPERATION_NAMES) {
      const operation = this.operation(name);
      if (operation) operations[name] = operation;
    }
    const info = isObject(this.document.info) ? this.document.info : {};
    for (const [key, value] of Object.entries(info))
      this.hash(value, pointer('info', key), pointer('info', key));
    const pinned = this.document['x-prose'];
    const isPinned = isObject(pinned);
    return {
      operations,
      info,
      prose: isPinned ? (pinned as Record<string, string>) : sorted(this.prose),
      proseAside: this.proseAside,
      proseOrigin: (place) => (isPinned ? undefined : this.proseOrigins.get(place)),
      origin: (part) => this.origins.get(part) ?? '',
    };
  }

  private operation(name: OperationName): JsonObject | undefined {
    const { method, path } = OPERATIONS[name];
    // The name of a path parameter is the document's own affair: no request shows it.
    const shape = (template: string): string => template.replace(/\{[^{}]*\}/g, '{}');
    const candidates = Object.keys(this.document.paths as JsonObject).filter(
      (other) => shape(other) === shape(path),
    );
    // Two templates of one shape are wrong, but do come; then each method is where it is.
    const published = [path, ...candidates].find((one) => candidates.includes(one) && this.has(one, method));
    if (published === undefined) return undefined;
    return this.resolved(
      pointer('paths', published),
      valueAt(this.document, pointer('paths', published)),
      (item, itemAt) => {
        if (!isObject(item)) return undefined;
        this.keep(item, itemAt, pointer('paths', path), Object.keys(item).filter(isNoWord));
        const at = `${itemAt}${pointer(method)}`;
        const to = operationPointer(name);
        const raw = item[method];
        if (!isObject(raw)) throw new UnreadableSource(`${at} is not an object`);
        const names = new Map(braces(published).map((from, i) => [from, braces(path)[i] ?? from]));
        const result = this.keep(raw, at, to, [
          'parameters',
          'requestBody',
          'responses',
          'security',
          'servers',
        ]);
        result.parameters = this.parameters(
          [
            [item.parameters, `${itemAt}/parameters`],
            [raw.parameters, `${at}/parameters`],
          ],
          to,
          names,
        );
        if (raw.requestBody !== undefined) {
          result.requestBody = this.resolved(`${at}/requestBody`, raw.requestBody, (body, bodyAt) =>
            this.contentHolder(body, bodyAt, `${to}/requestBody`),
          );
        }
        result.responses = this.map(
          raw.responses ?? {},
          `${at}/responses`,
          `${to}/responses`,
          (one, oneAt, oneTo) =>
            this.resolved(oneAt, one, (response, responseAt) =>
              this.contentHolder(response, responseAt, oneTo),
            ),
        );
        result.security = this.security(raw, at, to);
        result.servers = this.servers(item, itemAt, raw, at, to);
        if (typeof raw.operationId === 'string') result.operationId = raw.operationId;
        return this.finish(result, at);
      },
    );
  }

  private has(path: string, method: string): boolean {
    const at = pointer('paths', path);
    return this.resolved(
      at,
      valueAt(this.document, at),
      (item) => isObject(item) && Object.hasOwn(item, method),
    );
  }

  /** Follows $ref, of any length, and hands on what it leads to, with its place. */
  private resolved<T>(at: string, value: unknown, then: (value: unknown, at: string) => T): T {
    if (++this.parts > MAX_PARTS) throw new UnreadableSource('its references expand without end');
    if (!isObject(value) || typeof value.$ref !== 'string') return then(value, at);
    const target = this.target(value.$ref, at);
    if (this.open.includes(target.at)) throw new UnreadableSource(`the reference at ${at} never ends`);
    this.open.push(target.at);
    try {
      return this.resolved(target.at, target.value, then);
    } finally {
      this.open.pop();
    }
  }

  private target(reference: string, at: string): { value: unknown; at: string } {
    if (!reference.startsWith('#'))
      throw new UnreadableSource(`the reference at ${at} leaves the document: ${reference}`);
    let to: string;
    try {
      to = decodeURIComponent(reference.slice(1));
    } catch {
      throw new UnreadableSource(`the reference at ${at} is wrongly encoded: ${reference}`);
    }
    const base = this.baseOf(at);
    if (to !== '' && !to.startsWith('/')) to = this.anchor(to, valueAt(this.document, base), base) ?? to;
    else to = `${base}${to}`;
    const value = to === '' || to.startsWith('/') ? valueAt(this.document, to) : undefined;
    if (value === undefined) throw new UnreadableSource(`the reference at ${at} leads nowhere: ${reference}`);
    return { value, at: pointer(...pointerPath(to)) };
  }

  /** A schema with an $id is a document of its own to the references in it. */
  private baseOf(at: string): string {
    let base = '';
    let part: unknown = this.document;
    let here = '';
    for (const key of pointerPath(at)) {
      part = Array.isArray(part) ? (part as unknown[])[Number(key)] : isObject(part) ? part[key] : undefined;
      here += pointer(key);
      if (isObject(part) && typeof part.$id === 'string') base = here;
    }
    return base;
  }

  private anchor(name: string, value: unknown, at: string): string | undefined {
    if (typeof value !== 'object' || value === null) return undefined;
    if (isObject(value) && value.$anchor === name) return at;
    for (const [key, part] of Object.entries(value)) {
      const found = this.anchor(name, part, `${at}${pointer(key)}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private parameters(lists: [unknown, string][], to: string, names: Map<string, string>): unknown[] {
    const found = new Map<string, JsonObject>();
    for (const [list, at] of lists) {
      if (list === undefined) continue;
      if (!Array.isArray(list)) throw new UnreadableSource(`${at} is not a list`);
      list.forEach((one, i) =>
        this.resolved(`${at}/${i}`, one, (parameter, parameterAt) => {
          if (!isObject(parameter)) throw new UnreadableSource(`${parameterAt} is not an object`);
          const place = String(parameter.in);
          const name =
            place === 'path' ? (names.get(String(parameter.name)) ?? parameter.name) : parameter.name;
          const key = `${place} ${String(name)}`;
          const result = this.contentHolder(
            parameter,
            parameterAt,
            `${to}/parameters/${key.replaceAll('/', '~1')}`,
          );
          // An operation's own parameter replaces the path's one of the same name.
          found.set(key, this.finish({ ...result, name }, parameterAt));
        }),
      );
    }
    return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, parameter]) => parameter);
  }

  /** Parameter, Request Body, Response or Header Object: what holds a schema, or one for each media type. */
  private contentHolder(value: unknown, at: string, to: string): JsonObject {
    if (!isObject(value)) throw new UnreadableSource(`${at} is not an object`);
    const result = this.keep(value, at, to, ['schema', 'content', 'headers']);
    if (value.schema !== undefined) result.schema = this.schema(value.schema, `${at}/schema`, `${to}/schema`);
    if (value.content !== undefined) {
      result.content = this.map(value.content, `${at}/content`, `${to}/content`, (media, mediaAt, mediaTo) =>
        this.contentHolder(media, mediaAt, mediaTo),
      );
    }
    if (value.headers !== undefined) {
      result.headers = this.map(
        value.headers,
        `${at}/headers`,
        `${to}/headers`,
        (header, headerAt, headerTo) =>
          this.resolved(headerAt, header, (one, oneAt) => this.contentHolder(one, oneAt, headerTo)),
      );
    }
    return this.finish(result, at);
  }

  private schema(value: unknown, at: string, to: string): unknown {
    if (typeof value === 'boolean') return value;
    if (!isObject(value)) throw new UnreadableSource(`${at} is not a schema`);
    if (typeof value.$ref === 'string') return this.reference(value, at, to);
    const result = this.keep(value, at, to, [
      ...SCHEMA_MAPS,
      ...SCHEMA_LISTS,
      ...SCHEMA_PARTS,
      '$defs',
      'definitions',
      '$schema',
      '$id',
      '$anchor',
      'nullable',
    ]);
    for (const [key, part] of Object.entries(value)) {
      const [partAt, partTo] = [`${at}${pointer(key)}`, `${to}${pointer(key)}`];
      if (SCHEMA_MAPS.has(key)) {
        result[key] = this.map(part, partAt, partTo, (one, oneAt, oneTo) => this.counted(one, oneAt, oneTo));
      } else if (SCHEMA_LISTS.has(key)) {
        if (!Array.isArray(part)) throw new UnreadableSource(`${partAt} is not a list`);
        result[key] = this.located(
          part.map((one, i) => this.counted(one, `${partAt}/${i}`, `${partTo}/${i}`)),
          partAt,
        );
      } else if (SCHEMA_PARTS.has(key)) {
        result[key] = this.counted(part, partAt, partTo);
      }
    }
    if (this.is30) readAs31(result, value);
    return this.finish(result, at);
  }

  private counted(value: unknown, at: string, to: string): unknown {
    if (++this.parts > MAX_PARTS) throw new UnreadableSource('its references expand without end');
    return this.schema(value, at, to);
  }

  /** In 3.1 the keywords beside a $ref hold as well; in 3.0 they are ignored. */
  private reference(value: JsonObject, at: string, to: string): unknown {
    const { $ref, ...beside } = value;
    const target = this.resolved(at, { $ref }, (schema, schemaAt) => this.schema(schema, schemaAt, to));
    const own = this.is30 ? {} : (this.schema(beside, at, to) as JsonObject);
    if (Object.keys(own).length === 0) return target;
    return this.finish({ allOf: this.located([target, own], at) }, at);
  }

  private security(operation: JsonObject, at: string, to: string): unknown[] {
    const [list, listAt] =
      operation.security !== undefined
        ? [operation.security, `${at}/security`]
        : [this.document.security ?? [], '/security'];
    if (!Array.isArray(list)) throw new UnreadableSource(`${listAt} is not a list`);
    const alternatives = list.map((one) => {
      if (!isObject(one)) throw new UnreadableSource(`${listAt} holds what is not an object`);
      return Object.fromEntries(
        Object.entries(one).map(([scheme, scopes]) => {
          // A pin has the scheme written out already.
          if (isObject(scopes)) return [scheme, scopes];
          const schemeAt = pointer('components', 'securitySchemes', scheme);
          const written = this.resolved(
            schemeAt,
            valueAt(this.document, schemeAt),
            (definition, definitionAt) =>
              isObject(definition)
                ? this.keep(definition, definitionAt, `${to}/security${pointer(scheme)}`, [], this.proseAside)
                : {},
          );
          return [scheme, { scopes, ...written }];
        }),
      );
    });
    // An empty list and an empty alternative both mean that nothing is needed.
    const result = alternatives.length === 0 ? [{}] : alternatives;
    return this.located(result.sort(byText), listAt);
  }

  private servers(
    item: JsonObject,
    itemAt: string,
    operation: JsonObject,
    at: string,
    to: string,
  ): unknown[] {
    const places: [unknown, string][] = [
      [operation.servers, `${at}/servers`],
      [item.servers, `${itemAt}/servers`],
      [this.document.servers, '/servers'],
    ];
    const [list, listAt] = places.find(([servers]) => Array.isArray(servers) && servers.length > 0) ?? [
      [{ url: '/' }],
      '/servers',
    ];
    return this.located(
      (list as unknown[]).map((server, i) => {
        if (!isObject(server) || typeof server.url !== 'string')
          throw new UnreadableSource(`${listAt}/${i} has no "url"`);
        const serverTo = `${to}/servers${pointer(server.url)}`;
        return this.finish(
          this.keep(server, `${listAt}/${i}`, serverTo, [], this.proseAside),
          `${listAt}/${i}`,
        );
      }),
      listAt,
    );
  }

  private map(
    value: unknown,
    at: string,
    to: string,
    each: (value: unknown, at: string, to: string) => unknown,
  ): JsonObject {
    if (!isObject(value)) throw new UnreadableSource(`${at} is not an object`);
    const isResponses = at.endsWith('/responses');
    if (isResponses) this.keep(value, at, to, Object.keys(value).filter(isNoWord));
    const entries = Object.keys(value)
      .filter((key) => !(isResponses && key.startsWith('x-')))
      .sort()
      .map((key) => [key, each(value[key], `${at}${pointer(key)}`, `${to}${pointer(key)}`)]);
    return this.located(Object.fromEntries(entries) as JsonObject, at);
  }

  /** Copies what is neither prose nor handled apart; the prose is hashed by its place in the pinned document. */
  private keep(
    value: JsonObject,
    at: string,
    to: string,
    handled: readonly string[],
    prose = this.prose,
  ): JsonObject {
    const result: JsonObject = {};
    for (const [key, part] of Object.entries(value)) {
      if (!isNoWord(key) || HINTS.has(key)) {
        this.hash(part, `${at}${pointer(key)}`, `${to}${pointer(key)}`, prose);
      } else if (!handled.includes(key)) {
        result[key] =
          ['required', 'enum', 'type'].includes(key) && Array.isArray(part)
            ? [...(part as unknown[])].sort(byText)
            : part;
      }
    }
    return this.located(result, at);
  }

  private hash(value: unknown, at: string, to: string, prose = this.prose): void {
    prose[to] = proseHash(value);
    this.proseOrigins.set(to, at);
  }

  private finish<T extends JsonObject>(value: T, at: string): T {
    const rank = (key: string): number =>
      KEY_ORDER.includes(key) ? KEY_ORDER.indexOf(key) : KEY_ORDER.length;
    const entries = Object.entries(value).sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
    return this.located(Object.fromEntries(entries) as T, at);
  }

  private located<T extends object>(value: T, at: string): T {
    this.origins.set(value, at);
    return value;
  }
}

/** OpenAPI 3.0 schemas have a dialect of their own; these are its words that say something else in 3.1, or nothing. */
function readAs31(result: JsonObject, value: JsonObject): void {
  if (value.nullable === true && typeof value.type === 'string') {
    result.type = [value.type, 'null'].sort();
    if (Array.isArray(value.enum)) result.enum = [...(value.enum as unknown[]), null].sort(byText);
  }
  for (const [exclusive, limit] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (value[exclusive] === true) {
      result[exclusive] = value[limit];
      delete result[limit];
    } else if (value[exclusive] === false) {
      delete result[exclusive];
    }
  }
}

function isNoWord(key: string): boolean {
  return !PROSE.has(key) && !key.startsWith('x-');
}

function braces(template: string): string[] {
  return [...template.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1] ?? '');
}

function byText(a: unknown, b: unknown): number {
  const [left, right] = [canonicalJson(a), canonicalJson(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
