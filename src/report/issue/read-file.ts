import { readFileSync } from 'node:fs';
import { isObject } from '../../contract/json';

/**
 * @param writer the command that writes the file
 * @throws Error of one line
 */
export function readText(path: string, writer: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new Error(`${path} can't be read; ${writer} writes it`);
  }
}

/**
 * A file of JSON that has one of these verdicts.
 * @throws Error of one line
 */
export function readVerdict(
  path: string,
  writer: string,
  verdicts: readonly string[],
): Record<string, unknown> & { verdict: string } {
  let value: unknown;
  try {
    value = JSON.parse(readText(path, writer));
  } catch (error) {
    throw error instanceof SyntaxError ? new Error(`${path} is not JSON; ${writer} writes it`) : error;
  }
  const verdict = isObject(value) && verdicts.find((one) => one === value.verdict);
  if (!isObject(value) || typeof verdict !== 'string')
    throw new Error(`${path}: "verdict" must be one of ${verdicts.join(', ')}`);
  return { ...value, verdict };
}
