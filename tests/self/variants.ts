import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { test } from '../../fixtures/test';
import { requirement, REQUIREMENT_IDS } from '../../src/catalogue/requirements';
import type { FindingClass } from '../../src/judging/deviation';
import { UNTESTABLE } from '../../src/judging/collector';
import { linesThatShowNothing } from './replay';
import { VARIANT_VARIABLE } from '../../src/run/environment-variables';
import { VariantRuns, type VariantRecord } from '../../src/run/variant-runs';
import type { Variant } from '../../src/stand-in/variant';
import { VARIANTS } from '../../src/stand-in/variants';

const CONTRACT = join(__dirname, '..', 'contract');
const MAX_REQUESTS = 130;
/** Of this worker. */
const runs = new VariantRuns();
const SPECS = readdirSync(CONTRACT).filter((name) => name.endsWith('.spec.ts'));

/**
 * Declares the contract tests for every nth variant of the stand-in, so that several workers share them. The last test of
 * each variant compares what the others have found with what the variant declares.
 */
export function declareVariants(first: number, step: number): void {
  const only = process.env[VARIANT_VARIABLE]?.split(',');
  const mine = VARIANTS.filter((_variant, i) => i % step === first);
  for (const variant of mine.filter(({ name }) => only === undefined || only.includes(name))) {
    test.describe(`${variant.kind} ${variant.name}`, () => {
      // Without a step of its own in each of thousands of tests.
      test.use({
        run: [async ({}, use) => use(await runs.against(variant)), { scope: 'test', box: 'self' }],
      });
      declareContractTests();
      test(`causes what it declares, and nothing else: ${variant.description}`, async ({}, testInfo) => {
        const record = await runs.finish(variant, join(testInfo.project.outputDir, 'matrix'));
        expectDeclared(variant, record);
        if (variant.kind === 'fault' && !variant.dependsOnWholeRun)
          expect(await linesThatShowNothing(variant, record)).toEqual([]);
      });
      test.afterAll(() => runs.close());
    });
  }
}

/** Specs are plain Playwright files, which declare their tests when they are loaded: here once for each variant. */
function declareContractTests(): void {
  for (const name of SPECS) {
    const path = join(CONTRACT, name);
    delete require.cache[path];
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    require(path);
  }
}

function expectDeclared(variant: Variant, record: VariantRecord): void {
  const found = namesOf(variant, record.findings);
  const declared: readonly string[] = variant.findings ?? [];
  expect({
    'declared, not found': declared.filter((name) => !found.includes(name)),
    'found, not declared (declare it, or fold it in src/catalogue/explanations.ts)': found.filter(
      (name) => !declared.includes(name),
    ),
  }).toEqual({
    'declared, not found': [],
    'found, not declared (declare it, or fold it in src/catalogue/explanations.ts)': [],
  });
  for (const finding of record.findings) expect(finding).toMatchObject({ class: classOf(finding) });
  expect(namesOf(variant, record.rejudged), 'masking and recording change no verdict').toEqual(found);
  expect(record.unreached, 'what is not judged says why').toEqual([]);
  expect(record.outage !== undefined, record.outage).toBe(variant.kind === 'outage');
  if (variant.cause !== undefined) expect(record.outage).toContain(variant.cause);
  if (variant.kind === 'benign') expectBenign(record);
  // The rules judge the status of any denial, so that no fault would show that a test has ceased to do so.
  if (variant.name === 'plain' || variant.name === 'short-lived') expect(record.unjudgedDenials).toEqual([]);
  if (variant.name === 'plain') {
    expect(record.judged).toEqual(REQUIREMENT_IDS);
    expect(record.requests).toBeLessThanOrEqual(MAX_REQUESTS);
  }
}

function expectBenign({ notJudged, leftBehind }: VariantRecord): void {
  expect(notJudged.filter(({ cause }) => cause === 'blocked' || UNTESTABLE.has(cause))).toEqual([]);
  expect(leftBehind).toBe(0);
}

function namesOf({ kind }: Variant, findings: VariantRecord['findings']): string[] {
  // An outage in the middle of a run may leave advice on what was judged before it.
  const counted = findings.filter(({ class: cls }) => kind !== 'outage' || cls !== 'advice');
  return [...new Set(counted.map(({ requirement, code }) => `${requirement}/${code}`))].sort();
}

/** What is undocumented drifts, a SHOULD is advice, all else is a violation. */
function classOf({ requirement: id, code }: VariantRecord['findings'][number]): FindingClass {
  if (requirement(id).level === 'SHOULD') return 'advice';
  return code.startsWith('undocumented-') ? 'drift' : 'violation';
}
