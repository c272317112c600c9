import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OPERATION_NAMES, OPERATIONS, type OperationName } from '../catalogue/operations';
import { isObject, pointer, valueAt, type JsonObject } from './json';
import { shownAddress } from './shown-address';
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
  // Pins of earlier versions may hold the whole address of their source.
  const origins = document['x-origin'].map((origin) => ({
    ...origin,
    source: shownAddress(String(origin.source)),
  }));
  return { ...document, 'x-origin': origins };
}

export function namesOf(operations: OperationName[]): string {
  return operations
    .map((name) => `${OPERATIONS[name].method.toUpperCase()} ${OPERATIONS[name].path}`)
    .join(', ');
}

/** The pinned document without its origin: what two pins of equal meaning share. */
export function structureOf(pin: PinnedDocument): JsonObject {
  return Object.fromEntries(Object.entries(pin).filter(([key]) => !key.startsWith('x-')));
}

function isPin(document: JsonObject): document is PinnedDocument {
  return Array.isArray(document['x-origin']) && isObject(document['x-prose']);
}
