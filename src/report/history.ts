import { isObject } from '../contract/json';
import { MAX_POINTER, printable } from '../judging/printable';
import type { Change, ChangedFinding, History } from './changes';
import type { StatedRequirement, Statement } from './statement';

/** What is read of the statement of an earlier run; one of an older version of the suite may have less than this one's. */
export interface PreviousStatement {
  verdict: string;
  startedAt: string;
  target: { kind?: string; url: string };
  requirements: { id: string; outcome?: string; findings: { code: string; pointer?: string }[] }[];
}

/** The earlier runs that PREVIOUS names. */
export interface Previous {
  statements: PreviousStatement[];
  /** Files that should be statements and can't be read: one line each. */
  unreadable: string[];
}

const MAX_FINDINGS = 300;
const MAX_UNREADABLE = 20;

export function isStatement(value: unknown): value is PreviousStatement {
  return (
    isObject(value) &&
    typeof value.verdict === 'string' &&
    typeof value.startedAt === 'string' &&
    isObject(value.target) &&
    typeof value.target.url === 'string' &&
    Array.isArray(value.requirements) &&
    value.requirements.every(
      (one) =>
        isObject(one) &&
        typeof one.id === 'string' &&
        Array.isArray(one.findings) &&
        one.findings.every(
          (finding) =>
            isObject(finding) &&
            typeof finding.code === 'string' &&
            ['string', 'undefined'].includes(typeof finding.pointer),
        ),
    )
  );
}

/** Compares a run with earlier ones: a finding is the same if its requirement, code and pointer are. */
export function historyOf({ statements, unreadable }: Previous, statement: Statement): History {
  const earlier = inOrder(ofSameTarget(statements, statement));
  const last = earlier.at(-1);
  const runs = [...earlier, statement].map(runOf);
  const keys = new Map(runs.flatMap(({ found }) => [...found]));
  const findings = [...keys]
    .map(([key, named]) => changeOf(key, named, runs))
    .filter((one) => one !== undefined);
  const isOther = last && !isSameTarget(last, statement);
  const more = findings.length - MAX_FINDINGS;
  return {
    runs: earlier.length,
    ...(last && { first: clean(earlier[0]?.startedAt ?? ''), last: clean(last.startedAt) }),
    ...(last && { lastVerdict: clean(last.verdict) }),
    ...(isOther && { lastTarget: clean(last.target.url) }),
    findings: findings.slice(0, MAX_FINDINGS),
    ...(more > 0 && { moreFindings: more }),
    unreadable: unreadable.slice(0, MAX_UNREADABLE).map((line) => printable(line)),
  };
}

function clean(text: string): string {
  return printable(text, MAX_POINTER);
}

/** Of many runs only those against the same target; a single one is what the user wants to compare with. */
function ofSameTarget(statements: PreviousStatement[], statement: Statement): PreviousStatement[] {
  if (statements.length === 1) return statements;
  return statements.filter((one) => isSameTarget(one, statement));
}

function isSameTarget({ target }: PreviousStatement, statement: Statement): boolean {
  // The stand-in has another port each time.
  return statement.target.kind === 'stand-in'
    ? target.kind === 'stand-in'
    : target.url === statement.target.url;
}

/** The oldest first, each once. */
function inOrder(statements: PreviousStatement[]): PreviousStatement[] {
  const unique = new Map(statements.map((one) => [`${one.startedAt} ${one.verdict}`, one]));
  return [...unique.values()].sort((a, b) => timeOf(a) - timeOf(b));
}

function timeOf({ startedAt }: PreviousStatement): number {
  return Date.parse(startedAt) || 0;
}

interface Named {
  requirement: string;
  code: string;
  pointer?: string;
}

/** A run as far as its findings go. */
interface ComparedRun {
  startedAt: string;
  found: Map<string, Named>;
  isJudged: (requirement: string) => boolean;
}

function runOf({ startedAt, requirements }: PreviousStatement | Statement): ComparedRun {
  const found = new Map<string, Named>();
  for (const { id, findings } of requirements)
    for (const { code, pointer } of findings) {
      const named = {
        requirement: clean(id),
        code: clean(code),
        ...(pointer !== undefined && { pointer: clean(pointer) }),
      };
      found.set(findingName(named.requirement, named), named);
    }
  const judged = new Set<string>(
    (requirements as Pick<StatedRequirement, 'id' | 'outcome'>[])
      .filter(({ outcome }) => outcome !== 'not-judged')
      .map(({ id }) => id),
  );
  return { startedAt, found, isJudged: (id) => judged.has(id) };
}

/** @returns undefined for what went some runs ago and has not come back: no news, unless it comes and goes */
function changeOf(key: string, named: Named, runs: ComparedRun[]): ChangedFinding | undefined {
  const now = runs.at(-1);
  // A run that did not judge the requirement says nothing about the finding.
  const telling = runs.filter((run) => run.found.has(key) || run.isJudged(named.requirement));
  const sides = telling.map((run) => run.found.has(key));
  const before = telling.at(-1) === now ? sides.slice(0, -1) : sides;
  const isJudgedNow = telling.at(-1) === now;
  const isFoundNow = now?.found.has(key) ?? false;
  const flaky = sides.filter((side, i) => i > 0 && side !== sides[i - 1]).length >= 2;
  const wasFound = before.at(-1) ?? false;
  if (!isFoundNow && !wasFound && !flaky) return undefined;
  const whenFound: Change = wasFound ? 'still' : 'new';
  const whenNotFound: Change = isJudgedNow ? 'gone' : 'unknown';
  const since = telling[sides.lastIndexOf(false) + 1]?.startedAt;
  return {
    ...named,
    change: isFoundNow ? whenFound : whenNotFound,
    flaky,
    ...(sides.at(-1) && since !== undefined && { since: clean(since) }),
    foundIn: before.filter(Boolean).length,
    of: before.length,
  };
}

export function findingName(id: string, { code, pointer }: { code: string; pointer?: string }): string {
  return `${id} ${code}${pointer ? ` at ${pointer}` : ''}`;
}
