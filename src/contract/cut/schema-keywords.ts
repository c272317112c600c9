/** Keywords of JSON Schema that hold schemas, by how they hold them. */
export const SCHEMA_MAPS = new Set(['properties', 'patternProperties', 'dependentSchemas']);
export const SCHEMA_LISTS = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
export const SCHEMA_PARTS = new Set([
  'items',
  'additionalProperties',
  'not',
  'if',
  'then',
  'else',
  'contains',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
  'contentSchema',
]);
/** Those whose schemas are asked of the same value; all others are asked of a member, an item or a name. */
export const IN_PLACE = new Set([
  ...['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else', 'dependentSchemas'],
]);
