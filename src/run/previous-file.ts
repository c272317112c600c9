import { statSync } from 'node:fs';
import { relative } from 'node:path';
import { isObject } from '../contract/json';
import { isStatement, type Previous, type PreviousStatement } from '../report/history';
import { jsonFilesIn } from './json-files';
import { WrongSettings } from './settings';
import { readSmallFile, UnreadableFile } from './small-file';

const GIVE = 'give the conformance.json of an earlier run, or a folder of some';

const remembered = new Map<string, Previous | string>();

/** Reads statements early, for a later call of readPrevious: the files may be gone by then. */
export function rememberPrevious(path: string | undefined): void {
  if (path !== undefined) remembered.set(path, parsePrevious(path));
}

/**
 * Reads the statement of an earlier run, or those in a folder: its JSON files, whatever their names, folders below it
 * included. Files that are no statements at all (other reports) are passed over; those that should be one and can't be
 * read are named in the report, and are an error only where there is nothing else. An empty folder is fine: the first
 * night has no earlier run.
 * @throws WrongSettings saying what is wrong
 */
export function readPrevious(path: string): Previous {
  const result = remembered.get(path) ?? parsePrevious(path);
  if (typeof result === 'string') throw new WrongSettings([`PREVIOUS ${path}: ${result}`]);
  return result;
}

/** The statements, or what is wrong. */
function parsePrevious(path: string): Previous | string {
  try {
    return statSync(path).isDirectory() ? parseFolder(path) : parseFile(path);
  } catch {
    return parseFile(path);
  }
}

function parseFile(path: string): Previous | string {
  const statement = parseStatement(path);
  return typeof statement === 'string'
    ? `${statement}; ${GIVE}, or unset it`
    : { statements: [statement], unreadable: [] };
}

function parseFolder(folder: string): Previous | string {
  let files: string[];
  try {
    files = jsonFilesIn(folder);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    return `${error.message}; ${GIVE}`;
  }
  const statements: PreviousStatement[] = [];
  const unreadable: string[] = [];
  for (const file of files) {
    const parsed = parseStatement(file);
    if (typeof parsed !== 'string') statements.push(parsed);
    else if (parsed !== OTHER_FILE) unreadable.push(`${relative(folder, file)} ${parsed}`);
  }
  return statements.length === 0 && unreadable.length > 0
    ? `none of its ${unreadable.length} statements can be read: ${unreadable.slice(0, 3).join('; ')}`
    : { statements, unreadable };
}

const OTHER_FILE = 'is not a conformance statement';

/** The statement in a file, or what is wrong with it. */
function parseStatement(path: string): PreviousStatement | string {
  let text: string;
  try {
    text = readSmallFile(path);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    return error.message;
  }
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return 'is not JSON';
  }
  if (isStatement(value)) return value;
  const isHalf = isObject(value) && 'verdict' in value && 'requirements' in value;
  return isHalf ? 'is not a whole conformance statement' : OTHER_FILE;
}
