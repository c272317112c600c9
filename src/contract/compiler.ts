import { Ajv2020 } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { formatsIn } from './formats';
import type { JsonObject } from './json';

/** Compiles the schemas of a document, which it knows as "contract". */
export function newCompiler(document: JsonObject, strict: boolean): Ajv2020 {
  // ownProperties: a body's "toString" is not the one that every object inherits.
  const ajv = new Ajv2020({
    strict,
    allowUnionTypes: true,
    allErrors: true,
    verbose: true,
    ownProperties: true,
    // Compiling the schema of all schemas takes longer than compiling those of the document; a test does it.
    validateSchema: false,
  });
  addFormats(ajv);
  // The document is no schema; its own words must be known for its parts to be compiled from it under strict.
  ajv.addVocabulary([...Object.keys(document), 'discriminator', 'xml']);
  for (const format of formatsIn(document.paths))
    if (!Object.hasOwn(ajv.formats, format)) ajv.addFormat(format, true);
  ajv.addSchema(document, 'contract', undefined, false);
  return ajv;
}
