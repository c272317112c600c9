import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CORE_SCHEMA, load, mergeTag, YAMLException } from 'js-yaml';
import { isObject, parseJson, type JsonObject } from '../contract/json';
import { UnreadableSource } from '../contract/unreadable-source';

/** A published OpenAPI document, as it was read. */
export interface SourceDocument {
  document: JsonObject;
  /** A page documents the operations it shows and says nothing of others; a JSON or YAML text is the whole document. */
  form: 'json' | 'yaml' | 'page';
  /** The URL, or the file's name without its folder (a folder tells about a machine, not about the document). */
  name: string;
  /** SHA-256 of the source's bytes, in hex. */
  sha256: string;
}

export const MAX_BYTES = 20_000_000;
const MAX_DEPTH = 200;
const MAX_ALIASES = 100;
const FETCH_TIMEOUT_MS = 15_000;
const YAML = CORE_SCHEMA.withTags(mergeTag);

/**
 * Reads an OpenAPI 3.0 or 3.1 document from a file or an http(s) URL: JSON, YAML, or a Markdown page with the document
 * in a fenced block. The form is told by the content.
 * @throws UnreadableSource
 */
export async function readSource(source: string): Promise<SourceDocument> {
  const isUrl = /^https?:\/\//i.test(source);
  const bytes = isUrl ? await fetchBytes(source) : await readBytes(source);
  try {
    const { document, form } = parseSource(decode(bytes));
    const name = isUrl ? withoutCredentials(source) : basename(source);
    return { document, form, name, sha256: createHash('sha256').update(bytes).digest('hex') };
  } catch (error) {
    if (error instanceof UnreadableSource)
      throw new UnreadableSource(`${withoutCredentials(source)}: ${error.message}`);
    throw error;
  }
}

