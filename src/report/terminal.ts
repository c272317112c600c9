import { findingLine, findingRows, requirementLine } from './finding-text';
import { changeText, seenBeforeText } from './history-text';
import {
  costText,
  leftText,
  judgedInPart,
  namesText,
  NOT_SELECTED,
  targetName,
  unjudged,
  verdictText,
  walksText,
} from './reading';
import { idsText } from './session-states';
import type { StatedFinding, StatedRequirement, Statement } from './statement';
import { PLAIN, wrapped, type Style } from './style';
import { EXIT_CODES } from './verdict';

/** Findings that are told in full; the summary has more. */
const MAX_FINDINGS = 10;
/** Places that are named of a finding that is at several. */
const MAX_PLACES = 5;
const LABEL_WIDTH = 12;

/** The statement as the last lines of a run: topics, findings, what was not judged, and the verdict. */
export function renderStatement(statement: Statement, style: Style = PLAIN): string {
  const sections = [
    renderTopics(statement, style),
    renderFindings(statement, style),
    ...renderWalks(statement),
    renderRest(statement, style),
    renderVerdict(statement, style),
  ].filter((lines) => lines.length > 0);
  // A green run is short enough to be read without gaps.
  const gap = statement.verdict === 'conforms' ? '\n' : '\n\n';
  return `\n${sections.map((lines) => lines.join('\n')).join(gap)}\n`;
}

const MARKS = { pass: '✓', advice: '✓', known: '✓', fail: '✗', 'not-judged': '–' } as const;
type Mark = (typeof MARKS)[keyof typeof MARKS];

function renderTopics({ requirements }: Statement, style: Style): string[] {
  const selected = requirements.filter(({ reason, outcome }) => !isNotSelected(reason, outcome));
  // Where nothing was judged, one reason says it for all of them.
  if (selected.every(({ outcome }) => outcome === 'not-judged')) return [];
  const topics = [...new Set(selected.map(({ topic }) => topic))];
  const width = Math.max(...topics.map((topic) => topic.length));
  return topics.map((topic) => {
    const members = selected.filter((one) => one.topic === topic);
    const idsWith = (mark: Mark): string[] =>
      members.filter(({ outcome }) => MARKS[outcome] === mark).map(({ id }) => id);
    const [kept, broken, unjudgedIds] = [idsWith('✓'), idsWith('✗'), idsWith('–')];
    const mark =
      broken.length > 0 ? style.bad('✗') : unjudgedIds.length > 0 ? style.dim('–') : style.good('✓');
    const count = `${kept.length} of ${members.length}`;
    if (kept.length === members.length) return `${mark} ${topic.padEnd(width)}  ${count}`;
    const parts = [
      ...(broken.length > 0 ? [`✗ ${idsText(broken)}`] : []),
      ...(unjudgedIds.length > 0 ? [`– ${idsText(unjudgedIds)}`] : []),
      ...(kept.length > 0 ? [`✓ ${idsText(kept)}`] : []),
    ];
    const indent = width + count.length + 6;
    return `${mark} ${topic.padEnd(width)}  ${count}  ${wrapped(parts.join('  '), indent, style.width)}`;
  });
}

function isNotSelected(reason: string | undefined, outcome: StatedRequirement['outcome']): boolean {
  return outcome === 'not-judged' && reason === NOT_SELECTED;
}

/** Each finding that fails the run, once; of those that differ only in their place, the first in full. */
function renderFindings(statement: Statement, style: Style): string[] {
  const groups = failingGroups(statement);
  const lines: string[] = [];
  let heading = '';
  for (const { requirement, findings } of groups.slice(0, MAX_FINDINGS)) {
    const line = requirementLine(requirement);
    if (line !== heading) lines.push(style.bold(wrapped(line, 2, style.width)));
    heading = line;
    lines.push(...renderFinding(findings, statement, requirement, style));
  }
  const more = groups.length - MAX_FINDINGS;
  if (more > 0) lines.push(`and ${more} more kinds of findings: see summary.md`);
  const [first] = groups;
  if (first)
    lines.push(
      style.dim(`more about it, and how to accept it for now: npm run explain -- ${first.requirement.id}`),
    );
  return lines;
}

