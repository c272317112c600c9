import type { Code } from '../catalogue/codes';
import type { CheckedResponse } from './checked-response';
import type { FoundDeviation } from './deviation';
import type { Check } from './judgement';
import type { NotJudged } from './not-judged';

/** What a check finds: nothing, a deviation, or that the response doesn't tell. */
export type CheckResult = { deviation?: FoundDeviation; notJudged?: NotJudged };

type Run = (response: CheckedResponse, expectedValue: string | undefined) => CheckResult;

export const KEPT: CheckResult = {};

const runs = new Map<string, Run>();

function register(name: string, run: Run): void {
  if (runs.has(name)) throw new Error(`two checks are called ${name}`);
  runs.set(name, run);
}

/** Defines a check. Its name stands in recordings: a name that is in use must keep its meaning. */
export function check(name: string, run: (response: CheckedResponse) => CheckResult): Check {
  register(name, run);
  return { name };
}

/** Defines a check that compares with a value which a test gives. */
export function checkWith(name: string, run: Run): (expectedValue: string | undefined) => Check {
  register(name, run);
  return (expectedValue) => ({ name, expectedValue });
}

export function deviates(code: Code, expected: string, actual: string, pointer?: string): CheckResult {
  return { deviation: { code, expected, actual, ...(pointer !== undefined && { pointer }) } };
}

export function isCheckName(name: string): boolean {
  return runs.has(name);
}

export function runCheck({ name, expectedValue }: Check, response: CheckedResponse): CheckResult {
  const run = runs.get(name);
  if (!run) throw new Error(`there is no check called ${name}`);
  return run(response, expectedValue);
}
