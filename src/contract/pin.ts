import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cutOut, type Cut } from './cut';
import { OPERATION_NAMES, operationPointer, OPERATIONS, type OperationName } from '../catalogue/operations';
import { canonicalJson, isObject, pointer, valueAt, type JsonObject } from './json';
import type { SourceDocument } from '../openapi/source';
import { UnreadableSource } from './unreadable-source';

const PIN_NAME = 'schemas/contract.openapi.json';
export const PIN_PATH = join(__dirname, '..', '..', PIN_NAME);

/** Where operations of the pin come from. */
export interface Origin {
  operations: OperationName[];
  source: string;
  /** The day of the pull, or the one given for it: YYYY-MM-DD. */
  date: string;
  /** SHA-256 of the source's bytes, in hex. */
  sha256: string;
}

/** The pinned document: OpenAPI 3.1, the session operations alone, no prose. */
export interface PinnedDocument extends JsonObject {
  'x-origin': Origin[];
  'x-prose': Record<string, string>;
}

/** Says what is wrong with the pinned document, and what to do. */
export function brokenPin(why: string): UnreadableSource {
  return new UnreadableSource(
    `${PIN_NAME}: ${why}; restore it, or remove it and pull it again (npm run spec:pull -- SOURCE)`,
  );
}

/**
 * Reads the pinned document.
 * @throws UnreadableSource when somebody has broken it
 */
export function readPin(path = PIN_PATH): PinnedDocument {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw brokenPin(code === undefined ? 'not JSON' : `can't be read (${code})`);
  }
  if (!isObject(document) || !isPin(document)) throw brokenPin('no pinned document');
  const missing = OPERATION_NAMES.filter((name) => {
    const { path: at, method } = OPERATIONS[name];
    return !isObject(valueAt(document, pointer('paths', at, method, 'responses')));
  });
  if (missing.length > 0) throw brokenPin(`lacks the responses of ${namesOf(missing)}`);
  return document;
}

function namesOf(operations: OperationName[]): string {
  return operations
    .map((name) => `${OPERATIONS[name].method.toUpperCase()} ${OPERATIONS[name].path}`)
    .join(', ');
}

/**
 * The pin that a source makes of the former one: a whole document replaces all, a page only what it shows.
 * @throws UnreadableSource when an operation would be missing
 */
export function pinFrom(source: SourceDocument, date: string, former?: PinnedDocument): PinnedDocument {
  const cut = cutOut(source.document);
  const shown = OPERATION_NAMES.filter((name) => cut.operations[name]);
  const missing = OPERATION_NAMES.filter((name) => !cut.operations[name]);
  if (shown.length === 0)
    throw new UnreadableSource(`${source.name}: holds none of the session operations (${namesOf(missing)})`);
  if (missing.length > 0 && (source.form !== 'page' || !former)) {
    throw new UnreadableSource(
      `${source.name}: lacks ${namesOf(missing)}; the pin needs all three operations`,
    );
  }
  const old =
    former && source.form === 'page' ? { cut: cutOut(former), origins: former['x-origin'] } : undefined;
  const operations = { ...old?.cut.operations, ...cut.operations };
  const isShown = (place: string): boolean =>
    shown.some((name) => place.startsWith(`${operationPointer(name)}/`)) || place.startsWith('/info/');
  const kept = Object.entries(old?.cut.prose ?? {}).filter(([place]) => !isShown(place));
  const prose = Object.fromEntries(
    [...kept, ...Object.entries(cut.prose)].sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const origins = (old?.origins ?? [])
    .map((origin) => ({ ...origin, operations: origin.operations.filter((name) => !shown.includes(name)) }))
    .filter((origin) => origin.operations.length > 0);
  return render({ ...cut, operations, prose }, [
    ...origins,
    { operations: shown, source: source.name, date, sha256: source.sha256 },
  ]);
}

function render(cut: Cut, origins: Origin[]): PinnedDocument {
  const paths: Record<string, JsonObject> = {};
  const shared: JsonObject = {};
  for (const key of ['servers', 'security']) {
    const values = OPERATION_NAMES.map((name) => cut.operations[name]?.[key]);
    if (values.every((value) => canonicalJson(value) === canonicalJson(values[0]))) shared[key] = values[0];
  }
  for (const name of OPERATION_NAMES) {
    const { path, method } = OPERATIONS[name];
    const own = Object.entries(cut.operations[name] ?? {}).filter(([key]) => !(key in shared));
    (paths[path] ??= {})[method] = withResponseDescriptions(Object.fromEntries(own));
  }
  const { title, version } = cut.info;
  return {
    openapi: '3.1.0',
    info: { title, version },
    ...shared,
    paths,
    'x-origin': origins,
    'x-prose': cut.prose,
  };
}

/** OpenAPI wants a description for each response; the words themselves stay out. */
function withResponseDescriptions(operation: JsonObject): JsonObject {
  const responses = Object.entries(operation.responses as Record<string, JsonObject>);
  return {
    ...operation,
    responses: Object.fromEntries(responses.map(([status, one]) => [status, { description: '', ...one }])),
  };
}

/** Writes the pin whole or not at all. */
export function writePin(pin: PinnedDocument, path = PIN_PATH): void {
  const draft = `${path}.draft`;
  writeFileSync(draft, `${JSON.stringify(pin, undefined, 2)}\n`);
  renameSync(draft, path);
}

/** The pinned document without its origin: what two pins of equal meaning share. */
export function structureOf(pin: PinnedDocument): JsonObject {
  return Object.fromEntries(Object.entries(pin).filter(([key]) => !key.startsWith('x-')));
}

function isPin(document: JsonObject): document is PinnedDocument {
  return Array.isArray(document['x-origin']) && isObject(document['x-prose']);
}
