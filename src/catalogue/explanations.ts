import type { Code } from './codes';
import { findingName, type FindingKey, type FindingName } from './finding-name';
import type { RequirementId } from './requirements';

/** Why a finding is not reported where another one is: both have one cause. */
export interface Explanation {
  finding: FindingName;
  explainedBy: FindingName;
  because: string;
  /**
   * `same`: only for sessions with which both were seen. `any`: also where tests saw them with different sessions, because
   * the cause concerns all sessions.
   */
  sessions: 'same' | 'any';
  /** `same`: only where the responses that showed both have one status. */
  status?: 'same';
}

interface Group extends Omit<Explanation, 'finding'> {
  findings: readonly FindingName[];
}

/**
 * Each explanation is needed: without it some variant of the stand-in, which has one fault, would cause two findings, in
 * some order of the tests at least.
 * Nothing explains REJECT-2/accepted, and DENY-4/touched only where both sessions have one id: they are the gravest.
 */
const GROUPS: readonly Group[] = [
  // A response that is the same for every session in the state.
  {
    findings: ['DENY-6/status', 'DENY-7/not-pending', 'DENY-7/status', 'DENY-8/status', 'DENY-9/status'],
    explainedBy: 'DENY-1/status',
    because: 'A single denial gets the wrong status, too.',
    sessions: 'any',
  },
  {
    findings: ['DENY-8/status'],
    explainedBy: 'DENY-6/status',
    because: 'A session of that form is refused, also when nothing is concurrent.',
    sessions: 'any',
  },
  {
    findings: ['DENY-7/timeout'],
    explainedBy: 'DENY-1/timeout',
    because: 'A single denial hangs, too.',
    sessions: 'any',
  },
  {
    findings: ['DENY-7/timeout'],
    explainedBy: 'REJECT-2/timeout',
    because: 'All but one of the concurrent denials are denials of a denied session, which hang.',
    sessions: 'any',
  },
  {
    findings: ['DENY-7/timeout'],
    explainedBy: 'REJECT-3/timeout',
    because: 'A concurrent approval came first, and denials of a completed session hang.',
    sessions: 'any',
  },
  {
    findings: ['POLL-7/undocumented-status', 'POLL-7/undocumented-body'],
    explainedBy: 'POLL-7/status',
    because: 'A poll gets the wrong status; in a race the state of its session is not known.',
    sessions: 'any',
  },
  {
    findings: ['ID-1/accepted', 'ID-3/accepted', 'ID-8/accepted'],
    explainedBy: 'REJECT-1/accepted',
    because: 'A denial of any unknown id is accepted.',
    sessions: 'any',
  },
  {
    findings: ['ID-1/timeout', 'ID-4/timeout'],
    explainedBy: 'REJECT-1/timeout',
    because: 'A denial of any unknown id hangs.',
    sessions: 'any',
  },
  {
    findings: ['ID-1/found', 'ID-3/found', 'REJECT-6/created'],
    explainedBy: 'POLL-3/not-404',
    because: 'Any unknown id finds a session, also before anything was denied.',
    sessions: 'any',
  },
  {
    findings: ['CREATE-7/status'],
    explainedBy: 'CREATE-1/status',
    because: 'Every create gets the wrong status, whatever its form.',
    sessions: 'any',
  },
  {
    findings: ['CREATE-7/no-answer'],
    explainedBy: 'CREATE-1/no-answer',
    because: 'No create gets a response, whatever its form.',
    sessions: 'any',
  },
  {
    findings: ['CREATE-7/timeout'],
    explainedBy: 'CREATE-1/timeout',
    because: 'Every create hangs, whatever its form.',
    sessions: 'any',
  },
  {
    findings: [
      'REJECT-1/undocumented-status',
      'REJECT-1/undocumented-body',
      'REJECT-2/undocumented-status',
      'REJECT-2/undocumented-body',
      'REJECT-3/undocumented-status',
      'REJECT-3/undocumented-body',
      'REJECT-4/undocumented-status',
      'REJECT-4/undocumented-body',
    ],
    explainedBy: 'DENY-1/status',
    because: 'The denial of a pending session gets the same status, so it does not depend on the session.',
    sessions: 'any',
    status: 'same',
  },
  // A session that had ended before, through another request.
  {
    findings: ['DENY-6/status', 'DENY-7/status', 'DENY-8/status', 'DENY-9/not-pending'],
    explainedBy: 'DENY-4/touched',
    because: 'The denial of another session had ended the session.',
    sessions: 'any',
  },
  {
    findings: ['ID-2/touched', 'ID-3/touched', 'ID-6/touched'],
    explainedBy: 'ID-3/accepted',
    because: 'The pattern denied the session.',
    sessions: 'any',
  },
  {
    findings: ['DENY-9/not-pending'],
    explainedBy: 'ID-3/touched',
    because: 'The pattern denied the session.',
    sessions: 'any',
  },
  {
    findings: ['DENY-9/not-pending', 'REJECT-7/state-changed'],
    explainedBy: 'ID-7/touched',
    because: 'The request that names no session had ended all of them.',
    sessions: 'any',
  },
  {
    findings: [
      'DENY-1/status',
      'DENY-6/status',
      'DENY-7/status',
      'DENY-8/status',
      'ID-2/touched',
      'ID-6/touched',
    ],
    explainedBy: 'DENY-9/not-pending',
    because: 'Sessions end without any request for them, so this one had ended by then.',
    sessions: 'any',
  },
  {
    findings: ['ID-2/touched', 'ID-3/touched', 'ID-6/touched', 'ID-7/touched', 'ID-8/touched'],
    explainedBy: 'POLL-1/not-pending',
    because: 'The polls that look at the session end it, or do not find it.',
    sessions: 'any',
  },
  {
    findings: ['POLL-1/not-pending'],
    explainedBy: 'CREATE-5/already-expired',
    because: 'The session had expired when it was created, as its expiresAt says.',
    sessions: 'same',
  },
  {
    findings: [
      'DENY-7/not-pending',
      'DENY-7/status',
      'DENY-8/status',
      'DENY-9/not-pending',
      'POLL-5/not-completed',
      'POLL-6/not-expired',
      'REJECT-7/state-changed',
    ],
    explainedBy: 'POLL-1/not-pending',
    because:
      'A new session is not found for a while, or is ended by polls, whatever state it is brought into.',
    sessions: 'any',
  },
  {
    // Which of them depends on the moment in which the id repeats.
    findings: [
      'DENY-1/status',
      'DENY-4/touched',
      'DENY-6/status',
      'DENY-7/not-pending',
      'DENY-7/status',
      'DENY-8/status',
      'DENY-9/not-pending',
      'ID-2/touched',
      'ID-3/touched',
      'ID-6/touched',
      'ID-7/touched',
      'ID-8/touched',
      'POLL-1/not-pending',
      'POLL-4/not-returned',
    ],
    explainedBy: 'CREATE-3/id-repeated',
    because: 'Two sessions share the id, and the other one was denied.',
    sessions: 'same',
  },
  // A denial that did not last.
  {
    findings: ['DENY-7/still-pending'],
    explainedBy: 'DENY-2/still-pending',
    because: 'A denial has no effect, or none that lasts, also when nothing is concurrent.',
    sessions: 'any',
  },
  {
    findings: ['REJECT-7/state-changed'],
    explainedBy: 'DENY-2/still-pending',
    because: 'Polls show an earlier state of a session, also where an approval completed it during a denial.',
    sessions: 'any',
  },
  {
    findings: ['REJECT-8/state-changed'],
    explainedBy: 'DENY-2/still-pending',
    because: 'The session was pending again before the second denial.',
    sessions: 'any',
  },
  {
    findings: ['REJECT-8/state-changed'],
    explainedBy: 'REJECT-2/accepted',
    because: 'The second denial of the session was not rejected, so there is no rejection to blame.',
    sessions: 'same',
  },
  {
    findings: ['REJECT-7/state-changed'],
    explainedBy: 'REJECT-3/accepted',
    because: 'The denial of the completed session was not rejected, so there is no rejection to blame.',
    sessions: 'same',
  },
  {
    findings: ['REJECT-8/state-changed'],
    explainedBy: 'DENY-5/yields-key',
    because: 'The session had its API key before the second denial.',
    sessions: 'any',
  },
  {
    findings: ['DENY-7/not-pending'],
    explainedBy: 'REJECT-8/state-changed',
    because: 'Rejecting a denial approves the session, also when nothing is concurrent.',
    sessions: 'any',
  },
  {
    findings: ['DENY-7/accepted-twice', 'DENY-7/still-pending'],
    explainedBy: 'REJECT-2/accepted',
    because: 'A second denial is accepted, also when nothing is concurrent.',
    sessions: 'any',
  },
  {
    findings: ['DENY-7/accepted-twice', 'DENY-7/still-pending'],
    explainedBy: 'REJECT-8/state-changed',
    because: 'A rejected denial makes the session pending again, so the next one is accepted.',
    sessions: 'any',
  },
  // A session that was wrong before the denial that is judged.
  {
    findings: ['REJECT-7/state-changed'],
    explainedBy: 'POLL-5/not-completed',
    because: 'The approved session was never seen to be completed.',
    sessions: 'any',
  },
  {
    findings: ['REJECT-7/key-changed'],
    explainedBy: 'POLL-5/key-changed',
    because: 'The API key changes from poll to poll.',
    sessions: 'any',
  },
  {
    findings: ['REJECT-8/state-changed'],
    explainedBy: 'POLL-8/still-pending',
    because: 'The expired session was pending before the denial.',
    sessions: 'any',
  },
  {
    findings: ['REJECT-8/state-changed'],
    explainedBy: 'POLL-8/yields-key',
    because: 'The expired session yielded an API key before the denial.',
    sessions: 'any',
  },
];

export const EXPLANATIONS: readonly Explanation[] = GROUPS.flatMap(({ findings, ...rest }) =>
  findings.map((finding) => ({ finding, ...rest })),
);

/** The explanations of a finding, should the other finding be there, too. */
export function explanationsOf(finding: FindingKey): Explanation[] {
  const name = findingName(finding);
  return EXPLANATIONS.filter((one) => one.finding === name);
}

/** Codes of the findings of a requirement that others may explain. */
export function explainedCodes(id: RequirementId): Code[] {
  const codes = EXPLANATIONS.filter(({ finding }) => finding.startsWith(`${id}/`)).map(
    ({ finding }) => finding.slice(id.length + 1) as Code,
  );
  return [...new Set(codes)];
}
