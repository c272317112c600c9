import { expect, test } from '@playwright/test';
import { REQUIREMENT_IDS } from '../../src/catalogue/requirements';
import { VARIANTS } from '../../src/stand-in/variants';

/*
 * What the variants of the stand-in declare. That each causes just this is shown by its own run (variants-*.spec.ts).
 */

test('every fault declares a finding, and nothing else does', () => {
  const wrong = VARIANTS.filter(({ kind, findings = [] }) => (kind === 'fault') !== findings.length > 0);
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
