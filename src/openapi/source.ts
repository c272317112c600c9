import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { shownAddress } from '../contract/shown-address';
import { UnreadableSource } from '../contract/unreadable-source';
import { fetchBytes } from './fetch-bytes';
import { parseSource } from './parse';
import { readBytes } from './read-bytes';
import type { SourceDocument } from './source-document';

export const MAX_BYTES = 20_000_000;

/**
 * Reads an OpenAPI document from a file or an http(s) URL: JSON, YAML, or a documentation page with the document in a
 * fenced block. The form is told by the content.
 * @throws UnreadableSource
 */
export async function readSource(source: string): Promise<SourceDocument> {
  const bytes = isUrl(source) ? await fetchBytes(source, MAX_BYTES) : await readBytes(source, MAX_BYTES);
  try {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { ...parseSource(decode(bytes)), name: sourceName(source), sha256 };
  } catch (error) {
    if (error instanceof UnreadableSource)
      throw new UnreadableSource(`${shownAddress(source)}: ${error.message}`);
    throw error;
  }
}

function isUrl(source: string): boolean {
  return /^\s*https?:\/\//i.test(source);
}

/** A URL without its secrets, or a file's name without its folder, which tells about a machine, not the document. */
export function sourceName(source: string): string {
  return isUrl(source) ? shownAddress(source) : basename(shownAddress(source));
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UnreadableSource('is not UTF-8 text');
  }
}
