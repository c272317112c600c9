import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OPERATIONS, operationPointer, type OperationName } from '../catalogue/operations';
import { REQUIREMENT_IDS, requirement, type Source } from '../catalogue/requirements';

const README = join(__dirname, '..', '..', 'README.md');
const BEGIN = '<!-- requirements: written by npm run explain -- --readme -->';
const END = '<!-- end of requirements -->';

/** The README with the table of all requirements, as the catalogue has them now. */
export function withRequirementsTable(readme: string): string {
  const [before, rest] = readme.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`README.md lacks ${BEGIN} … ${END}`);
  return `${before}${BEGIN}\n\n<!-- prettier-ignore -->\n${requirementsTable()}\n\n${END}${after}`;
}

export function writeRequirementsTable(): void {
  writeFileSync(README, withRequirementsTable(readFileSync(README, 'utf8')));
}

function requirementsTable(): string {
  const rows = REQUIREMENT_IDS.map((id) => {
    const { level, title, source } = requirement(id);
    return `| ${id} | ${level} | ${title} | ${place(source)} |`;
  });
  return ['| id | level | what is promised | stated in |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** A source in short: of a pointer the operation and what follows it. */
function place(source: Source): string {
  if ('rfc' in source) return source.rfc;
  if ('harm' in source) return `harm: ${source.harm}`;
  const operation = (Object.keys(OPERATIONS) as OperationName[]).find((name) =>
    source.pointer.startsWith(operationPointer(name)),
  );
  return `${operation}: \`${operation ? source.pointer.slice(operationPointer(operation).length + 1) : source.pointer}\``;
}
