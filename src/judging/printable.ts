/*
 * Text that the API chose (names, values, headers, reasons) is made printable and cut where it enters, once. What reads
 * it later, a terminal, a CI service, an XML parser, a browser, takes none of it for anything but text.
 */

/** Most characters of a text; a longer one says how long it was. */
export const MAX_TEXT = 500;
export const MAX_POINTER = 200;

/**
 * Control characters, line and paragraph separators, marks that change the direction of text or are invisible, lone
 * surrogates, and what XML has no way to write.
 */
const UNPRINTABLE =
  /[\0-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff0-\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const SHORT_ESCAPES: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Commands to CI services: "::error::" (GitHub), "##[error]" (GitHub, Azure), "##vso[", "##teamcity[". */
const COMMAND = /::(?=[\w-]+[^:]*::)|##(?=\w*\[)/g;

/**
 * A text in one printable line of a bounded length.
 * @param max most characters of the result, but for a note on what was cut
 */
export function printable(text: string, max = MAX_TEXT): string {
  // Long texts are cut first: the rest of a megabyte needs no look.
  const start = text.length > max ? text.slice(0, max) : text;
  const line = start
    .replace(UNPRINTABLE, (char) => SHORT_ESCAPES[char] ?? escaped(char))
    .replace(COMMAND, (command) => `${escaped(command.charAt(0))}${command.slice(1)}`);
  const isCut = text.length > max || line.length > max;
  // An escape or a "~1" of a pointer is not cut in two.
  return isCut
    ? `${line.slice(0, max).replace(/(\\u?[\da-f]{0,3}|~)$/, '')}… (${text.length} characters)`
    : line;
}

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A value with each text in it made printable, its property names too; those of no object of ours are many. */
export function printableTexts<T>(value: T, max = MAX_TEXT): T {
  if (typeof value === 'string') return printable(value, max) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => printableTexts(item, max)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [printable(name, MAX_POINTER), printableTexts(item, max)]),
  ) as T;
}
