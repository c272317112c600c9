import { requirement as requirementOf, sourceText, type RequirementId } from '../catalogue/requirements';
import type { PinnedDocument } from '../contract/pin';
import { messageOf, rank, UNTESTABLE, type Finding, type RequirementResult } from '../judging/collector';
import { acceptedIn } from '../judging/results';
import type { Exchange } from '../judging/exchange';
import { bounded } from './bounded';
import { latencyOf } from './latency';
import type { Journal } from './reproduce/journal';
import { reproducingLine } from './reproduce/line';
import { SCHEMA_VERSION, type StatedFinding, type StatedRequirement, type Statement } from './statement';
import { requestOf } from './stated-request';
import { isJudged, unjudgedRequired, verdictOf, type Evidence } from './verdict';

/** What a run knows when it ends. */
export interface RunRecord extends Evidence {
  target: Statement['target'];
  pin: Pick<PinnedDocument, 'x-origin'>;
  traceId?: string | undefined;
  startedAt: Date;
  requests: number;
  rateLimited: number;
  left: Statement['left'];
  exchanges: readonly Exchange[];
  /** From which the lines are made that show findings. */
  journal: Journal;
  walks?: Statement['walks'];
  /** A value with labels in place of the secrets in its texts. */
  mask?: <T>(value: T) => T;
}

export function statementOf(run: RunRecord, now = new Date()): Statement {
  const origin = run.pin['x-origin'].find(({ operations }) => operations.includes('deny')) ?? {
    sha256: '',
    source: '',
    date: '',
  };
  const statement: Statement = {
    schemaVersion: SCHEMA_VERSION,
    verdict: verdictOf(run),
    target: run.target,
    contract: { sha256: origin.sha256, source: origin.source, date: origin.date },
    ...(run.traceId !== undefined && { traceId: run.traceId }),
    startedAt: run.startedAt.toISOString(),
    durationMs: Math.max(now.getTime() - run.startedAt.getTime(), 0),
    requests: run.requests,
    rateLimited: run.rateLimited,
    counts: countsOf(run),
    requirements: run.results.map((result) => stated(result, run)),
    latency: latencyOf(run.exchanges),
    ...(run.walks && { walks: run.walks }),
    left: run.left,
    errors: [...run.errors.map(({ message }) => message), ...untoldCauses(run), ...requireError(run)],
  };
  return bounded(run.mask ? run.mask(statement) : statement);
}

function countsOf(run: RunRecord): Statement['counts'] {
  const { findings, blocks } = acceptedIn(run.results);
  return {
    judged: run.results.filter((result) => isJudged(result, run)).length,
    expected: run.selected.size,
    accepted: findings,
    blocked: blocks.length,
  };
}

/** Why a run is untestable, if every requirement was judged at least in part and so no reason says it. */
function untoldCauses(run: RunRecord): string[] {
  const told = new Set([
    ...run.results
      .filter(({ id, outcome }) => outcome === 'not-judged' && run.selected.has(id))
      .map(({ reason }) => reason),
    ...run.errors.map(({ message }) => message),
  ]);
  const causes = run.results.flatMap(({ missed }) => missed.filter(({ cause }) => UNTESTABLE.has(cause)));
  const reasons = [...(run.outage ? [run.outage] : []), ...causes].map(({ reason }) => reason);
  return [...new Set(reasons)].filter((reason) => !told.has(reason));
}

/** What REQUIRE names and was not judged, by the reason, which says what to set. */
function requireError(run: RunRecord): string[] {
  const byReason = new Map<string, RequirementId[]>();
  for (const { id, reason = 'no test judged it' } of unjudgedRequired(run))
    byReason.set(reason, [...(byReason.get(reason) ?? []), id]);
  if (byReason.size === 0) return [];
  const groups = [...byReason].map(([reason, ids]) => `${ids.join(', ')} (${reason})`);
  return [`REQUIRE: not judged: ${groups.join('; ')}`];
}

function stated(result: RequirementResult, run: RunRecord): StatedRequirement {
  const { id, level, title, source, outcome, findings } = result;
  const sorted = [...findings].sort((a, b) => rank(a.class) - rank(b.class));
  return {
    id,
    topic: requirementOf(id).topic,
    level,
    title,
    source: sourceText(source),
    outcome,
    ...(!run.selected.has(id) && { selected: false as const }),
    ...whyNotJudged(result, run),
    durationMs: Math.round(durationOf(id, run.exchanges)),
    findings: sorted.map((finding) => statedFinding(finding, run)),
  };
}

/** Why a requirement, or a part of it, was not judged. */
function whyNotJudged(
  { reason, blockedBy, missed }: RequirementResult,
  run: RunRecord,
): Pick<StatedRequirement, 'reason' | 'cause' | 'blockedBy'> {
  if (reason === undefined) return {};
  if (blockedBy) return { reason, cause: 'blocked', blockedBy };
  const [first] = missed;
  if (first) return { reason, cause: first.cause };
  // No test is about it alone, and so none could say why: what stopped the others did.
  const others = run.results.flatMap((one) => one.missed.filter(({ cause }) => UNTESTABLE.has(cause)));
  const why = run.outage ?? others[0];
  return why ? { reason: why.reason, cause: why.cause } : { reason };
}

function durationOf(id: RequirementId, exchanges: readonly Exchange[]): number {
  return exchanges
    .filter(
      ({ judgedAs, judgements }) =>
        judgedAs === id || judgements.some(({ requirement }) => requirement === id),
    )
    .reduce((sum, { durationMs }) => sum + durationMs, 0);
}

export function statedFinding(finding: Finding, run: Pick<RunRecord, 'traceId' | 'journal'>): StatedFinding {
  const { requirement, code, pointer, expected, actual, seen, of, among, states, accepted, exchange } =
    finding;
  const { cleanBefore } = finding;
  const at = pointer !== undefined && { pointer };
  const request = exchange && requestOf(exchange, run.traceId);
  return {
    code,
    class: finding.class,
    ...at,
    message: messageOf(finding),
    expected,
    actual,
    seen,
    of,
    ...(cleanBefore !== undefined && { cleanBefore }),
    among,
    states,
    accepted,
    source: finding.source ?? sourceText(requirementOf(requirement).source),
    ...(request && { request }),
    ...(exchange && { curl: reproducingLine(finding, exchange, run.journal) }),
    entry: { requirement, code, ...at, reason: '', owner: '', expires: '' },
  };
}
