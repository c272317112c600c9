import { isConstant, withTexts, type DatedId } from './dated-id';
import { explainField, joined } from './field';
import { explainProcesses } from './processes';

/** Ids of one form, field by field: each field that varies must be computable. */
export function explainFields(ids: readonly DatedId[]): string | undefined {
  const separators = new Set(ids.map(({ id }) => id.replace(/[0-9A-Za-z]+/g, ' ')));
  if (separators.size > 1) return undefined;
  const split = ids.map(({ id }) => id.split(/[^0-9A-Za-z]+/));
  const fields = (split[0] ?? []).map((_field, i) => split.map((one) => one[i] ?? ''));
  const varying = fields.filter((field) => !isConstant(field));
  const found = varying.map((field) => explainField(withTexts(ids, field)));
  if (found.length > 0 && found.every((one) => one !== undefined)) return joined(found);
  return explainProcesses(ids, varying);
}
