import {
  OPERATION_NAMES,
  operationPointer,
  OPERATIONS,
  type OperationName,
} from '../../catalogue/operations';
import { isObject, own, pointer, type JsonObject } from '../json';
import { UnreadableSource } from '../unreadable-source';
import { Access, type OperationPlace } from './access';
import { withStaticReferences } from './dynamic-references';
import { Parts } from './parts';
import { isWord } from './prose';
import { publishedPaths, type PublishedPath } from './published-paths';
import { References } from './references';
import { Schemas } from './schemas';

/**
 * The session operations of a document in one form: references resolved, what they inherit from the path and the
 * document written out, prose taken away, OpenAPI 3.0 and 3.2 read as 3.1, keys in a fixed order.
 */
export interface Cut {
  operations: Partial<Record<OperationName, JsonObject>>;
  /** Schemas that contain themselves, or that would multiply the document, by the names by which others refer to them. */
  definitions: ReadonlyMap<string, unknown>;
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

/**
 * Cuts the session operations out of a document.
 * @param reserved names that no definition may have
 * @throws UnreadableSource when a reference in scope dangles, leaves the document or leads only to itself
 */
export function cutOut(document: JsonObject, reserved: Iterable<string> = []): Cut {
  const is30 = /^3\.0(\.|$)/.test(String(document.openapi));
  return new Cutter(is30 ? document : withStaticReferences(document), reserved).cut();
}

/** What stands in a Media Type or Parameter Object since OpenAPI 3.2, and has no equal in 3.1. */
const NEW_IN_32 = ['itemSchema', 'itemEncoding', 'prefixEncoding'];

class Cutter {
  private readonly parts = new Parts();
  private readonly references: References;
  private readonly schemas: Schemas;
  private readonly access: Access;
  private readonly is32: boolean;

  constructor(
    private readonly document: JsonObject,
    reserved: Iterable<string>,
  ) {
    this.references = new References(document);
    this.is32 = /^3\.2(\.|$)/.test(String(document.openapi));
    const is30 = /^3\.0(\.|$)/.test(String(document.openapi));
    this.schemas = new Schemas(this.parts, this.references, is30, reserved);
    this.access = new Access(document, this.parts, this.references);
  }

  cut(): Cut {
    const operations: Cut['operations'] = {};
    for (const name of OPERATION_NAMES) {
      const operation = this.operation(name);
      if (operation) operations[name] = operation;
    }
    const info = isObject(this.document.info) ? this.document.info : {};
    for (const [key, value] of Object.entries(info))
      this.parts.hash(value, pointer('info', key), pointer('info', key));
    const pinned = this.document['x-prose'];
    const { prose, proseAside, proseOrigins } = this.parts;
    return {
      operations,
      definitions: this.schemas.definitions,
      info,
      prose: isObject(pinned) ? (pinned as Record<string, string>) : sorted(prose),
      proseAside,
      proseOrigin: (place) => (isObject(pinned) ? undefined : proseOrigins.get(place)),
      origin: (part) => this.parts.origin(part),
    };
  }

  private operation(name: OperationName): JsonObject | undefined {
    for (const published of publishedPaths(this.document, name)) {
      const operation = this.operationAt(name, published);
      if (operation) return operation;
    }
    return undefined;
  }

  private operationAt(name: OperationName, published: PublishedPath): JsonObject | undefined {
    const { method, path } = OPERATIONS[name];
    const pathAt = pointer('paths', published.path);
    const { value: item, at: itemAt } = this.references.resolve(pathAt, this.references.valueAt(pathAt));
    if (!isObject(item) || own(item, method) === undefined) return undefined;
    const [at, to] = [`${itemAt}${pointer(method)}`, operationPointer(name)];
    const raw = item[method];
    if (!isObject(raw)) throw new UnreadableSource(`${at} is not an object`);
    const place = { item, itemAt, operation: raw, at, to };
    const servers = this.access.servers(place, published);
    if (servers.length === 0) return undefined;
    const words = Object.entries(item).filter(([key]) => isWord(key));
    this.parts.keep(Object.fromEntries(words), itemAt, pointer('paths', path), []);
    const handled = ['parameters', 'requestBody', 'responses', 'security', 'servers'];
    const result = this.parts.keep(raw, at, to, handled);
    result.parameters = this.parameters(place, parameterNames(published.path, path));
    if (raw.requestBody !== undefined)
      result.requestBody = this.resolvedHolder(raw.requestBody, `${at}/requestBody`, `${to}/requestBody`);
    result.responses = this.responses(raw.responses ?? {}, `${at}/responses`, `${to}/responses`);
    result.security = this.access.security(place);
    result.servers = servers;
    if (typeof raw.operationId === 'string') result.operationId = raw.operationId;
    return this.parts.finish(result, at);
  }

