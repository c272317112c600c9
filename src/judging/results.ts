import { BEFORE_A_SESSION, JUDGED_AFTER } from '../catalogue/every-response';
import {
  requirement,
  type Level,
  type RequirementId,
  type Source,
  type Topic,
} from '../catalogue/requirements';
import { findingName, type FindingName } from '../catalogue/finding-name';
import type { Finding } from './finding';
import type { Folding, SeenFinding } from './folding';
import { reasonText, type BlockedBy, type NotJudged } from './not-judged';

export type ResultOutcome = 'pass' | 'fail' | 'known' | 'advice' | 'not-judged';

/** What a run found about a requirement. */
export interface RequirementResult {
  id: RequirementId;
  topic: Topic;
  level: Level;
  title: string;
  source: Source;
  outcome: ResultOutcome;
  reason?: string;
  /** The reported finding because of which it, or a part of it, was not judged. */
  blockedBy?: FindingName;
  /** Why it, or a part of it, was not judged. */
  missed: NotJudged[];
  /** How many responses were judged. */
  judged: number;
  findings: Finding[];
}

/** Nothing was judged, and nothing is known to have blocked it. */
export const UNREACHED = 'no test reached it';

/** What was seen of a requirement. */
export interface Seen {
  judged: number;
  missed: NotJudged[];
  findings: SeenFinding<Finding>[];
}

/** Whether a finding fails the run; one that doesn't is accepted, or advice. */
type Fails = (finding: Finding) => boolean;

export function resultOf(
  id: RequirementId,
  seen: Seen,
  folding: Folding,
  fails: Fails,
  driftFails: boolean,
): RequirementResult {
  const { topic, level, title, source } = requirement(id);
  const findings = seen.findings.filter((one) => !folding.isFolded(one)).map(({ finding }) => finding);
  for (const finding of findings) finding.accepted = finding.class !== 'advice' && !fails(finding);
  const folded = seen.findings.filter((one) => folding.isFolded(one));
  const why = whyNotJudged(id, seen, folded, folding);
  const outcome = outcomeOf(seen, findings, fails, driftFails);
  const { judged, missed } = seen;
  return { id, topic, level, title, source, outcome, ...why, missed, judged, findings };
}

function outcomeOf(seen: Seen, findings: Finding[], fails: Fails, driftFails: boolean): ResultOutcome {
  if (findings.some(fails)) return 'fail';
  // A folded finding shows that the requirement is not met, whatever other responses show.
  const isFolded = findings.length === 0 && seen.findings.length > 0;
  if (isFolded || seen.judged === 0) return 'not-judged';
  const matters = ({ class: cls }: Finding): boolean =>
    cls === 'violation' || (cls === 'drift' && driftFails);
  if (findings.some(matters)) return 'known';
  return findings.length > 0 ? 'advice' : 'pass';
}

function whyNotJudged(
  id: RequirementId,
  { judged, missed }: Seen,
  folded: SeenFinding<Finding>[],
  folding: Folding,
): Pick<RequirementResult, 'reason' | 'blockedBy'> {
  const [first] = folded;
  if (first) {
    const blockedBy = folding.reportedFor(first.finding);
    const also = folded.map(({ finding: { code, seen } }) => `${code} (${seen})`).join(', ');
    return {
      reason: `blocked by ${blockedBy}; seen because of it: ${also}`,
      ...(blockedBy && { blockedBy }),
    };
  }
  const [why] = missed;
  if (!why) return judged === 0 ? whyUnreached(id, folding) : {};
  const blockedBy = why.blockedBy && reportedBlocker(why.blockedBy, folding);
  // A precondition that was itself not judged blocks, too, without a finding.
  return blockedBy
    ? { reason: `blocked by ${blockedBy}: ${why.reason}`, blockedBy }
    : { reason: reasonText(why) };
}

/** The reported finding that blocked something; where no session was created, whatever is wrong with the response. */
function reportedBlocker(by: BlockedBy, folding: Folding): FindingName | undefined {
  const others = BEFORE_A_SESSION.includes(by.requirement)
    ? BEFORE_A_SESSION
    : (JUDGED_AFTER[by.requirement] ?? []);
  const candidates = [by, ...others.map((requirement) => ({ requirement }))];
  return candidates.map((one) => folding.reportedFor(one)).find((name) => name !== undefined);
}

/** Why no response could be judged by the requirement: a finding of another one blocked it. */
function whyUnreached(id: RequirementId, folding: Folding): Pick<RequirementResult, 'reason' | 'blockedBy'> {
  const reported = (JUDGED_AFTER[id] ?? []).map((one) => folding.reportedFor({ requirement: one }));
  const blockedBy = reported.find((name) => name !== undefined);
  if (!blockedBy) return { reason: UNREACHED };
  return { reason: `blocked by ${blockedBy}: no response could be judged`, blockedBy };
}

/** What was accepted, and the requirements that could not be judged because of it. */
export interface Accepted {
  findings: number;
  blocks: RequirementId[];
}

export function acceptedIn(results: RequirementResult[]): Accepted {
  const accepted = results.flatMap(({ findings }) => findings).filter((finding) => finding.accepted);
  const names = new Set(accepted.map(findingName));
  const blocks = results
    .filter(({ outcome, blockedBy }) => outcome === 'not-judged' && blockedBy && names.has(blockedBy))
    .map(({ id }) => id);
  return { findings: accepted.length, blocks };
}
