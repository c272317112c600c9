import { VARIANTS } from '../../src/stand-in/variants/index';
import { declareContractTests } from '../../fixtures/targets';
import { test } from '../../fixtures/test';
// In the order in which a run against a target goes through them.
import '../contract/create.spec';
import '../contract/deny-pending.spec';
import '../contract/races.spec';
import '../contract/reject.spec';
import '../contract/session-id.spec';
import '../contract/settled.spec';

/** Declares the contract tests for every nth variant of the stand-in, so that several workers share them. */
export function declareVariants(first: number, step: number): void {
  for (const { name } of VARIANTS.filter((_variant, i) => i % step === first)) {
    test.describe(name, () => {
      test.use({ variant: name });
      declareContractTests();
    });
  }
}
