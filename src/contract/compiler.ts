import { Ajv2020 } from 'ajv/dist/2020';
import { addKnownFormats } from './formats';
import type { JsonObject } from './json';
import { quoteNames } from './names';

/**
 * Compiles the schemas of a document, which it knows as "contract". Values that they validate need their names quoted as
 * the schemas have them.
 */
export function newCompiler(document: JsonObject, strict: boolean): Ajv2020 {
  // ownProperties: a body's "toString" is not the one that every object inherits.
  const ajv = new Ajv2020({
    strict,
    allowUnionTypes: true,
    allErrors: true,
    verbose: true,
    ownProperties: true,
    // Copies of a large schema for each reference to it would not fit into memory.
    inlineRefs: 500,
    // Compiling the schema of all schemas takes longer than compiling those of the document; a test does it.
    validateSchema: false,
  });
  addKnownFormats(ajv, [document.paths, document.components]);
  // The document is no schema; its own words must be known for its parts to be compiled from it under strict.
  ajv.addVocabulary([...Object.keys(document), 'discriminator', 'xml']);
  ajv.addSchema(quoteNames(document, 'proto') as JsonObject, 'contract', undefined, false);
  return ajv;
}
