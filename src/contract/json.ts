/** How a text fails to be one JSON document (RFC 8259) that all parsers read alike. */
export type JsonFault = { code: 'syntax' | 'duplicate-name' | 'too-deep'; message: string };

/**
 * Reads a JSON text strictly.
 * @returns the value, or what is wrong: not JSON at all, a name twice in one object, or more levels than maxDepth.
 */
export function parseJson(text: string, maxDepth = 200): { value: unknown } | { fault: JsonFault } {
  const duplicate = scan(text, maxDepth);
  if (duplicate?.code === 'too-deep') return { fault: duplicate };
  try {
    const value: unknown = JSON.parse(text);
    return duplicate ? { fault: duplicate } : { value };
  } catch (error) {
    return { fault: { code: 'syntax', message: describeSyntaxError(text, error as Error) } };
  }
}

/** One pass over the text: JSON.parse keeps the last of two equal names in silence, and recurses without limit. */
function scan(text: string, maxDepth: number): JsonFault | undefined {
  const open: (Set<string> | undefined)[] = [];
  let duplicate: JsonFault | undefined;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '{' || char === '[') {
      open.push(char === '{' ? new Set() : undefined);
      if (open.length > maxDepth) {
        return { code: 'too-deep', message: `nested deeper than ${maxDepth} levels` };
      }
    } else if (char === '}' || char === ']') {
      open.pop();
    } else if (char === '"') {
      const start = i;
      for (i++; i < text.length && text[i] !== '"'; i++) if (text[i] === '\\') i++;
      const names = open.at(-1);
      if (!names || duplicate || !/^\s*:/.test(text.slice(i + 1, i + 50))) continue;
      const name = unescapeName(text.slice(start, i + 1));
      if (names.has(name)) {
        duplicate = {
          code: 'duplicate-name',
          message: `the name ${JSON.stringify(name)} appears twice in one object`,
        };
      }
      names.add(name);
    }
  }
  return duplicate;
}

function unescapeName(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted;
  }
}

function describeSyntaxError(text: string, { message }: Error): string {
  if (text.trim() === '') return 'empty';
  // V8 quotes the text in its messages; the text may hold secrets, and is shown elsewhere.
  if (/end of JSON|Unterminated/.test(message)) return 'JSON that breaks off';
  const position = /position (\d+)/.exec(message)?.[1];
  if (position === undefined) return 'not JSON';
  const before = text.slice(0, Number(position)).split('\n');
  return `not JSON at line ${before.length}, character ${(before.at(-1)?.length ?? 0) + 1}`;
}

/** JSON Pointer (RFC 6901) of a path. */
export function pointer(...path: (string | number)[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The keys of a JSON Pointer. */
export function pointerPath(jsonPointer: string): string[] {
  return jsonPointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member of an object; never one that every object inherits, such as "constructor". */
export function own(object: unknown, name: string): unknown {
  return isObject(object) && Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Sets a member of any name: an assignment to "__proto__" would set the prototype. */
export function setOwn(object: JsonObject, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
}

/** What stands at a JSON Pointer, or undefined. */
export function valueAt(value: unknown, jsonPointer: string): unknown {
  let current = value;
  for (const key of pointerPath(jsonPointer)) {
    if (Array.isArray(current)) current = (current as unknown[])[Number(key)];
    else if (isObject(current) && Object.hasOwn(current, key)) current = current[key];
    else return undefined;
  }
  return current;
}

/** The same JSON value always as the same text: keys sorted by code unit. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}
