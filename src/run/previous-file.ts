import { isStatement, type PreviousStatement } from '../report/previous';
import { WrongSettings } from './settings';
import { readSmallFile } from './small-file';

const remembered = new Map<string, PreviousStatement | string>();

/** Reads a statement early, for a later call of readPrevious: the file may be gone by then. */
export function rememberPrevious(path: string | undefined): void {
  if (path !== undefined) remembered.set(path, parsePrevious(path));
}

/**
 * Reads the statement of an earlier run.
 * @throws WrongSettings saying what is wrong with it
 */
export function readPrevious(path: string): PreviousStatement {
  const result = remembered.get(path) ?? parsePrevious(path);
  if (typeof result === 'string') throw new WrongSettings([`PREVIOUS ${path}: ${result}`]);
  return result;
}

/** The statement, or what is wrong with it. */
function parsePrevious(path: string): PreviousStatement | string {
  let text: string;
  try {
    text = readSmallFile(path);
  } catch (error) {
    return `${(error as Error).message}; give the conformance.json of an earlier run, or unset it`;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'is not JSON; give the conformance.json of an earlier run';
  }
  return isStatement(value)
    ? value
    : 'is not a conformance statement; give the conformance.json of an earlier run';
}
