import { UNTESTABLE } from '../judging/collector';
import { bounded } from './bounded';
import type { Latency } from './latency';
import { NOT_SELECTED } from './reading';
import { SCHEMA_VERSION, type StatedFinding, type StatedRequirement, type Statement } from './statement';
import { VERDICTS, type Verdict } from './verdict';

/** Statements can't be merged; the message says why. */
class Unmergeable extends Error {
  override name = 'Unmergeable';
}

/** What an error of REQUIRE begins with: one shard judges a part only, all of them may judge the whole. */
const REQUIRE_ERROR = /^REQUIRE: /;

/**
 * One statement for the shards of a run: the worst verdict, and each requirement by what any shard judged.
 * @throws Unmergeable
 */
export function mergeStatements(shards: readonly Statement[]): Statement {
  const [first, ...others] = shards;
  if (!first) throw new Unmergeable('there is no statement to merge');
  for (const other of others) requireSameRun(first, other);
  const requirements = first.requirements.map(({ id }) =>
    mergeRequirement(shards.flatMap((shard) => shard.requirements.find((one) => one.id === id) ?? [])),
  );
  const starts = shards.map(({ startedAt }) => Date.parse(startedAt));
  const ends = shards.map(({ durationMs }, i) => (starts[i] ?? 0) + durationMs);
  const traceIds = new Set(shards.map(({ traceId }) => traceId));
  const sum = (count: (shard: Statement) => number): number =>
    shards.reduce((total, shard) => total + count(shard), 0);
  const errors = mergeErrors(shards, requirements);
  const selected = requirements.filter((one) => !isNotSelected(one));
  const judged = selected.filter(({ outcome }) => outcome !== 'not-judged');
  return bounded({
    schemaVersion: SCHEMA_VERSION,
    verdict: mergeVerdicts(shards, errors, judged.length),
    target: first.target,
    contract: first.contract,
    ...(first.traceId !== undefined && traceIds.size === 1 && { traceId: first.traceId }),
    startedAt: new Date(Math.min(...starts)).toISOString(),
    durationMs: Math.max(...ends) - Math.min(...starts),
    requests: sum(({ requests }) => requests),
    rateLimited: sum(({ rateLimited }) => rateLimited),
    counts: {
      judged: judged.length,
      expected: selected.length,
      accepted: requirements.flatMap(({ findings }) => findings).filter(({ accepted }) => accepted).length,
      blocked: blockedByAccepted(requirements),
    },
    requirements,
    latency: mergeLatency(shards.flatMap(({ latency }) => latency)),
    left: {
      created: sum(({ left }) => left.created),
      denied: sum(({ left }) => left.denied),
      leftBehind: sum(({ left }) => left.leftBehind),
      sessions: shards.flatMap(({ left }) => left.sessions),
    },
    errors,
  });
}

function requireSameRun(a: Statement, b: Statement): void {
  const name = ({ target }: Statement): string => (target.kind === 'stand-in' ? 'the stand-in' : target.url);
  // Where the settings were wrong, no target is known.
  if (a.target.url !== '' && b.target.url !== '' && name(a) !== name(b))
    throw new Unmergeable(`the statements are of different targets: ${name(a)} and ${name(b)}`);
  if (a.contract.sha256 !== b.contract.sha256)
    throw new Unmergeable('the statements are of runs with different pinned documents');
}

/** The worst; but a shard that is untestable only since it judged a part is judged by the whole. */
function mergeVerdicts(shards: readonly Statement[], errors: string[], judged: number): Verdict {
  const verdicts = shards.map((shard) => (isOnlyPartial(shard) ? 'conforms' : shard.verdict));
  const whole = judged === 0 || errors.some((error) => REQUIRE_ERROR.test(error)) ? 'untestable' : 'conforms';
  return VERDICTS.find((verdict) => [...verdicts, whole].includes(verdict)) ?? 'untestable';
}

function isOnlyPartial({ verdict, errors, requirements }: Statement): boolean {
  return (
    verdict === 'untestable' &&
    errors.every((error) => REQUIRE_ERROR.test(error)) &&
    requirements.every(({ cause }) => cause === undefined || !UNTESTABLE.has(cause))
  );
}

