import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { validate as validateCtrf } from 'ctrf';
import { validateXML } from 'xmllint-wasm';

const XSD = readFileSync(join(__dirname, 'junit.xsd'), 'utf8');

export interface JunitRow {
  suite: string;
  name: string;
  kind: 'pass' | 'failure' | 'skipped' | 'error';
  text: string;
}

/** The rows of a JUnit report, which must be valid, and whose suites must count them rightly. */
export async function junitRows(xml: string): Promise<JunitRow[]> {
  const { valid, errors } = await validateXML({
    xml: [{ fileName: 'junit.xml', contents: xml }],
    schema: [XSD],
  });
  expect(valid, errors.map(({ rawMessage }) => rawMessage).join('\n')).toBe(true);
  return xml.split('<testsuite ').slice(1).flatMap(rowsOf);
}

function rowsOf(suite: string): JunitRow[] {
  const attribute = (name: string): string => new RegExp(`\\b${name}="([^"]*)"`).exec(suite)?.[1] ?? '';
  const rows = [...suite.matchAll(/<testcase name="([^"]*)"[^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g)].map(
    ([, name = '', content = '']): JunitRow => ({
      suite: attribute('name'),
      name,
      kind: (/^\s*<(failure|skipped|error)\b/.exec(content)?.[1] as JunitRow['kind'] | undefined) ?? 'pass',
      text: content,
    }),
  );
  const count = (kind: JunitRow['kind']): string => String(rows.filter((row) => row.kind === kind).length);
  expect([attribute('tests'), attribute('failures'), attribute('skipped'), attribute('errors')]).toEqual([
    String(rows.length),
    count('failure'),
    count('skipped'),
    count('error'),
  ]);
  return rows;
}

/** The tests of a CTRF report, which must be valid by the published schema, and whose summary must count them rightly. */
export function ctrfTests(text: string): { name: string; status: string }[] {
  const report = JSON.parse(text) as {
    results: { summary: Record<string, number>; tests: { name: string; status: string }[] };
  };
  const { valid, errors } = validateCtrf(report);
  expect(valid, JSON.stringify(errors)).toBe(true);
  const { summary, tests } = report.results;
  expect(summary.tests).toBe(tests.length);
  for (const status of ['passed', 'failed', 'skipped'])
    expect(summary[status], status).toBe(tests.filter((one) => one.status === status).length);
  return tests;
}
