import { join } from 'node:path';
import { isObject } from '../../contract/json';
import { VERDICTS } from '../../openapi/diff/change';
import { DRIFT_REPORT_VERSION } from '../drift-report';
import { keyOf, type IssueReport } from './issue-report';
import { readText, readVerdict } from './read-file';

const WRITER = 'npm run drift';

/**
 * What the drift watch found, from what it left in a folder.
 * @throws Error of one line
 */
export function readDrift(folder: string): IssueReport {
  const path = join(folder, 'drift.json');
  const { schemaVersion = DRIFT_REPORT_VERSION, verdict, changes } = readVerdict(path, WRITER, VERDICTS);
  if (schemaVersion !== DRIFT_REPORT_VERSION)
    throw new Error(
      `${path} is a drift report of version ${JSON.stringify(schemaVersion)}, and only version ${DRIFT_REPORT_VERSION} can be read; run ${WRITER} again`,
    );
  return {
    state: verdict === 'none' ? 'green' : verdict === 'unreadable' ? 'unknown' : 'red',
    verdict,
    title: `Drift of the published document: ${verdict}`,
    text: readText(join(folder, 'drift.md'), WRITER),
    keys: (Array.isArray(changes) ? changes : []).filter(isObject).map(keyOfChange),
    about:
      'This issue is open while the published document differs from the pin. ' +
      '`npm run spec:pull -- SOURCE` pins the published one.',
    closing: 'The published document and the pin agree again.',
    // A document that can't be read any more is news.
    opensWhenUnknown: true,
  };
}

function keyOfChange(change: Record<string, unknown>): string {
  return keyOf(`${String(change.verdict)} change of ${String(change.operation)}`, change);
}
