import { isObject } from './json';

/*
 * AJV passes over a property that is called "__proto__", and takes one that is called as a property that every object
 * inherits ("toString") for evaluated. Quoted, in the schema and in the value, each is a name like any other.
 */

/** @param which the names to quote: "__proto__" alone, or all that objects inherit */
export function quoteNames(value: unknown, which: 'proto' | 'inherited'): unknown {
  const isQuoted = (name: string): boolean =>
    name === '__proto__' || (which === 'inherited' && name in Object.prototype);
  const quote = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(quote);
    if (!isObject(part)) return part;
    const entries = Object.entries(part).map(([name, one]): [string, unknown] => {
      const isList = name === 'required' && Array.isArray(one);
      const list = isList && (one as unknown[]).map((item) => (isName(item) ? `'${item}'` : item));
      return [isQuoted(name) ? `'${name}'` : name, list || quote(one)];
    });
    return Object.fromEntries(entries);
  };
  const isName = (item: unknown): item is string => typeof item === 'string' && isQuoted(item);
  return holdsName(value, isQuoted) ? quote(value) : value;
}

/** Takes the quotes away from a message or a pointer. */
export function unquoteNames(text: string): string {
  return text.includes("'") ? text.replace(QUOTED, '$1') : text;
}

const QUOTED = new RegExp(`'(${Object.getOwnPropertyNames(Object.prototype).join('|')})'`, 'g');

/** Copies are made only where there is a name to quote. */
function holdsName(value: unknown, isQuoted: (name: string) => boolean): boolean {
  if (Array.isArray(value))
    return value.some((one) => holdsName(one, isQuoted) || (typeof one === 'string' && isQuoted(one)));
  if (!isObject(value)) return false;
  return Object.keys(value).some((name) => isQuoted(name) || holdsName(value[name], isQuoted));
}
