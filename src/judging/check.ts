import type { Code } from '../catalogue/codes';
import type { CheckedResponse } from './checked-response';
import type { FoundDeviation } from './deviation';
import type { Check } from './judgement';
import type { NotJudged } from './not-judged';

/** What a check finds: nothing, a deviation, or that the response doesn't tell. */
export type CheckResult = { deviation?: FoundDeviation; notJudged?: NotJudged };

type Run<T> = (response: CheckedResponse, expectedValue: T | undefined) => CheckResult;

export const KEPT: CheckResult = {};

interface Options {
  /** What it is counted among, where that is not single responses: "races". */
  among?: string;
}

const runs = new Map<string, { run: Run<unknown>; options: Options }>();

function register(name: string, run: Run<unknown>, options: Options): void {
  if (runs.has(name)) throw new Error(`two checks are called ${name}`);
  runs.set(name, { run, options });
}

/** Defines a check. Its name stands in recordings: a name that is in use must keep its meaning. */
export function check(
  name: string,
  run: (response: CheckedResponse) => CheckResult,
  options: Options = {},
): Check {
  register(name, run, options);
  return { name };
}

/** Defines a check that compares with a value which a test gives: any that JSON can express, as recordings keep it. */
export function checkWith<T = string>(
  name: string,
  run: Run<T>,
  options: Options = {},
): (expectedValue: T | undefined) => Check {
  register(name, run as Run<unknown>, options);
  return (expectedValue) => ({ name, expectedValue });
}

export function deviates(code: Code, expected: string, actual: string, pointer?: string): CheckResult {
  return { deviation: { code, expected, actual, ...(pointer !== undefined && { pointer }) } };
}

/** What the findings of a check are counted among; undefined for responses of one kind. */
export function amongOf(name: string): string | undefined {
  return runs.get(name)?.options.among;
}

export function isCheckName(name: string): boolean {
  return runs.has(name);
}

export function runCheck({ name, expectedValue }: Check, response: CheckedResponse): CheckResult {
  const registered = runs.get(name);
  if (!registered) throw new Error(`there is no check called ${name}`);
  return registered.run(response, expectedValue);
}
