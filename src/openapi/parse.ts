import { CORE_SCHEMA, load, mergeTag, YAMLException } from 'js-yaml';
import { canonicalJson, isObject, parseJson, type JsonObject } from '../contract/json';
import { UnreadableSource } from '../contract/unreadable-source';
import { everyFencedBlock, fencedBlocks, type FencedBlock } from './page';
import type { SourceDocument } from './source-document';

const MAX_DEPTH = 200;
const YAML = CORE_SCHEMA.withTags(mergeTag);

/**
 * Reads the text of an OpenAPI document in any of its forms, told by what it parses as, not by how it begins: a page may
 * begin with a badge ("["), an expression ("{") or HTML ("<").
 * @throws UnreadableSource
 */
export function parseSource(source: string): Pick<SourceDocument, 'document' | 'form'> {
  const text = source.replace(/^\ufeff/, '');
  if (text.trim() === '') throw new UnreadableSource('is empty');
  const blocks = fencedBlocks(text);
  // A YAML document may hold fenced examples in its descriptions, so the whole is tried first.
  const whole = attempt(() => parseDocument(text));
  if (!(whole instanceof UnreadableSource)) return whole;
  const document = blocks.length > 0 ? documentOfPage(text, blocks) : undefined;
  if (document) return { document, form: 'page' };
  if (/^(?:<{7}|>{7}) /m.test(text)) throw new UnreadableSource('contains conflict markers of a merge');
  if (/^\s*</.test(text)) throw new UnreadableSource('is HTML or XML, not an OpenAPI document');
  if (blocks.length > 0 && !/^(?:\s*[{[]\s*"|(["']?)openapi\1\s*:)/m.test(text))
    throw new UnreadableSource('is a page with no OpenAPI document in a fenced block');
  throw whole;
}

/** A text that is a document as a whole. */
function parseDocument(text: string): Pick<SourceDocument, 'document' | 'form'> {
  if (/^\s*[{[]/.test(text)) {
    const parsed = parseJson(text, MAX_DEPTH);
    if ('value' in parsed) return { document: checkDocument(parsed.value), form: 'json' };
    const { code, message } = parsed.fault;
    // YAML in braces may look much like JSON; what breaks off is neither.
    if (code !== 'syntax' || !/[}\]]\s*(?:#[^\n]*)?$/.test(text.slice(-2000)))
      throw new UnreadableSource(code === 'syntax' ? `is ${message}` : message);
    const yaml = attempt(() => checkDocument(parseYaml(text)));
    if (yaml instanceof UnreadableSource) throw new UnreadableSource(`is ${message}`);
    return { document: yaml, form: 'yaml' };
  }
  return { document: checkDocument(parseYaml(text)), form: 'yaml' };
}

/** The one document among the blocks; undefined where none is meant as one. */
function documentOfPage(text: string, blocks: FencedBlock[]): JsonObject | undefined {
  const read = documentsIn(blocks);
  const { documents, faults } = read.documents.length > 0 ? read : documentsIn(everyFencedBlock(text));
  // A tool may show the same document twice, as JSON and as YAML.
  const different =
    documents.length < 2
      ? documents
      : [...new Map(documents.map((one) => [canonicalJson(one), one])).values()];
  if (different.length > 1)
    throw new UnreadableSource(
      `is a page with ${different.length} OpenAPI documents; give a page with one of them`,
    );
  if (different[0]) return different[0];
  const fault = read.faults[0] ?? faults[0];
  if (fault !== undefined) throw new UnreadableSource(`the page's fenced document ${fault}`);
  return undefined;
}

/** @returns also what is wrong with blocks that seem to be meant as a document */
function documentsIn(blocks: FencedBlock[]): { documents: JsonObject[]; faults: string[] } {
  const documents: JsonObject[] = [];
  const faults: string[] = [];
  for (const { text, isComplete } of blocks) {
    if (!/(?:^|[{,\s])(["']?)openapi\1[ \t]*:/.test(text)) continue;
    const read = attempt(() => parseDocument(text).document);
    if (!isComplete) faults.push('breaks off: the fenced block never ends');
    else if (read instanceof UnreadableSource) faults.push(read.message);
    else documents.push(read);
  }
  return { documents, faults };
}

function attempt<T>(read: () => T): T | UnreadableSource {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnreadableSource) return error;
    throw error;
  }
}

function parseYaml(text: string): unknown {
  if (text.includes('\u0000')) throw new UnreadableSource('contains a NUL');
  try {
    // Aliases are bounded by what they expand to, when the operations are cut out: here they cost nothing.
    return load(text, { schema: YAML, maxDepth: MAX_DEPTH, maxAliases: -1, maxTotalMergeKeys: MAX_MERGED });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const line = error.mark ? ` at line ${error.mark.line + 1}` : '';
    throw new UnreadableSource(`can't be read as YAML${line}: ${error.reason}`);
  }
}

/** Merge keys ("<<") copy, unlike aliases. */
const MAX_MERGED = 1_000_000;

function checkDocument(value: unknown): JsonObject {
  if (!isObject(value)) throw new UnreadableSource('is not an OpenAPI document: its root is not an object');
  // An unquoted version is a number in YAML.
  const version = typeof value.openapi === 'number' ? String(value.openapi) : value.openapi;
  if (typeof version !== 'string')
    throw new UnreadableSource('is not an OpenAPI document: it has no "openapi" version');
  if (!/^3\.[012](\.|$)/.test(version))
    throw new UnreadableSource(`is OpenAPI ${version}; 3.0, 3.1 and 3.2 are understood`);
  if (!isObject(value.paths)) throw new UnreadableSource('has no "paths" object');
  return value;
}
