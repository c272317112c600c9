import { renameSync, writeFileSync } from 'node:fs';
import { OPERATION_NAMES, operationPointer, OPERATIONS, type OperationName } from '../catalogue/operations';
import { cutOut, type Cut } from '../contract/cut/cut';
import { definitionPointer, definitionsIn } from '../contract/cut/definitions';
import { canonicalJson, type JsonObject } from '../contract/json';
import { namesOf, PIN_PATH, type Origin, type PinnedDocument } from '../contract/pin';
import { UnreadableSource } from '../contract/unreadable-source';
import type { SourceDocument } from './source-document';

/**
 * The pin that a source makes of the former one: a whole document replaces all, a page only what it shows.
 * @throws UnreadableSource when an operation would be missing
 */
export function pinFrom(source: SourceDocument, date: string, former?: PinnedDocument): PinnedDocument {
  const shown = shownOperations(source);
  const missing = OPERATION_NAMES.filter((name) => !shown.includes(name));
  if (missing.length > 0 && (source.form !== 'page' || !former)) {
    throw new UnreadableSource(
      `${source.name}: lacks ${namesOf(missing)}; the pin needs all three operations`,
    );
  }
  const kept = source.form === 'page' && former ? keptOf(former, shown) : undefined;
  const cut = cutOut(source.document, kept?.definitions.keys());
  const origin: Origin = { operations: shown, source: source.name, date, sha256: source.sha256 };
  if (!kept) return render(cut, [origin]);
  const merged = {
    ...cut,
    operations: { ...kept.operations, ...cut.operations },
    definitions: new Map([...kept.definitions, ...cut.definitions]),
    prose: sorted({ ...kept.prose, ...cut.prose }),
  };
  return render(merged, [...kept.origins, origin]);
}

function shownOperations(source: SourceDocument): OperationName[] {
  const { operations } = cutOut(source.document);
  const shown = OPERATION_NAMES.filter((name) => operations[name]);
  if (shown.length > 0) return shown;
  throw new UnreadableSource(
    `${source.name}: contains none of the session operations (${namesOf(OPERATION_NAMES)})`,
  );
}

/** What is left of the former pin when a page replaces the operations that it shows. */
function keptOf(
  former: PinnedDocument,
  shown: OperationName[],
): Pick<Cut, 'operations' | 'definitions' | 'prose'> & { origins: Origin[] } {
  const cut = cutOut(former);
  const operations = Object.fromEntries(
    Object.entries(cut.operations).filter(([name]) => !shown.includes(name as OperationName)),
  );
  const needed = definitionsIn(operations, cut.definitions);
  const isReplaced = (place: string): boolean =>
    place.startsWith('/info/') ||
    shown.some((name) => place.startsWith(`${operationPointer(name)}/`)) ||
    (place.startsWith(DEFINITIONS) && !needed.has(place.slice(DEFINITIONS.length).split('/')[0] ?? ''));
  return {
    operations,
    definitions: new Map([...cut.definitions].filter(([name]) => needed.has(name))),
    prose: Object.fromEntries(Object.entries(cut.prose).filter(([place]) => !isReplaced(place))),
    origins: former['x-origin']
      .map((origin) => ({
        ...origin,
        operations: origin.operations.filter((name) => !shown.includes(name)),
      }))
      .filter((origin) => origin.operations.length > 0),
  };
}

const DEFINITIONS = definitionPointer('');

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
    ...(cut.definitions.size > 0 && {
      components: { schemas: sorted(Object.fromEntries(cut.definitions)) },
    }),
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

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