interface Group {
  requirement: StatedRequirement;
  findings: StatedFinding[];
}

/** The findings that fail the run, by requirement and code. */
function failingGroups({ requirements }: Statement): Group[] {
  const groups = new Map<string, Group>();
  for (const requirement of requirements.filter(({ outcome }) => outcome === 'fail'))
    for (const finding of requirement.findings) {
      if (finding.accepted || finding.class === 'advice') continue;
      const key = `${requirement.id} ${finding.class} ${finding.code}`;
      const group = groups.get(key) ?? { requirement, findings: [] };
      group.findings.push(finding);
      groups.set(key, group);
    }
  return [...groups.values()];
}

function renderFinding(
  [finding, ...others]: StatedFinding[],
  { history }: Statement,
  { id, moreFindings = 0 }: StatedRequirement,
  style: Style,
): string[] {
  if (!finding) return [];
  const indent = 4 + LABEL_WIDTH;
  const rows = findingRows(finding, seenBeforeText(history, id, finding));
  if (others.length > 0) rows.splice(2, 0, { label: 'also', text: alsoText(others, moreFindings) });
  return [
    `  ${style.bad(wrapped(findingLine(finding), 4, style.width))}`,
    ...rows.map(({ label, text, isCommand }) => {
      const value = isCommand ? text : wrapped(text, indent, style.width);
      return `    ${style.dim(label.padEnd(LABEL_WIDTH))}${value}`;
    }),
  ];
}

/** Places of findings that differ in nothing else. */
function alsoText(findings: StatedFinding[], hidden: number): string {
  const places = findings.slice(0, MAX_PLACES).map(({ pointer, actual }) => pointer ?? actual ?? '');
  const more = findings.length - places.length + hidden;
  const short = places.map((place) => (place.length > 60 ? `${place.slice(0, 60)}…` : place));
  return `at ${short.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** The shortest walks that fail, each with its script. */
function renderWalks({ walks }: Statement): string[][] {
  return (walks?.failing ?? []).map(({ lines, script }) => [
    ...lines,
    `  reproduce ${script}, beside the statement`,
  ]);
}

/** Requirements that a line of their own would make too many: one line for each reason or kind. */
function renderRest(statement: Statement, style: Style): string[] {
  const { counts, requirements, errors, history, walks } = statement;
  const line = (label: string, text: string, paint: (text: string) => string = style.dim): string =>
    `${paint(`${label}:`)} ${wrapped(text, label.length + 2, style.width)}`;
  const found = (outcome: 'known' | 'advice'): string =>
    requirements
      .filter((one) => one.outcome === outcome)
      .map(
        ({ id, findings }) =>
          `${id} ${findings
            .map(({ code, actual }) => `${code} (${actual})`)
            .slice(0, 2)
            .join(', ')}`,
      )
      .join('; ');
  const left = leftText(statement);
  return [
    // Without a run the error says it all.
    ...(counts.expected === 0 ? [] : unjudged(requirements)).map(({ reason, ids }) =>
      line('not judged', `${namesText(ids, requirements.length)}: ${reason}`),
    ),
    ...judgedInPart(requirements).map(({ reason, ids }) =>
      line('judged in part', `${namesText(ids, requirements.length)}: ${reason}`),
    ),
    ...[found('known')].filter(Boolean).map((text) => line('accepted', text)),
    ...[found('advice')].filter(Boolean).map((text) => line('advice', text)),
    ...(history ? changeText(history).map((text) => line('history', text)) : []),
    ...(walks ? [line('walks', walksText(walks))] : []),
    ...(left === undefined ? [] : [line('left behind', left, style.warn)]),
    ...errors.map((error) => line('error', error, style.bad)),
  ];
}

function renderVerdict(statement: Statement, style: Style): string[] {
  const code = EXIT_CODES[statement.verdict];
  const paint = code === 0 ? style.good : code === 1 ? style.bad : style.warn;
  return [
    `${targetName(statement)}: ${costText(statement)}`,
    style.bold(paint(wrapped(verdictText(statement), 2, style.width))),
  ];
}
