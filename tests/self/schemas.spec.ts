import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Ajv2020 } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { compareDocuments } from '../../src/openapi/diff/documents';
import { renderJson } from '../../src/report/drift-report';
import { CASES, placesOf, published } from './diff-cases';
import { SLOW } from './slow';

const FOLDER = join(__dirname, '..', '..', 'schemas');

function compiled(name: string): ReturnType<Ajv2020['compile']> {
  const ajv = new Ajv2020({ allErrors: true });
  addFormats(ajv);
  return ajv.compile(JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as object);
}

test('each schema of a file that is written or read can be used, and closes its objects', () => {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.schema.json'));
  expect(names.sort()).toEqual([
    'conformance.schema.json',
    'drift-report.schema.json',
    'known-deviations.schema.json',
  ]);
  for (const name of names) expect(compiled(name)({ unknown: true }), name).toBe(false);
});

test('a drift report matches its schema, whatever changed', SLOW, () => {
  const validate = compiled('drift-report.schema.json');
  const base = published();
  for (const [name, { edit, before }] of Object.entries(CASES)) {
    const edited = structuredClone(base);
    before?.(placesOf(edited));
    const from = structuredClone(edited);
    edit(placesOf(edited));
    const source = (document: unknown): Parameters<typeof compareDocuments>[0] => ({
      document: document as never,
      form: 'json',
      name: 'test',
    });
    const report: unknown = JSON.parse(renderJson(compareDocuments(source(from), source(edited))));
    expect.soft(validate(report), `${name}: ${JSON.stringify(validate.errors)}`).toBe(true);
  }
});
