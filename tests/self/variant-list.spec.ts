import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { JUDGED_ON_EVERY_RESPONSE } from '../../src/catalogue/every-response';
import { requirement, REQUIREMENT_IDS, type RequirementId } from '../../src/catalogue/requirements';
import { VARIANTS } from '../../src/stand-in/variants';

/*
 * What the variants of the stand-in declare. That each causes just this is shown by its own run (variants-*.spec.ts).
 */

test('every fault declares a finding, and other variants declare at most advice', () => {
  const isAdvice = (finding: string): boolean =>
    requirement(finding.split('/')[0] as RequirementId).level === 'SHOULD';
  const wrong = VARIANTS.filter(({ kind, findings = [] }) =>
    kind === 'fault' ? findings.length === 0 : !findings.every(isAdvice),
  );
  expect(wrong.map(({ name }) => name)).toEqual([]);
});

test('every requirement is broken by a fault', () => {
  const broken = new Set(VARIANTS.flatMap(({ findings = [] }) => findings).map((one) => one.split('/')[0]));
  expect(REQUIREMENT_IDS.filter((id) => !broken.has(id))).toEqual([]);
});

test('no two variants have one name', () => {
  const names = VARIANTS.map(({ name }) => name);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});

test('a requirement is judged by the rules alone, or a contract test is tagged with it', () => {
  const folder = join(__dirname, '..', 'contract');
  const specs = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  const covered = new Set(specs.flatMap((text) => [...text.matchAll(/'([A-Z]+-\d+)'/g)].map(([, id]) => id)));
  expect(REQUIREMENT_IDS.filter((id) => !covered.has(id)).sort()).toEqual(
    [...JUDGED_ON_EVERY_RESPONSE].sort(),
  );
});
