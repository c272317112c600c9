import type { WireAnswer } from '../../src/gateway/wire-message';

/** Responses as curl -i prints them, in their order. */
export function responsesIn(stdout: string): WireAnswer[] {
  return stdout
    .split(/(?=HTTP\/[\d.]+ \d{3}(?: [^\r\n]*)?\r?\n)/)
    .filter((text) => text.startsWith('HTTP/'))
    .map((text) => {
      const [head = '', ...rest] = text.split('\r\n\r\n');
      const [statusLine = '', ...lines] = head.split('\r\n');
      const [, httpVersion = '', status = '', statusText = ''] =
        /^HTTP\/([\d.]+) (\d{3}) ?(.*)$/.exec(statusLine) ?? [];
      const headers = lines.map((line): [string, string] => {
        const [, name = '', value = ''] = /^([^:]*): ?(.*)$/.exec(line) ?? [];
        return [name, value];
      });
      // A trailer is printed behind the body; a line's end behind each response.
      const [, body = '', trailer = ''] =
        /^(.*?)((?:[\w-]+: [^\r\n]*\r\n)*)\n?$/s.exec(rest.join('\r\n\r\n')) ?? [];
      const trailers = [...trailer.matchAll(/([\w-]+): ([^\r\n]*)\r\n/g)].map(
        ([, name = '', value = '']): [string, string] => [name, value],
      );
      return {
        status: Number(status),
        statusText,
        httpVersion,
        headers: [...headers, ...trailers],
        body: Buffer.from(body, 'latin1'),
      };
    });
}

/** Bytes that `cat -v` writes with carets and M-. */
const ESCAPED_BYTE = /M-(\^?)(.)|\^([?-_])/g;

/** What was printed before `cat -v` wrote bytes beyond ASCII as M-x, and control characters as ^x. */
export function withoutCarets(text: string): string {
  if (!text.includes('^M\n')) return text;
  return text.replace(ESCAPED_BYTE, (_found, caret = '', high = '', low = '') => {
    const [char, isControl] = low === '' ? [String(high), caret === '^'] : [String(low), true];
    const code = char.charCodeAt(0);
    return String.fromCharCode((isControl ? code ^ 64 : code) + (low === '' ? 128 : 0));
  });
}

/** The text where it is JSON, else a null. */
export function safeJson(body: Buffer | undefined): string {
  const text = body?.toString('utf8') ?? '';
  try {
    JSON.parse(text);
    return text;
  } catch {
    return 'null';
  }
}