/** Each error once; of what REQUIRE names only what no shard judged. */
function mergeErrors(shards: readonly Statement[], requirements: StatedRequirement[]): string[] {
  const all = [...new Set(shards.flatMap(({ errors }) => errors))];
  const required = new Set(
    all.filter((error) => REQUIRE_ERROR.test(error)).flatMap((error) => error.match(/\b[A-Z]+-\d+\b/g) ?? []),
  );
  const missing = requirements.filter(({ id, outcome }) => required.has(id) && outcome === 'not-judged');
  return [
    ...all.filter((error) => !REQUIRE_ERROR.test(error)),
    ...missing.map(({ id, reason = '' }) => `REQUIRE: not judged: ${id} (${reason})`),
  ];
}

const OUTCOMES = ['fail', 'known', 'advice', 'pass', 'not-judged'] as const;

function mergeRequirement(shards: StatedRequirement[]): StatedRequirement {
  const selected = shards.filter((one) => !isNotSelected(one));
  const [first] = selected.length > 0 ? selected : shards;
  if (!first) throw new Unmergeable('no statement has this requirement');
  const { id, topic, level, title, source } = first;
  const outcome = OUTCOMES.find((one) => shards.some((shard) => shard.outcome === one)) ?? 'not-judged';
  const unjudged =
    [...selected, ...shards].find(({ reason }) => reason !== undefined && reason !== NOT_SELECTED) ?? first;
  const { reason, cause, blockedBy } = selected.length > 0 ? unjudged : first;
  const more = shards.reduce((sum, { moreFindings = 0 }) => sum + moreFindings, 0);
  return {
    id,
    topic,
    level,
    title,
    source,
    outcome,
    ...(selected.length === 0 && { selected: false as const }),
    ...(reason !== undefined && { reason }),
    ...(cause !== undefined && { cause }),
    ...(blockedBy !== undefined && { blockedBy }),
    durationMs: shards.reduce((sum, { durationMs }) => sum + durationMs, 0),
    findings: mergeFindings(shards.flatMap(({ findings }) => findings)),
    ...(more > 0 && { moreFindings: more }),
  };
}

function isNotSelected({ selected, outcome, reason }: StatedRequirement): boolean {
  return selected === false || (outcome === 'not-judged' && reason === NOT_SELECTED);
}

function blockedByAccepted(requirements: StatedRequirement[]): number {
  const accepted = new Set(
    requirements.flatMap(({ id, findings }) =>
      findings.filter((one) => one.accepted).map(({ code }) => `${id}/${code}`),
    ),
  );
  return requirements.filter(
    ({ outcome, blockedBy }) =>
      outcome === 'not-judged' && blockedBy !== undefined && accepted.has(blockedBy),
  ).length;
}

function mergeFindings(findings: StatedFinding[]): StatedFinding[] {
  const merged = new Map<string, StatedFinding>();
  for (const finding of findings) {
    const key = `${finding.code} ${finding.pointer ?? ''}`;
    const other = merged.get(key);
    merged.set(
      key,
      other
        ? {
            ...withoutBeginning(other),
            seen: other.seen + finding.seen,
            of: other.of + finding.of,
            states: [...new Set([...other.states, ...finding.states])],
            accepted: other.accepted && finding.accepted,
          }
        : finding,
    );
  }
  return [...merged.values()];
}

/** Which came first, requests of one shard or of another, is not known. */
function withoutBeginning(finding: StatedFinding): StatedFinding {
  const rest = { ...finding };
  delete rest.cleanBefore;
  return rest;
}

/** Counts and maxima are exact; percentiles are those of the shard with the most answers, since they do not add up. */
function mergeLatency(all: Latency[]): Latency[] {
  const groups = new Map<string, Latency[]>();
  for (const latency of all) {
    const key = `${latency.operation} ${latency.state}`;
    groups.set(key, [...(groups.get(key) ?? []), latency]);
  }
  return [...groups.values()].map((group) => {
    const largest = group.reduce((a, b) => (b.n > a.n ? b : a));
    const n = group.reduce((sum, latency) => sum + latency.n, 0);
    return { ...largest, n, max: Math.max(...group.map(({ max }) => max)) };
  });
}
