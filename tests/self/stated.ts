import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { Ajv2020 } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { Statement } from '../../src/report/statement';

const SCHEMA = join(__dirname, '..', '..', 'schemas', 'conformance.schema.json');

const ajv = new Ajv2020({ allErrors: true });
addFormats(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object);

/** The statement of a run, which has to be there and as its schema wants it. */
export function stated({ statement, text }: { statement: Statement | undefined; text: string }): Statement {
  expect(statement, text).toBeDefined();
  expect(validate(statement), JSON.stringify(validate.errors)).toBe(true);
  return statement as Statement;
}
