import { renameSync, writeFileSync } from 'node:fs';
import { OPERATION_NAMES, operationPointer, OPERATIONS } from '../catalogue/operations';
import { cutOut, type Cut } from '../contract/cut';
import { canonicalJson, type JsonObject } from '../contract/json';
import { namesOf, PIN_PATH, type Origin, type PinnedDocument } from '../contract/pin';
import { UnreadableSource } from '../contract/unreadable-source';
import type { SourceDocument } from './source';

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

export function render(cut: Cut, origins: Origin[]): PinnedDocument {
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
export function withResponseDescriptions(operation: JsonObject): JsonObject {
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
