import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { UnreadableFile } from './small-file';

/** A year of nightly runs; a folder with more was probably not meant. */
const MAX_FILES = 1000;

/**
 * The JSON files in a folder and the folders below it, whatever their names.
 * @throws UnreadableFile
 */
export function jsonFilesIn(folder: string): string[] {
  let files: string[];
  try {
    files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.toLowerCase().endsWith('.json'))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new UnreadableFile(code === 'ENOENT' ? 'no such folder' : `can't be read (${code})`);
  }
  if (files.length > MAX_FILES)
    throw new UnreadableFile(`contains ${files.length} JSON files, more than ${MAX_FILES}`);
  return files;
}