  private parameters(
    { item, itemAt, operation, at, to }: OperationPlace,
    names: Map<string, string>,
  ): unknown[] {
    const found = new Map<string, JsonObject>();
    for (const [list, listAt] of [
      [item.parameters, `${itemAt}/parameters`],
      [operation.parameters, `${at}/parameters`],
    ] as const) {
      if (list === undefined) continue;
      if (!Array.isArray(list)) throw new UnreadableSource(`${listAt} is not a list`);
      list.forEach((one, i) => {
        const { value, at: parameterAt } = this.references.resolve(`${listAt}/${i}`, one);
        if (!isObject(value)) throw new UnreadableSource(`${parameterAt} is not an object`);
        if (value.in === 'querystring') throw newIn32(parameterAt, '"in": "querystring"');
        const isPath = value.in === 'path';
        const name = isPath ? (names.get(String(value.name)) ?? value.name) : value.name;
        const key = `${String(value.in)} ${String(name)}`;
        const holder = this.holder(value, parameterAt, `${to}/parameters${pointer(key)}`);
        // An operation's own parameter replaces the path's one of the same name.
        found.set(key, this.parts.finish({ ...holder, name }, parameterAt));
      });
    }
    return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, parameter]) => parameter);
  }

  private responses(value: unknown, at: string, to: string): JsonObject {
    if (!isObject(value)) throw new UnreadableSource(`${at} is not an object`);
    const entries = Object.entries(value);
    // A status has no word for a name; what is called "x-" is one.
    const words = entries.filter(([key]) => key.startsWith('x-'));
    this.parts.keep(Object.fromEntries(words), at, to, []);
    const statuses = this.parts.located(
      Object.fromEntries<unknown>(entries.filter(([key]) => !key.startsWith('x-'))),
      at,
    );
    return this.parts.map(statuses, at, to, (one, oneAt, oneTo) => this.resolvedHolder(one, oneAt, oneTo));
  }

  private resolvedHolder(value: unknown, at: string, to: string): JsonObject {
    const target = this.references.resolve(at, value);
    return this.holder(target.value, target.at, to);
  }

  /** Parameter, Request Body, Response, Media Type or Header Object: what holds a schema, or one for each media type. */
  private holder(value: unknown, at: string, to: string): JsonObject {
    if (!isObject(value)) throw new UnreadableSource(`${at} is not an object`);
    for (const key of NEW_IN_32)
      if (this.is32 && Object.hasOwn(value, key)) throw newIn32(`${at}/${key}`, `"${key}"`);
    const result = this.parts.keep(value, at, to, ['schema', 'content', 'headers']);
    if (value.schema !== undefined)
      result.schema = this.schemas.whole(value.schema, `${at}/schema`, `${to}/schema`);
    for (const key of ['content', 'headers'])
      if (value[key] !== undefined)
        result[key] = this.parts.map(value[key], `${at}/${key}`, `${to}/${key}`, (one, oneAt, oneTo) =>
          this.resolvedHolder(one, oneAt, oneTo),
        );
    return this.parts.finish(result, at);
  }
}

function newIn32(at: string, what: string): UnreadableSource {
  return new UnreadableSource(`${at}: ${what} is new in OpenAPI 3.2, and 3.1 has nothing like it`);
}

/** A document's names of path parameters, with the names that the operation's own path has for them. */
function parameterNames(published: string, path: string): Map<string, string> {
  const braces = (template: string): string[] =>
    [...template.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1] ?? '').reverse();
  return new Map(
    braces(published).flatMap((name, i) => {
      const own = braces(path)[i];
      return own === undefined ? [] : [[name, own] as const];
    }),
  );
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