const SECRET_PARAMETER =
  /([?&](?:[\w-]*(?:token|secret|signature|password|credential)|(?:api[-_]?)?key|sig|auth|code)=)[^&#]*/gi;

/** A URL as it may be shown, and written into the pin. */
export function withoutCredentials(source: string): string {
  return source.replace(/^(https?:\/\/)[^/?#]*@/i, '$1').replace(SECRET_PARAMETER, '$1***');
}

async function fetchBytes(url: string): Promise<Buffer> {
  const shown = withoutCredentials(url);
  if (/^https?:\/\/[^/?#]*@/i.test(url))
    throw new UnreadableSource(`${shown}: holds credentials; a token may stand in its query, or give a file`);
  const signal = AbortSignal.timeout(FETCH_TIMEOUT_MS);
  try {
    const response = await fetch(url, { signal });
    if (!response.ok)
      throw new UnreadableSource(`${shown}: answered ${response.status}; give the document's own address`);
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > MAX_BYTES) throw tooLarge(shown);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    if (error instanceof UnreadableSource) throw error;
    if (signal.aborted)
      throw new UnreadableSource(`${shown}: no complete answer within ${FETCH_TIMEOUT_MS / 1000} s`);
    const cause = (error as Error).cause as (Error & { code?: string }) | undefined;
    throw new UnreadableSource(`${shown}: can't be fetched (${cause?.code ?? (error as Error).message})`);
  }
}

async function readBytes(source: string): Promise<Buffer> {
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(source) && !source.startsWith('file://')) {
    throw new UnreadableSource(`${source}: give a file or an http(s) URL`);
  }
  const path = source.startsWith('file://') ? fileURLToPath(source) : source;
  let file;
  try {
    file = await open(path, 'r');
    const stat = await file.stat();
    if (stat.isDirectory()) throw new UnreadableSource(`${source}: is a folder; give a file`);
    // A device or a pipe has no size to trust: read no more than the limit of it.
    const limit = MAX_BYTES + 1;
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of file.createReadStream({
      end: limit - 1,
      autoClose: false,
    }) as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
    }
    if (size > MAX_BYTES) throw tooLarge(source);
    return Buffer.concat(chunks);
  } catch (error) {
    if (error instanceof UnreadableSource) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw new UnreadableSource(`${source}: no such file`);
    throw new UnreadableSource(`${source}: can't be read (${code ?? (error as Error).message})`);
  } finally {
    await file?.close();
  }
}

function tooLarge(source: string): UnreadableSource {
  return new UnreadableSource(`${source}: is larger than ${MAX_BYTES / 1_000_000} MB`);
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UnreadableSource('is not UTF-8 text');
  }
}

/**
 * Reads the text of an OpenAPI document in any of its forms.
 * @throws UnreadableSource
 */
export function parseSource(source: string): { document: JsonObject; form: SourceDocument['form'] } {
  const text = source.replace(/^\ufeff/, '');
  const start = text.trimStart().slice(0, 1);
  if (start === '') throw new UnreadableSource('is empty');
  if (start === '<' && !/^\s*<{7}/.test(text))
    throw new UnreadableSource('is HTML or XML, not an OpenAPI document');
  if (start === '{' || start === '[') return { document: checkDocument(parseJsonText(text)), form: 'json' };
  const blocks = fencedBlocks(text);
  if (blocks.length === 0) return { document: checkDocument(parseYamlText(text)), form: 'yaml' };
  // A YAML document may hold fenced examples in its descriptions, so it is tried as a whole first.
  const whole = attempt(() => checkDocument(parseYamlText(text)));
  if (!(whole instanceof UnreadableSource)) return { document: whole, form: 'yaml' };
  return { document: documentOfPage(blocks), form: 'page' };
}

function documentOfPage(blocks: string[]): JsonObject {
  const documents = blocks.filter((block) => /^[ \t]*(['"]?openapi['"]?[ \t]*:|\{)/m.test(block));
  if (documents.length === 0)
    throw new UnreadableSource('is a page with no OpenAPI document in a fenced yaml or json block');
  const read = documents.map((block) =>
    attempt(() =>
      checkDocument(block.trimStart().startsWith('{') ? parseJsonText(block) : parseYamlText(block)),
    ),
  );
  const good = read.filter((one): one is JsonObject => !(one instanceof UnreadableSource));
  if (good.length > 1)
    throw new UnreadableSource(`is a page with ${good.length} OpenAPI documents; give a page with one`);
  if (good[0]) return good[0];
  throw new UnreadableSource(`the page's fenced document ${(read[0] as UnreadableSource).message}`);
}

function attempt<T>(read: () => T): T | UnreadableSource {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnreadableSource) return error;
    throw error;
  }
}

/** The contents of the fenced code blocks that are marked as YAML or JSON. */
function fencedBlocks(text: string): string[] {
  const blocks: string[] = [];
  let fence: { mark: string; indent: number; expected: boolean; lines: string[] } | undefined;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const match = /^( *)(`{3,}|~{3,})[ \t]*(\S*)/.exec(line);
    if (!fence) {
      if (match) {
        const [, indent = '', mark = '', info = ''] = match;
        fence = { mark, indent: indent.length, expected: /^(ya?ml|json)\b/i.test(info), lines: [] };
      }
    } else if (match && match[2]?.startsWith(fence.mark) && line.trim() === match[2]) {
      if (fence.expected) blocks.push(fence.lines.join('\n'));
      fence = undefined;
    } else {
      fence.lines.push(line.replace(new RegExp(`^ {0,${fence.indent}}`), ''));
    }
  }
  // A page that breaks off inside of its block is truncated, and is found to be so when the block is parsed.
  if (fence?.expected) blocks.push(`${fence.lines.join('\n')}\n\u0000the fenced block never ends`);
  return blocks;
}

function parseJsonText(text: string): unknown {
  const result = parseJson(text, MAX_DEPTH);
  if ('value' in result) return result.value;
  throw new UnreadableSource(
    result.fault.code === 'syntax' ? `is ${result.fault.message}` : result.fault.message,
  );
}

function parseYamlText(text: string): unknown {
  if (text.includes('\u0000'))
    throw new UnreadableSource('breaks off inside of its fenced block, or holds a NUL');
  if (/^<{7} /m.test(text) && /^>{7} /m.test(text))
    throw new UnreadableSource('holds conflict markers of a merge');
  try {
    const value = load(text, { schema: YAML, maxDepth: MAX_DEPTH, maxAliases: MAX_ALIASES });
    checkExpansion(value);
    return value;
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const line = error.mark ? ` at line ${error.mark.line + 1}` : '';
    throw new UnreadableSource(`can't be read as YAML${line}: ${error.reason}`);
  }
}

/** Aliases share one object here, but whoever walks the document meets it once for each path that leads to it. */
function checkExpansion(value: unknown): void {
  const seen = new Set<object>();
  let expanded = 0;
  const walk = (part: unknown, depth: number): void => {
    if (typeof part !== 'object' || part === null) return;
    if (seen.has(part) && ++expanded > MAX_ALIASES) {
      throw new UnreadableSource(`expands more than ${MAX_ALIASES} YAML aliases`);
    }
    if (depth > MAX_DEPTH) throw new UnreadableSource(`nested deeper than ${MAX_DEPTH} levels`);
    seen.add(part);
    for (const child of Object.values(part)) walk(child, depth + 1);
  };
  walk(value, 1);
}

function checkDocument(value: unknown): JsonObject {
  if (!isObject(value)) throw new UnreadableSource('is not an OpenAPI document: its root is not an object');
  // An unquoted version is a number in YAML.
  const version = typeof value.openapi === 'number' ? String(value.openapi) : value.openapi;
  if (typeof version !== 'string')
    throw new UnreadableSource('is not an OpenAPI document: it has no "openapi" version');
  if (!/^3\.[01](\.|$)/.test(version))
    throw new UnreadableSource(`is OpenAPI ${version}; 3.0 and 3.1 are understood`);
  if (!isObject(value.paths)) throw new UnreadableSource('has no "paths" object');
  return value;
}
