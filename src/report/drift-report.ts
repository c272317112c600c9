import { show, type Change, type Comparison } from '../openapi/diff/change';
import { OPERATIONS, type OperationName } from '../catalogue/operations';

/** The version of schemas/drift-report.schema.json. A report without a version is an older one, of the same form. */
export const DRIFT_REPORT_VERSION = 1;

/** A comparison as JSON, for programs. */
export function renderJson(comparison: Comparison): string {
  return `${JSON.stringify({ schemaVersion: DRIFT_REPORT_VERSION, ...comparison }, undefined, 2)}\n`;
}

/** A comparison in a few readable rows; the last one is the verdict. */
export function renderComparison({ verdict, changes, error }: Comparison, from: string, to: string): string {
  if (error !== undefined) return `unreadable: ${error}\n`;
  const rows = changes.flatMap((change) => [
    `${change.verdict}  ${reach(change)}`,
    `  at      ${change.pointer}`,
    ...('before' in change ? [`  before  ${show(change.before)}`] : []),
    ...('after' in change ? [`  after   ${show(change.after)}`] : []),
    ...(change.reason === undefined ? [] : [`  why     ${change.reason}`]),
    ...(change.affects ? [`  affects ${change.affects.join(' and ')}`] : []),
    ...(change.requirements ? [`  touches ${change.requirements.join(', ')}`] : []),
    '',
  ]);
  return [...rows, `${verdict}: ${count(changes)} from ${from} to ${to}`, ''].join('\n');
}

/** The same for an issue or a job summary. */
export function renderMarkdown({ verdict, changes, error }: Comparison, from: string, to: string): string {
  const head = `## Published document: ${verdict}\n\n`;
  if (error !== undefined) return `${head}${inline(error)}\n`;
  const rows = changes.map((change) =>
    [
      change.verdict,
      inline(reach(change)),
      code(change.pointer),
      'before' in change ? code(show(change.before, 80)) : '',
      'after' in change ? code(show(change.after, 80)) : '',
      change.affects?.join(', ') ?? '',
      change.requirements?.join(', ') ?? '',
      inline(change.reason ?? ''),
    ].join(' | '),
  );
  const table = [
    '| verdict | operation | pointer | before | after | affects | requirements | why |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
  ];
  return `${head}${count(changes)} from ${inline(from)} to ${inline(to)}.\n${rows.length > 0 ? `\n${table.join('\n')}\n` : ''}`;
}

function reach({ operation, side }: Change): string {
  const names = operation.split(', ').map((name) => {
    const { method, path } = OPERATIONS[name as OperationName];
    return `${method.toUpperCase()} ${path}`;
  });
  return `${names.join(', ')}${side ? ` (${side})` : ''}`;
}

function count(changes: Change[]): string {
  if (changes.length === 0) return 'no change';
  const counts = ['breaking', 'compatible', 'prose'].flatMap((verdict) => {
    const number = changes.filter((change) => change.verdict === verdict).length;
    return number > 0 ? [`${number} ${verdict}`] : [];
  });
  return `${counts.join(', ')} ${changes.length === 1 ? 'change' : 'changes'}`;
}

function inline(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[|<>\\`]/g, '\\$&');
}

function code(text: string): string {
  return `\`${text.replace(/`/g, "'").replace(/\|/g, '\\|')}\``;
}
