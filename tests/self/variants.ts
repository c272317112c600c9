import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type TestDetails } from '@playwright/test';
import { test } from '../../fixtures/test';
import { requirement, REQUIREMENT_IDS } from '../../src/catalogue/requirements';
import type { FindingClass } from '../../src/judging/deviation';
import { FORCED_APPROVAL } from '../../src/judging/checks';
import { UNTESTABLE } from '../../src/judging/collector';
import { linesThatShowNothing } from './replay';
import { SLOW } from './slow';
import { VARIANT_VARIABLE } from '../../src/run/environment-variables';
import { VariantRuns, type VariantRecord } from '../../src/run/variant-runs';
import type { Variant } from '../../src/stand-in/variant';
import { VARIANTS } from '../../src/stand-in/variants';

const CONTRACT = join(__dirname, '..', 'contract');
const MAX_REQUESTS = 130;
const UNSHOWN =
  'the lines that reproduce findings were run in bash; these printed nothing that shows the finding (tests/self/shown-findings.ts judges that)';
/** Of this worker. */
const runs = new VariantRuns();
const SPECS = readdirSync(CONTRACT).filter((name) => name.endsWith('.spec.ts'));

/** Declares the contract tests for every nth variant of the stand-in, so that several workers share them. */
export function declareVariants(first: number, step: number): void {
  test.describe.configure({ mode: 'parallel' });
  for (const variant of wanted(VARIANTS.filter((_variant, i) => i % step === first)))
    test.describe(`${variant.kind} ${variant.name}`, detailsOf(variant), () => {
      declareContractTests(variant, SPECS);
      test(`causes what it declares, and nothing else: ${variant.description}`, async ({}, testInfo) => {
        const record = await runs.finish(variant, join(testInfo.project.outputDir, 'matrix'));
        expectDeclared(variant, record);
        if (variant.name === 'plain')
          expect(record.requests, 'requests of a run, whose number is bounded').toBeLessThanOrEqual(
            MAX_REQUESTS,
          );
        if (variant.kind === 'fault' && !variant.dependsOnWholeRun)
          expect(await linesThatShowNothing(variant, record), UNSHOWN).toEqual([]);
      });
    });
}

/** The same with the files in the reverse order, so that tests make what others would have released. */
export function declareReversed(names: readonly string[]): void {
  test.describe.configure({ mode: 'parallel' });
  for (const variant of wanted(VARIANTS.filter(({ name }) => names.includes(name))))
    test.describe(`${variant.kind} ${variant.name}, files reversed`, SLOW, () => {
      declareContractTests(variant, SPECS.toReversed());
      test(`causes what it declares in that order, too: ${variant.description}`, async ({}, testInfo) => {
        const folder = join(testInfo.project.outputDir, 'matrix', 'reversed');
        expectDeclared(variant, await runs.finish(variant, folder));
      });
    });
}

/** The first variant with a finding. That others cause it, too, and that no other API is accused, the slow tests prove. */
const FIRST_WITH_A_FINDING = new Set(
  VARIANTS.filter(({ findings = [] }, i) =>
    findings.some((name) => VARIANTS.findIndex((one) => one.findings?.includes(name)) === i),
  ),
);

function detailsOf(variant: Variant): TestDetails {
  return variant.name === 'plain' || FIRST_WITH_A_FINDING.has(variant) ? {} : SLOW;
}

/** Those that the command line asks for. */
function wanted(variants: Variant[]): Variant[] {
  const only = process.env[VARIANT_VARIABLE]?.split(',');
  return variants.filter(({ name }) => only === undefined || only.includes(name));
}

/** Specs are plain Playwright files, which declare their tests when they are loaded: here once for each variant. */
function declareContractTests(variant: Variant, specs: readonly string[]): void {
  // Variants are shared by all workers; the tests of one run in their order, in one of them.
  test.describe.configure({ mode: 'default' });
  // Without a step of its own in each of thousands of tests.
  test.use({
    run: [async ({}, use) => use(await runs.against(variant)), { scope: 'test', box: 'self' }],
  });
  test.afterAll(() => runs.close());
  for (const name of specs) {
    const path = join(CONTRACT, name);
    delete require.cache[path];
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    require(path);
  }
}

/** What a text has in place of a value that was not there. */
const UNFINISHED = /\bundefined\b|\bNaN\b|\[object /;

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
  expect(
    record.unreached,
    'requirements that were not judged, without a reason (JUDGED_AFTER in src/catalogue/every-response.ts)',
  ).toEqual([]);
  expect(record.outage !== undefined, record.outage).toBe(variant.kind === 'outage');
  if (variant.cause !== undefined) expect(record.outage).toContain(variant.cause);
  if (variant.kind === 'benign') expectBenign(record);
  // The rules judge the status of any denial, so that no fault would show that a test has ceased to do so.
  if (variant.name === 'plain' || variant.name === 'short-lived') expect(record.unjudgedDenials).toEqual([]);
  if (variant.name === 'plain') expect(record.judged).toEqual(REQUIREMENT_IDS);
  expect(record.texts.filter((text) => UNFINISHED.test(text))).toEqual([]);
  const blockers = record.texts.flatMap((text) => /^blocked by (.+?)[:;] /.exec(text)?.[1] ?? []);
  if (variant.kind !== 'outage')
    expect(found, 'what blocks is reported').toEqual(expect.arrayContaining(blockers));
}

/** What is said of DENY-5 where there is no late or concurrent approval that shows what the API does. */
const LEFT_OUT_OF_DENY_5: Partial<Record<string, string[]>> = {
  'no-provider-states': [
    'a late approval was not tried: set PROVIDER_STATE_URL',
    'no concurrent approval: set PROVIDER_STATE_URL',
  ],
  'provider-forces-completed': [FORCED_APPROVAL.reason],
};

function expectBenign({ variant, notJudged, leftBehind }: VariantRecord): void {
  const leftOut = LEFT_OUT_OF_DENY_5[variant];
  const ofDeny5 = notJudged.filter(({ requirement: id }) => id === 'DENY-5').map(({ reason }) => reason);
  if (leftOut) expect(ofDeny5).toEqual(leftOut);
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
