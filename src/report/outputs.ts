import { isObject } from '../contract/json';

/** The results of a run that a pipeline can act on. */
export interface Outputs {
  verdict: string;
  /** Requirements that were judged. */
  judged: number;
  /** Findings that are not accepted, advice included. */
  findings: number;
}

/**
 * Reads them from a conformance statement, of this version of the suite or another one.
 * @throws Error of one line
 */
export function outputsOf(text: string): Outputs {
  let statement: unknown;
  try {
    statement = JSON.parse(text);
  } catch {
    throw new Error('is not JSON');
  }
  const { verdict, counts, requirements } = isObject(statement) ? statement : {};
  const judged = isObject(counts) ? counts.judged : undefined;
  if (typeof verdict !== 'string' || !/^[a-z]+$/.test(verdict) || typeof judged !== 'number')
    throw new Error('is not a conformance statement');
  const findings = listOf(requirements).map(({ findings: listed, moreFindings: more }) => {
    const open = listOf(listed).filter(({ accepted }) => accepted !== true);
    return open.length + (typeof more === 'number' ? more : 0);
  });
  return { verdict, judged, findings: findings.reduce((sum, count) => sum + count, 0) };
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
