import { sourceText, type Level, type RequirementId } from '../catalogue/requirements';
import type { PinnedDocument } from '../contract/pin';
import { curlOf } from './curl';
import type { Exchange } from '../judging/exchange';
import type { KnownDeviation } from '../judging/known-deviations';
import {
  messageOf,
  rank,
  UNTESTABLE,
  type Finding,
  type RequirementResult,
  type ResultOutcome,
} from '../judging/collector';
import type { Code } from '../catalogue/codes';
import type { NotJudged } from '../judging/not-judged';
import type { FindingClass } from '../judging/deviation';
import type { SessionState } from '../judging/states';

export type Verdict = 'conforms' | 'deviates' | 'drifts' | 'untestable';

/** The conformance statement of a run; its JSON Schema stands in schemas/conformance.schema.json. */
export interface Statement {
  verdict: Verdict;
  target: { kind: 'stand-in' | 'remote'; url: string };
  contract: { sha256: string; source: string; date: string };
  startedAt: string;
  durationMs: number;
  requests: number;
  /** Answers that turned a request away for now: 429, 502, 503, 504. */
  rateLimited: number;
  counts: { judged: number; expected: number };
  requirements: StatedRequirement[];
  left: { created: number; denied: number; leftBehind: number; sessions: string[] };
  errors: string[];
}

export interface StatedRequirement {
  id: RequirementId;
  level: Level;
  title: string;
  source: string;
  outcome: ResultOutcome;
  reason?: string;
  findings: StatedFinding[];
}

export interface StatedFinding {
  code: Code;
  class: FindingClass;
  pointer?: string;
  message: string;
  expected?: string;
  actual?: string;
  seen: number;
  of: number;
  /** States of the sessions with which it was seen. */
  states: SessionState[];
  accepted: boolean;
  source: string;
  curl?: string;
  /** An entry for KNOWN_DEVIATIONS, to be completed by whoever decides to accept the finding. */
  entry: KnownDeviation;
}

/** What a run knows when it ends. */
export interface RunRecord {
  target: Statement['target'];
  pin: Pick<PinnedDocument, 'x-origin'>;
  startedAt: Date;
  requests: number;
  rateLimited: number;
  driftFails: boolean;
  results: RequirementResult[];
  selected: ReadonlySet<RequirementId>;
  left: Statement['left'];
  outage: NotJudged | undefined;
  /** Wrong settings, known deviations that are out of order, crashes, errors of the suite itself. */
  errors: string[];
  /** Something was left unjudged that no single test answers for: a crash, an interruption, wrong settings. */
  cutShort: boolean;
  historyOf: (exchange: Exchange) => Exchange[];
}

export function statementOf(run: RunRecord, now = new Date()): Statement {
  const origin = run.pin['x-origin'].find(({ operations }) => operations.includes('deny')) ?? {
    sha256: '',
    source: '',
    date: '',
  };
  const judged = run.results.filter((result) => isJudged(result, run)).length;
  return {
    verdict: verdictOf(run),
    target: run.target,
    contract: { sha256: origin.sha256, source: origin.source, date: origin.date },
    startedAt: run.startedAt.toISOString(),
    durationMs: now.getTime() - run.startedAt.getTime(),
    requests: run.requests,
    rateLimited: run.rateLimited,
    counts: { judged, expected: run.selected.size },
    requirements: run.results.map((result) => stated(result, run)),
    left: run.left,
    errors: [...run.errors, ...untoldCauses(run)],
  };
}

/** Requirements of tests that were not selected may be judged by the way; they don't count. */
function isJudged({ id, outcome }: RequirementResult, { selected }: RunRecord): boolean {
  return selected.has(id) && outcome !== 'not-judged';
}

/** Why a run is untestable, where every requirement was judged at least in part and so none of them says it. */
function untoldCauses(run: RunRecord): string[] {
  const told = new Set(
    [...run.results].filter(({ outcome }) => outcome === 'not-judged').map(({ reason }) => reason),
  );
  const causes = run.results.flatMap(({ missed }) => missed.filter(({ cause }) => UNTESTABLE.has(cause)));
  const reasons = [...(run.outage ? [run.outage] : []), ...causes].map(({ reason }) => reason);
  return [...new Set(reasons)].filter((reason) => !told.has(reason) && !run.errors.includes(reason));
}

function verdictOf(run: RunRecord): Verdict {
  const { results, driftFails, outage, cutShort } = run;
  const open = results.flatMap(({ findings }) => findings).filter(({ accepted }) => !accepted);
  if (open.some((finding) => finding.class === 'violation')) return 'deviates';
  if (driftFails && open.some((finding) => finding.class === 'drift')) return 'drifts';
  const hasFindings = results.some(({ findings }) => findings.length > 0);
  // What broke a test is a finding of its own; where there is none, something went wrong that nobody has judged.
  const isUnjudged = ({ cause }: NotJudged): boolean =>
    UNTESTABLE.has(cause) || (cause === 'blocked' && !hasFindings);
  const unjudged = results.some(({ missed }) => missed.some(isUnjudged));
  const nothing = !results.some((result) => isJudged(result, run));
  return outage || cutShort || unjudged || nothing ? 'untestable' : 'conforms';
}

function stated(
  { id, level, title, source, outcome, reason, findings }: RequirementResult,
  run: RunRecord,
): StatedRequirement {
  const sorted = [...findings].sort((a, b) => rank(a.class) - rank(b.class));
  return {
    id,
    level,
    title,
    source: sourceText(source),
    outcome,
    ...(reason !== undefined && { reason }),
    findings: sorted.map((finding) => statedFinding(finding, sourceText(source), run)),
  };
}

function statedFinding(finding: Finding, source: string, run: RunRecord): StatedFinding {
  const { requirement, code, pointer, expected, actual, seen, of, states, accepted, exchange } = finding;
  const at = pointer !== undefined && { pointer };
  return {
    code,
    class: finding.class,
    ...at,
    message: messageOf(finding),
    expected,
    actual,
    seen,
    of,
    states,
    accepted,
    source: finding.source ?? source,
    ...(exchange && { curl: curlOf(exchange, run.historyOf(exchange)) }),
    entry: { requirement, code, ...at, reason: '', owner: '', expires: '' },
  };
}
