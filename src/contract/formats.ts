import type { Ajv2020 } from 'ajv/dist/2020';
import addFormats, { type FormatName } from 'ajv-formats';
import { isObject } from './json';

/** Hints about storage and display in OpenAPI's registry of formats, which no message has to keep. */
const HINTS = new Set(['int32', 'int64', 'float', 'double', 'binary', 'password']);

/**
 * Adds the formats that AJV is to assert. All others that the schemas name are let pass: they may mean anything.
 * @param schemas a schema, or a document that contains some
 */
export function addKnownFormats(ajv: Ajv2020, schemas: unknown): void {
  if (!Object.hasOwn(ajv.formats, 'date-time')) {
    addFormats(ajv);
    for (const format of HINTS) ajv.addFormat(format, true);
  }
  for (const format of formatsIn(schemas))
    if (!Object.hasOwn(ajv.formats, format)) ajv.addFormat(format, true);
}

/** Whether a value may violate a format. */
export function isAsserted(format: unknown): boolean {
  if (typeof format !== 'string' || HINTS.has(format) || format in Object.prototype) return false;
  try {
    return addFormats.get(format as FormatName) !== undefined;
  } catch {
    return false;
  }
}

function formatsIn(value: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) value.forEach((one) => formatsIn(one, found));
  else if (isObject(value)) {
    if (typeof value.format === 'string') found.add(value.format);
    Object.values(value).forEach((one) => formatsIn(one, found));
  }
  return found;
}
