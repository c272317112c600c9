import { compare, type PreviousStatement } from './previous';
import type { StatedFinding, StatedRequirement, Statement } from './statement';
import { isGreen, judgedText, leftText, likelyFault, NOT_SELECTED, targetName, unjudged } from './reading';
import { stateDiagram } from './session-states';

/**
 * The statement as a page of Markdown, as GitHub and others show it. Whatever the target has said stands in code spans,
 * where it can't be markup, a mention or a link.
 */
export function renderSummary(statement: Statement, previous?: PreviousStatement): string {
  const { requirements, errors, contract } = statement;
  const findings = requirements.flatMap((requirement) =>
    requirement.findings.map((finding) => ({ requirement, finding })),
  );
  const left = leftText(statement);
  const pin = `${contract.date}, sha256 \`${contract.sha256.slice(0, 12)}\``;
  const sections = [
    `# ${isGreen(statement) ? '✅' : '❌'} ${statement.verdict}${isGreen(statement) || statement.verdict !== 'conforms' ? '' : ', with errors'}`,
    `${statement.target.kind === 'stand-in' ? targetName(statement) : code(statement.target.url)}, ${statement.startedAt.slice(0, 16).replace('T', ' ')} UTC`,
    `${judgedText(statement)}; the pinned document is of ${pin}.`,
    list(errors.map((error) => `error: ${code(error)}`)),
    left === undefined ? '' : `Left behind: ${code(left)}.`,
    previous ? renderChange(previous, statement) : '',
    '## Findings',
    findings.length === 0 ? 'None.' : renderFindings(findings),
    '## Not judged',
    renderUnjudged(requirements),
    '## The life of a session, as this run saw it',
    `\`\`\`mermaid\n${stateDiagram(requirements)}\n\`\`\``,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function renderFindings(findings: { requirement: StatedRequirement; finding: StatedFinding }[]): string {
  const order = ({ finding }: { finding: StatedFinding }): number =>
    (finding.accepted ? 3 : 0) + ['violation', 'drift', 'advice'].indexOf(finding.class);
  const rows = [...findings]
    .sort((a, b) => order(a) - order(b))
    .map(({ requirement: { id, level, title }, finding }) => {
      const { pointer, expected = '', actual = '', seen, of, source, curl } = finding;
      return [
        `**${id}** ${level}<br>${finding.class}${finding.accepted ? ', accepted' : ''}<br>${code(finding.code)}${pointer ? ` at ${code(pointer)}` : ''}`,
        `${text(title)}<br>expected ${code(expected)}<br>stated in ${code(source)}`,
        `${code(actual)}<br>seen ${seen} of ${of} times`,
        text(likelyFault(finding)),
        curl === undefined ? '' : code(curl),
      ];
    });
  return table(['finding', 'promised', 'came', 'likely', 'repeat'], rows);
}

function renderUnjudged(requirements: StatedRequirement[]): string {
  const groups = unjudged(requirements);
  const skipped = requirements.filter(({ reason }) => reason === NOT_SELECTED).length;
  const partly = requirements.filter(
    ({ outcome, reason }) => outcome !== 'not-judged' && reason !== undefined,
  );
  const lines = [
    ...groups.map(({ reason, ids }) => `${ids.join(', ')}: ${code(reason)}`),
    ...partly.map(({ id, reason = '' }) => `${id}, a part of it: ${code(reason)}`),
    ...(skipped > 0 ? [`${skipped} requirements were not selected.`] : []),
  ];
  return lines.length === 0 ? 'Nothing: all requirements were judged to the full.' : list(lines);
}

function renderChange(previous: PreviousStatement, statement: Statement): string {
  const change = compare(previous, statement);
  const rows: [string, string[]][] = [
    ['new', change.new],
    ['gone', change.gone],
    ['still', change.still],
    ['not judged this time', change.unknown],
  ];
  const isOther = previous.target.url !== statement.target.url && statement.target.kind === 'remote';
  return [
    `## Since the run of ${code(previous.startedAt)}`,
    `The verdict was ${code(previous.verdict)}${isOther ? `, of ${code(previous.target.url)}` : ''}.`,
    list(rows.map(([what, names]) => `${what}: ${names.map(code).join(', ') || 'none'}`)),
  ].join('\n\n');
}

function list(lines: string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

function table(head: string[], rows: string[][]): string {
  // Cells are escaped already but for the bars that would end them.
  const row = (cells: string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

/** A text of ours, in which nothing is markup. */
function text(plain: string): string {
  return plain.replace(/[\\`*_[\]<>]/g, String.raw`\$&`);
}

/** Any text as a code span of one line, in which control characters are their pictures. */
export function code(any: string): string {
  const line = any
    .replace(/[\0-\x1f]/g, (char) => String.fromCharCode(0x2400 + char.charCodeAt(0)))
    .replace(/[\x7f-\x9f\u2028\u2029]/g, '\u2421');
  if (line.trim() === '') return '(nothing)';
  const fence = '`'.repeat(Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  const needsSpace = /^`|`$|^ .* $/.test(line);
  return needsSpace ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
}
