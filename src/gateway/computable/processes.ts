import { explainClocks } from './clock';
import { areCounters, isInOrder } from './counter';
import { commonPrefix, isConstant, texts, withoutWord, withTexts } from './dated-id';
import type { DatedId, DatedNumbers } from './dated-id';
import { cuts, explainField, explainWhole, joined } from './field';
import { areNames, isAmongFewNames, nameSlices, ofEach } from './names';
import { digitsOf, readNumbers } from './numerals';

/*
 * Ids of several processes that count each for itself, as in w0-1, w1-1, w0-2: together their numbers look as if by chance.
 */

interface Found {
  how: string;
  /** Whether each process has its own. */
  isOwn: boolean;
}

/** @param fields what varies of the ids, in parts */
export function explainProcesses(ids: readonly DatedId[], fields: readonly string[][]): string | undefined {
  const named = fields.filter((field) => areNames(field, ids));
  // A host and the number of a process on it name the process together.
  const together = ids.map((_id, i) => named.map((field) => field[i]).join(' '));
  for (const names of areNames(together, ids) ? [...named, together] : named) {
    const found = explainNamed(ids, fields, names);
    if (found !== undefined) return found;
  }
  for (const field of fields)
    for (const { names, around } of nameSlices(field, ids)) {
      const found = explainNamed(ids, [...fields.filter((one) => one !== field), ...around], names);
      if (found !== undefined) return found;
    }
  return undefined;
}

function explainNamed(
  ids: readonly DatedId[],
  fields: readonly string[][],
  names: readonly string[],
): string | undefined {
  const all: Found[] = [];
  for (const field of fields.filter((one) => !isConstantOfEach(one, names))) {
    const found = explainOfEach(withTexts(ids, field), names);
    if (!found) return undefined;
    all.push(...found);
  }
  const count = new Set(names).size;
  const how = joined(all.map((one) => one.how));
  if (all.some(({ isOwn }) => isOwn)) return `${how} of each of ${count} processes`;
  return all.length > 0 && isAmongFewNames(names) ? `${how} and one of ${count} names` : undefined;
}

function isConstantOfEach(field: readonly string[], names: readonly string[]): boolean {
  return ofEach(names, field).every(isConstant);
}

function explainOfEach(ids: readonly DatedId[], names: readonly string[]): Found[] | undefined {
  const whole = explainPart(ids, names, explainField);
  if (whole) return [whole];
  for (const parts of cuts(texts(ids), commonPrefix(texts(ids)).length)) {
    const varying = parts.filter((part) => !isConstantOfEach(part, names));
    const found = varying.map((part) => explainPart(withTexts(ids, part), names, explainWhole));
    if (found.every((one) => one !== undefined)) return found;
  }
  return undefined;
}

function explainPart(
  ids: readonly DatedId[],
  names: readonly string[],
  explainShared: (ids: readonly DatedId[]) => string | undefined,
): Found | undefined {
  const readings = readOfEach(ids, names);
  if (readings.some((processes) => areCounters(processes) && !isOneSequence(processes)))
    return { how: 'a counter', isOwn: true };
  const shared = explainShared(ids);
  if (shared !== undefined) return { how: shared, isOwn: false };
  const [how] = readings.map(explainClocks).filter((one) => one !== undefined);
  return how === undefined ? undefined : { how, isOwn: true };
}

/** The numbers of each process, in all ways to read them. */
function readOfEach(ids: readonly DatedId[], names: readonly string[]): DatedNumbers[][] {
  const numbers = withoutWord(ids);
  return digitsOf(texts(numbers)).flatMap((digits) => {
    const processes = ofEach(names, numbers).flatMap((own) => {
      const read = readNumbers(texts(own), digits, commonPrefix(texts(own)));
      return read ? [{ ...read, ids: own }] : [];
    });
    return processes.length === new Set(names).size ? [processes] : [];
  });
}

/** One counter or clock of all: few numbers are repeated, none is smaller than an earlier one. Then the names may be random. */
function isOneSequence(processes: readonly DatedNumbers[]): boolean {
  const values = processes.flatMap((one) => one.values);
  const ids = processes.flatMap((one) => one.ids);
  return new Set(values).size > (3 / 4) * values.length && isInOrder(values, ids);
}
