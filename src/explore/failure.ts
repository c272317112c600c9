import type { Code } from '../catalogue/codes';
import { findingName, type FindingName } from '../catalogue/finding-name';
import type { RequirementId } from '../catalogue/requirements';

/** A finding of one attempt at a walk that would fail the run. */
export interface Failure {
  requirement: RequirementId;
  code: Code;
  pointer: string;
  expected: string;
  actual: string;
  /** Number of the exchange that showed it first. */
  exchange: number;
}

/** What a finding is known by. */
export type FailureKey = Pick<Failure, 'requirement' | 'code' | 'pointer'>;

export function keyOf(failure: FailureKey): string {
  return `${findingName(failure)} ${failure.pointer}`.trimEnd();
}

/**
 * Findings that one cause shows as: which of them a walk meets depends on the requests around it. The shortest walk tells
 * which one fits best; where one has been told, the others are not.
 */
const KINDS: FindingName[][] = [
  // A session ends, and nothing has ended it.
  [
    'POLL-1/not-pending',
    'DENY-4/touched',
    'DENY-9/not-pending',
    'ID-2/touched',
    'ID-3/touched',
    'ID-6/touched',
    'ID-7/touched',
  ],
  // A session that has ended lives on.
  [
    'DENY-2/still-pending',
    'DENY-7/still-pending',
    'DENY-7/accepted-twice',
    'REJECT-2/accepted',
    'REJECT-4/accepted',
    'REJECT-8/state-changed',
    'POLL-8/still-pending',
  ],
  // A completed session does not stay as it is.
  [
    'POLL-5/not-completed',
    'POLL-5/key-changed',
    'REJECT-3/accepted',
    'REJECT-7/state-changed',
    'REJECT-7/key-changed',
  ],
  ['DENY-5/yields-key', 'POLL-8/yields-key'],
  ['POLL-3/not-404', 'REJECT-1/accepted', 'REJECT-6/created'],
  // A pending session cannot be denied.
  ['DENY-1/status', 'DENY-7/status', 'DENY-8/status'],
];

export function isSameKind(one: FailureKey, other: FailureKey): boolean {
  const kind = KINDS.find((names) => names.includes(findingName(one)));
  return keyOf(one) === keyOf(other) || (kind?.includes(findingName(other)) ?? false);
}
