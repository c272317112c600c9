import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { Ajv2020 } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { Statement } from '../../src/report/statement';
import { EXIT_CODES } from '../../src/report/verdict';
import type { CommandResult } from './command';

const SCHEMA = join(__dirname, '..', '..', 'schemas', 'conformance.schema.json');

const ajv = new Ajv2020({ allErrors: true });
addFormats(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object);

/** The statement of a run, which must be there, be valid by its schema, and agree with the exit code and the last line. */
export function stated({ statement, text, exitCode, lastLine }: CommandResult): Statement {
  expectValid(statement, text);
  const { verdict } = statement as Statement;
  expect(exitCode, text).toBe(EXIT_CODES[verdict]);
  expect(lastLine).toMatch(new RegExp(`^${verdict}, `));
  return statement as Statement;
}

export function expectValid(statement: Statement | undefined, text = ''): void {
  expect(statement, text).toBeDefined();
  expect(validate(statement), JSON.stringify(validate.errors)).toBe(true);
}
