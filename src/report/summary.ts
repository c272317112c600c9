import type { Change, History } from './changes';
import { findingName } from './history';
import { changedText } from './history-text';
import { TOO_LONG } from './finding-text';
import type { StatedFinding, StatedRequirement, Statement } from './statement';
import {
  costText,
  frequency,
  judgedInPart,
  leftText,
  likelyFault,
  namesText,
  NOT_SELECTED,
  targetName,
  unjudged,
  type Unjudged,
  verdictText,
} from './reading';
import { stateDiagram } from './session-states';

/** CI services drop a summary of 1 MiB or more. */
const MAX_BYTES = 1_000_000;
/** Rows of the table of findings; fewer where the page would be too large. */
const MAX_ROWS = [200, 40, 10, 0];

/**
 * The statement as a page of Markdown, as GitHub and others show it. What the target has said stands in code spans, where
 * it can't be markup, a mention or a link.
 */
export function renderSummary(statement: Statement): string {
  const pages = MAX_ROWS.map((rows) => () => renderPage(statement, rows));
  for (const render of pages) {
    const page = render();
    if (Buffer.byteLength(page) < MAX_BYTES) return page;
  }
  return `# ${statement.verdict}\n\n${text(verdictText(statement))}; the whole statement is in conformance.json.\n`;
}

function renderPage(statement: Statement, maxRows: number): string {
  const { requirements, errors, contract, verdict, latency, history, traceId } = statement;
  const left = leftText(statement);
  const pin = `${contract.date}, sha256 \`${contract.sha256.slice(0, 12)}\``;
  const target = statement.target.kind === 'stand-in' ? targetName(statement) : code(statement.target.url);
  const sections = [
    `# ${verdict === 'conforms' ? '✅' : '❌'} ${text(verdictText(statement))}`,
    `${target}, ${statement.startedAt.slice(0, 16).replace('T', ' ')} UTC`,
    `${costText(statement)}; the pinned document is of ${pin}${traceId === undefined ? '' : `; trace id \`${traceId}\``}.`,
    list(errors.map((error) => `error: ${code(error)}`)),
    left === undefined ? '' : `Left behind: ${code(left)}.`,
    history ? renderHistory(history) : '',
    '## Findings',
    renderFindings(requirements, maxRows),
    '## Not judged',
    renderUnjudged(requirements),
    '## The life of a session, as this run saw it',
    `\`\`\`mermaid\n${stateDiagram(requirements)}\n\`\`\``,
    latency.length === 0 ? '' : '## Latency, observed (ms; no verdict rests on it)',
    latency.length === 0
      ? ''
      : table(
          ['operation', 'session', 'n', 'p50', 'p95', 'max'],
          latency.map(({ operation, state, n, p50, p95, max }) =>
            [operation, state, n, p50, p95, max].map(String),
          ),
        ),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function renderFindings(requirements: StatedRequirement[], maxRows: number): string {
  const findings = requirements.flatMap((requirement) =>
    requirement.findings.map((finding) => ({ requirement, finding })),
  );
  if (findings.length === 0) return 'None.';
  const order = ({ finding }: { finding: StatedFinding }): number =>
    (finding.accepted ? 3 : 0) + ['violation', 'drift', 'advice'].indexOf(finding.class);
  const rows = [...findings]
    .sort((a, b) => order(a) - order(b))
    .slice(0, maxRows)
    .map(({ requirement: { id, level, title }, finding }) => {
      const { pointer, expected = '', actual = '', source, curl, request } = finding;
      return [
        `**${id}** ${level}<br>${finding.class}${finding.accepted ? ', accepted' : ''}<br>${code(finding.code)}${pointer ? ` at ${code(pointer)}` : ''}`,
        `${text(title)}<br>expected ${code(expected)}<br>source ${code(source)}`,
        `${code(actual)}<br>seen ${frequency(finding)}`,
        text(likelyFault(finding)),
        curl === undefined ? text(request ? TOO_LONG : '') : code(curl),
      ];
    });
  const unlisted = requirements.reduce((sum, { moreFindings = 0 }) => sum + moreFindings, 0);
  const more = findings.length - rows.length + unlisted;
  const rest = more > 0 ? `\n\nAnd ${more} more.` : '';
  return `${table(['finding', 'expected', 'actual', 'likely', 'reproduce'], rows)}${rest}`;
}

function renderUnjudged(requirements: StatedRequirement[]): string {
  const skipped = requirements.filter(({ reason }) => reason === NOT_SELECTED).length;
  const groupText = ({ ids, reason }: Unjudged): string =>
    `${namesText(ids, requirements.length)}: ${code(reason)}`;
  const lines = [
    ...unjudged(requirements).map(groupText),
    ...judgedInPart(requirements).map((group) => `judged in part: ${groupText(group)}`),
    ...(skipped > 0 ? [`${skipped} requirements were not selected.`] : []),
  ];
  return lines.length === 0 ? 'Nothing: all requirements were fully judged.' : list(lines);
}

function renderHistory({
  runs,
  last,
  lastVerdict = '',
  lastTarget,
  findings,
  moreFindings = 0,
  unreadable,
}: History): string {
  const notes = unreadable.map((line) => `not read: ${code(line)}`);
  if (runs === 0 || last === undefined)
    return ['## Earlier runs', 'None of this target.', list(notes)].filter(Boolean).join('\n\n');
  const of = (change: Change): string[] =>
    findings.filter((one) => one.change === change).map((one) => code(findingName(one.requirement, one)));
  const rows: [string, string[]][] = [
    ['new', of('new')],
    ['gone', of('gone')],
    ['still there', of('still')],
    ['not judged this time', of('unknown')],
  ];
  const details = findings
    .filter(({ change, flaky }) => change === 'still' || flaky)
    .map((one) => `${code(findingName(one.requirement, one))}: ${changedText(one)}`);
  return [
    `## Since ${runs === 1 ? 'the run' : `${runs} runs, the last`} of ${code(last)}`,
    `The verdict was ${code(lastVerdict)}${lastTarget === undefined ? '' : `, of ${code(lastTarget)}`}.`,
    list([
      ...rows.map(([what, names]) => `${what}: ${names.join(', ') || 'none'}`),
      ...(moreFindings > 0 ? [`and ${moreFindings} more`] : []),
      ...notes,
    ]),
    ...(details.length > 0 ? [list(details)] : []),
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
