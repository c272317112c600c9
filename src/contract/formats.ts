import { isObject } from './json';

/** The formats that schemas name. They may be of anyone's making; those that nobody defined assert nothing. */
export function formatsIn(value: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) value.forEach((one) => formatsIn(one, found));
  else if (isObject(value)) {
    if (typeof value.format === 'string') found.add(value.format);
    Object.values(value).forEach((one) => formatsIn(one, found));
  }
  return found;
}
