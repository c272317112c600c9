import { findingLine, findingText } from './finding-text';
import { seenBeforeText } from './history-text';
import { frequency, targetName, verdictText } from './reading';
import type { StatedFinding, StatedRequirement, Statement } from './statement';
import { EXIT_CODES } from './verdict';

/*
 * A row a requirement, a suite a topic, in the subset that the schemas of Ant, Jenkins and Maven Surefire have in common:
 * no attributes on <testsuites>, one outcome a case, seconds with three digits, the time without a zone.
 */

const HOST = 'localhost';
const PACKAGE = 'session-contract';

/** The statement as JUnit XML. */
export function renderJunit(statement: Statement): string {
  const topics = [...new Set(statement.requirements.map(({ topic }) => topic))];
  const suites = topics.map((topic) => ({
    name: topic,
    cases: statement.requirements.filter((one) => one.topic === topic).map((one) => caseOf(one, statement)),
  }));
  // Errors that belong to no requirement have a row of their own.
  const errors =
    EXIT_CODES[statement.verdict] === 2 || statement.errors.length > 0 ? [errorCase(statement)] : [];
  const all = errors.length > 0 ? [{ name: 'The run', cases: errors }, ...suites] : suites;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    ...all.map(({ name, cases }, i) => suiteOf(name, cases, i, statement)),
    '</testsuites>',
    '',
  ].join('\n');
}

interface Case {
  xml: string;
  kind: 'pass' | 'failure' | 'skipped' | 'error';
  ms: number;
  /** What is told of a case that passes; only a suite has a place for it. */
  told?: string;
}

function suiteOf(name: string, cases: Case[], id: number, statement: Statement): string {
  const count = (kind: Case['kind']): number => cases.filter((one) => one.kind === kind).length;
  const ms = cases.reduce((sum, one) => sum + one.ms, 0);
  const attributes = {
    id,
    package: PACKAGE,
    name,
    timestamp: statement.startedAt.slice(0, 19),
    hostname: HOST,
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    time: seconds(ms),
  };
  const properties = {
    verdict: statement.verdict,
    judged: verdictText(statement),
    target: targetName(statement),
    'trace id': statement.traceId ?? '',
  };
  return [
    `  <testsuite ${attributesText(attributes)}>`,
    '    <properties>',
    ...Object.entries(properties)
      .filter(([, value]) => value !== '')
      .map(([key, value]) => `      <property ${attributesText({ name: key, value })}/>`),
    '    </properties>',
    ...cases.map(({ xml }) => xml),
    `    <system-out>${escaped(cases.flatMap(({ told }) => told || []).join('\n\n'))}</system-out>`,
    '    <system-err/>',
    '  </testsuite>',
  ].join('\n');
}

function caseOf(requirement: StatedRequirement, statement: Statement): Case {
  const { id, title, topic, outcome, reason = '', findings, durationMs: ms } = requirement;
  const start = `    <testcase ${attributesText({ name: `${id} ${title}`, classname: `${PACKAGE}.${topic.replaceAll('.', ' ')}`, time: seconds(ms) })}`;
  if (outcome === 'fail')
    return { xml: `${start}>\n${failureOf(requirement, statement)}\n    </testcase>`, kind: 'failure', ms };
  if (outcome === 'not-judged')
    return {
      xml: `${start}>\n      <skipped ${attributesText({ message: reason })}/>\n    </testcase>`,
      kind: 'skipped',
      ms,
    };
  // Accepted findings and advice fail nothing, and are listed too.
  const told = findings.map((finding) => textOf(requirement, finding, statement)).join('\n\n');
  return { xml: `${start}/>`, kind: 'pass', ms, told };
}

function failureOf(requirement: StatedRequirement, statement: Statement): string {
  const failing = requirement.findings.filter(({ accepted, class: cls }) => !accepted && cls !== 'advice');
  const message = failing
    .slice(0, 3)
    .map(
      (one) => `${findingLine(one)}; expected ${one.expected}, actual ${one.actual}; seen ${frequency(one)}`,
    )
    .join(' | ');
  const body = failing.map((finding) => textOf(requirement, finding, statement)).join('\n\n');
  const more =
    requirement.moreFindings === undefined ? '' : `\n\nand ${requirement.moreFindings} more findings`;
  const type = failing[0]?.code ?? 'finding';
  return `      <failure ${attributesText({ message, type })}>${escaped(body + more)}</failure>`;
}

function textOf(requirement: StatedRequirement, finding: StatedFinding, { history }: Statement): string {
  return findingText(requirement, finding, seenBeforeText(history, requirement.id, finding));
}

function errorCase(statement: Statement): Case {
  const { verdict, errors, requirements } = statement;
  const reasons = [...new Set(requirements.flatMap(({ reason }) => (reason === undefined ? [] : [reason])))];
  const lines = errors.length > 0 ? errors : reasons;
  const attributes = { message: lines[0] ?? verdictText(statement), type: verdict };
  const name = attributesText({
    name: `The run is ${verdict}`,
    classname: `${PACKAGE}.The run`,
    time: seconds(0),
  });
  const body = escaped([verdictText(statement), ...lines].join('\n'));
  return {
    xml: `    <testcase ${name}>\n      <error ${attributesText(attributes)}>${body}</error>\n    </testcase>`,
    kind: 'error',
    ms: 0,
  };
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

function attributesText(attributes: Record<string, string | number>): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}="${escaped(String(value))}"`)
    .join(' ');
}

/** Texts are printable by now; what is left of what XML can't hold comes from us, and is left out. */
function escaped(text: string): string {
  return text
    .replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
    .replace(/[\0-\x08\x0b-\x1f\ufffe\uffff]/g, '');
}
