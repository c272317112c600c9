import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { shownAddress } from '../contract/shown-address';
import { UnreadableSource } from '../contract/unreadable-source';
import { tooLarge } from './fetch-bytes';

/**
 * The bytes of a file.
 * @throws UnreadableSource
 */
export async function readBytes(source: string, maxBytes: number): Promise<Buffer> {
  const shown = shownAddress(source);
  const isFileUrl = /^file:\/\//i.test(source);
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(source) && !isFileUrl)
    throw new UnreadableSource(`${shown}: give a file or an http(s) URL`);
  let file;
  try {
    file = await open(isFileUrl ? fileURLToPath(source) : source, 'r');
    if ((await file.stat()).isDirectory()) throw new UnreadableSource(`${shown}: is a folder; give a file`);
    // A device or a pipe has no size to trust: no more than the limit is read.
    const stream = file.createReadStream({ end: maxBytes, autoClose: false });
    const chunks: Buffer[] = [];
    for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    if (bytes.length > maxBytes) throw tooLarge(shown, maxBytes);
    return bytes;
  } catch (error) {
    if (error instanceof UnreadableSource) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new UnreadableSource(`${shown}: ${code === 'ENOENT' ? 'no such file' : `can't be read (${code})`}`);
  } finally {
    await file?.close();
  }
}
