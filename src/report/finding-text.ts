import { CODES } from '../catalogue/codes';
import { frequency, likelyFault } from './reading';
import type { StatedFinding, StatedRequirement } from './statement';

/** What a report says of the requirement of a finding. */
type RequirementHeading = Pick<StatedRequirement, 'id' | 'level' | 'title'>;

/** A row of a finding: what it answers, and the answer. A command must stay in one piece to be pasted. */
export interface FindingRow {
  label: string;
  text: string;
  isCommand?: boolean;
}

/** In place of a line: only then has a request none. */
export const TOO_LONG = 'by more requests than fit into a line; exchanges.har has all requests of the run';

/** "DENY-1 MUST The response to denying a pending session has status 200". */
export function requirementLine({ id, level, title }: RequirementHeading): string {
  return `${id} ${level} ${title}`;
}

/** "violation status at /success: the status is not the expected one". */
export function findingLine({ class: cls, code, pointer, accepted }: StatedFinding): string {
  const meaning = (CODES as Partial<Record<string, string>>)[code];
  return `${cls} ${code}${pointer ? ` at ${pointer}` : ''}${meaning === undefined ? '' : `: ${meaning}`}${accepted ? ' (accepted)' : ''}`;
}

/**
 * What a finding answers after its requirement, in the order in which a reader asks.
 * @param isPartial the run goes on, and counts more
 */
export function findingRows(finding: StatedFinding, seenBefore?: string, isPartial = false): FindingRow[] {
  const { expected, actual, source, request, curl } = finding;
  const rows: (FindingRow | undefined)[] = [
    { label: 'expected', text: expected ?? '' },
    { label: 'actual', text: actual ?? '' },
    {
      label: 'seen',
      text: `${frequency(finding, isPartial)}${isPartial ? ' so far; of the whole run: summary.md' : ''}`,
    },
    seenBefore === undefined ? undefined : { label: 'history', text: seenBefore },
    { label: 'likely', text: likelyFault(finding, isPartial) },
    { label: 'source', text: source },
    request && { label: 'request', text: requestText(request) },
    curl === undefined
      ? request && { label: 'reproduce', text: TOO_LONG }
      : { label: 'reproduce', text: curl, isCommand: true },
  ];
  return rows.filter((row): row is FindingRow => row !== undefined);
}

function requestText({
  method,
  path,
  status,
  startedAt,
  traceId,
  spanId,
  requestIds = {},
}: NonNullable<StatedFinding['request']>): string {
  const ids = [
    ...(traceId === undefined ? [] : [`trace ${traceId}`]),
    ...(spanId === undefined ? [] : [`span ${spanId}`]),
    ...Object.entries(requestIds).map(([name, value]) => `${name} ${value}`),
  ];
  const response = status === undefined ? 'no response' : `status ${status}`;
  return [`${method} ${path} at ${startedAt} (${response})`, ...ids].join('; ');
}

/** A finding in full, as plain text. */
export function findingText(
  requirement: RequirementHeading,
  finding: StatedFinding,
  seenBefore?: string,
  isPartial = false,
): string {
  return [
    requirementLine(requirement),
    `  ${findingLine(finding)}`,
    ...findingRows(finding, seenBefore, isPartial).map(
      ({ label, text }) => `    ${label.padEnd(11)} ${text}`,
    ),
  ].join('\n');
}

/** A finding that another place tells in full. */
export function findingBrief(
  { id }: Pick<RequirementHeading, 'id'>,
  finding: StatedFinding,
  where: string,
): string {
  const { code, pointer, actual } = finding;
  return `${id} ${code}${pointer ? ` at ${pointer}` : ''}: ${actual ?? ''} (in full: ${where})`;
}
