import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { readRecords, type MatrixRecord } from '../../src/run/matrix-host';
import { UNTESTABLE } from '../../src/judging/collector';
import { VARIANTS } from '../../src/stand-in/variants/index';
import type { Variant } from '../../src/stand-in/variant';
import { requirement, REQUIREMENT_IDS } from '../../src/catalogue/requirements';
import type { FindingClass } from '../../src/judging/deviation';

/*
 * What the matrix has shown: every contract test has run against every variant of the stand-in, and each variant has
 * left a record of what was found in it. A fault causes the findings that it declares, all of them and nothing else.
 */

let records: Map<string, MatrixRecord> | undefined;

function recordOf({ name }: Variant): MatrixRecord {
  records ??= readRecords(test.info().project.outputDir);
  const record = records.get(name);
  if (!record) throw new Error(`no test has run against ${name}`);
  return record;
}

function found(variant: Variant, list: 'findings' | 'rejudged' = 'findings'): string[] {
  // An outage in the middle may leave a piece of advice on what was judged by then.
  const counted = recordOf(variant)[list].filter(
    ({ class: cls }) => variant.kind !== 'outage' || cls !== 'advice',
  );
  return [...new Set(counted.map(({ requirement, code }) => `${requirement}/${code}`))].sort();
}

/** What is undocumented drifts, a SHOULD is advice, all else is a violation. */
function classOf({ requirement: id, code }: MatrixRecord['findings'][number]): FindingClass {
  if (requirement(id).level === 'SHOULD') return 'advice';
  return code.startsWith('undocumented-') ? 'drift' : 'violation';
}

test.describe('each variant causes the findings that it declares, all of them and nothing else', () => {
  for (const variant of VARIANTS) {
    test(`${variant.kind} ${variant.name}: ${variant.description}`, () => {
      expect(found(variant)).toEqual([...(variant.findings ?? [])].sort());
      for (const finding of recordOf(variant).findings)
        expect(finding).toMatchObject({ class: classOf(finding) });
      // Masking and recording change no verdict.
      expect(found(variant, 'rejudged')).toEqual(found(variant));
      const { outage, missed, leftBehind } = recordOf(variant);
      expect(outage !== undefined, outage).toBe(variant.kind === 'outage');
      if (variant.cause !== undefined) expect(outage).toContain(variant.cause);
      if (variant.kind !== 'benign') return;
      expect(missed.filter(({ cause }) => cause === 'blocked' || UNTESTABLE.has(cause))).toEqual([]);
      expect(leftBehind).toBe(0);
    });
  }
});

test('every fault breaks something', () => {
  const idle = VARIANTS.filter(({ kind, findings = [] }) => kind === 'fault' && findings.length === 0);
  expect(idle.map(({ name }) => name)).toEqual([]);
});

test('every requirement is broken by a fault', () => {
  const broken = new Set(VARIANTS.flatMap((variant) => found(variant)).map((one) => one.split('/')[0]));
  expect(REQUIREMENT_IDS.filter((id) => !broken.has(id))).toEqual([]);
});

test('every requirement is judged on a plain stand-in', () => {
  const plain = VARIANTS.filter(({ name }) => name === 'plain').flatMap(
    (variant) => recordOf(variant).judged,
  );
  expect(REQUIREMENT_IDS.filter((id) => !plain.includes(id))).toEqual([]);
});

test('the result is written as a table', () => {
  const rows = VARIANTS.map(
    (variant) =>
      `| ${variant.name} | ${variant.kind} | ${variant.description} | ${found(variant).join(', ') || '-'} |`,
  );
  const table = [
    '| variant | kind | what is wrong or unusual | found |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
  const folder = test.info().project.outputDir;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'matrix.md'), `${table}\n`);
  expect(rows).toHaveLength(VARIANTS.length);
});
