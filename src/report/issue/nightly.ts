import { join } from 'node:path';
import { isObject } from '../../contract/json';
import { keyOf, type IssueReport } from './issue-report';
import { readText, readVerdict } from './read-file';

const WRITER = 'npm run contract';
const STATES = {
  conforms: 'green',
  deviates: 'red',
  drifts: 'red',
  misconfigured: 'red',
  untestable: 'unknown',
} as const;
const VERDICTS = Object.keys(STATES) as (keyof typeof STATES)[];

/**
 * What a nightly run found, from what it left in a folder. An outage opens no issue and closes none: it says nothing
 * about the API, and the workflow is red anyway.
 * @throws Error of one line
 */
export function readNightly(folder: string, target: string): IssueReport {
  const statement = readVerdict(join(folder, 'conformance.json'), WRITER, VERDICTS);
  const { verdict } = statement;
  return {
    state: STATES[verdict as keyof typeof STATES],
    verdict,
    title: `Nightly contract run of ${target}: ${verdict}`,
    text: readText(join(folder, 'summary.md'), WRITER),
    keys: [...openFindings(statement), ...errorsOf(statement)],
    about: `This issue is open while the nightly contract run of ${target} is red. It closes when a run conforms.`,
    closing: `The nightly contract run of ${target} conforms.`,
    opensWhenUnknown: false,
  };
}

/** The findings that make a run red: neither accepted nor advice. */
function openFindings({ requirements }: Record<string, unknown>): string[] {
  return listOf(requirements).flatMap(({ id, findings }) =>
    listOf(findings)
      .filter((finding) => finding.accepted !== true && finding.class !== 'advice')
      .map(({ code, pointer }) => keyOf(`${String(id)} ${String(code)}`, id, code, pointer)),
  );
}

function errorsOf({ errors }: Record<string, unknown>): string[] {
  return (Array.isArray(errors) ? errors : []).map((error) => keyOf('error', error));
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
