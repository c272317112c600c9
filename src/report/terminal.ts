import { compare, type PreviousStatement } from './previous';
import type { StatedFinding, StatedRequirement, Statement } from './statement';
import { judgedText, leftText, likelyFault, targetName, unjudged } from './reading';
import { CODES } from '../catalogue/codes';
import type { SessionState } from '../judging/states';

/** The statement in a few readable rows. */
export function renderStatement(statement: Statement, previous?: PreviousStatement): string {
  const { verdict, requirements, errors } = statement;
  const lines = [''];
  const failing = requirements.filter(({ outcome }) => outcome === 'fail');
  for (const requirement of failing) lines.push(...renderFailing(requirement));
  for (const { id } of failing.slice(0, 1))
    lines.push(`more on any of them, and how to accept it for now: npm run explain -- ${id}`);
  const known = requirements.filter(({ outcome }) => outcome === 'known');
  if (known.length > 0) lines.push(`known deviations: ${known.map(({ id }) => id).join(', ')}`);
  const advice = requirements.filter(({ outcome }) => outcome === 'advice');
  for (const { id, title, findings } of advice)
    lines.push(
      `advice: ${id} ${title} (${findings.map(({ actual, seen }) => `${actual}, ${seen} times`).join('; ')})`,
    );
  for (const { reason, ids } of unjudged(requirements))
    lines.push(`not judged: ${ids.join(', ')} (${reason})`);
  for (const error of errors) lines.push(`error: ${error}`);
  const left = leftText(statement);
  if (left !== undefined) lines.push(`left behind: ${left}`);
  if (previous) lines.push(renderChange(previous, statement));
  lines.push(judgedText(statement), `${verdict}: ${targetName(statement)}`);
  return `${lines.join('\n')}\n`;
}

function renderFailing({ id, level, title, findings }: StatedRequirement): string[] {
  return [`${id} ${level} ${title}`, ...findings.flatMap(renderFinding)];
}

/** What a request is for that is for no session. */
const ASKED_FOR: Partial<Record<SessionState, string>> = {
  'near-miss': 'a near miss of an id',
  malformed: 'a hostile id',
  racing: 'a session that is denied several times at once',
};

function renderFinding(finding: StatedFinding): string[] {
  const { code, pointer, expected, actual, seen, of, states, source, accepted, curl } = finding;
  const named = states
    .filter((state) => state !== 'none')
    .map((state) => ASKED_FOR[state] ?? `a session that is ${state}`)
    .join(' or ');
  return [
    `  ${finding.class} ${code}${pointer ? ` at ${pointer}` : ''}: ${CODES[code]}${accepted ? ' (accepted)' : ''}`,
    `    promised  ${expected}; stated in ${source}`,
    `    came      ${actual}${named ? `, for ${named}` : ''}; seen ${seen} of ${of} times`,
    `    likely    ${likelyFault(finding)}`,
    ...(curl === undefined ? [] : [`    repeat    ${curl}`]),
  ];
}

function renderChange(previous: PreviousStatement, statement: Statement): string {
  const { new: added, gone, still, unknown } = compare(previous, statement);
  const part = (what: string, names: string[]): string =>
    `${names.length} ${what}${names.length > 0 ? ` (${names.join(', ')})` : ''}`;
  const parts = [part('new', added), part('gone', gone), part('still', still)];
  if (unknown.length > 0) parts.push(part('not judged this time', unknown));
  return `since ${previous.startedAt}: ${parts.join(', ')}`;
}
