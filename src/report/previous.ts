import { isObject } from '../contract/json';
import type { StatedRequirement, Statement } from './statement';

/** What is read of the statement of an earlier run; one of an older version of the suite may have less than this one's. */
export interface PreviousStatement {
  verdict: string;
  startedAt: string;
  target: { url: string };
  requirements: { id: string; findings: { code: string; pointer?: string }[] }[];
}

/** Findings by name, as in "DENY-1 status at /success". */
export interface Comparison {
  new: string[];
  still: string[];
  gone: string[];
  /** Found before, and their requirement was not judged this time. */
  unknown: string[];
}

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

/** What has changed between two runs: a finding is the same if its requirement, code and pointer are. */
export function compare(previous: PreviousStatement, statement: Statement): Comparison {
  const before = previous.requirements.flatMap(({ id, findings }) =>
    findings.map((finding) => ({ id, name: findingName(id, finding) })),
  );
  const now = statement.requirements.flatMap(({ id, findings }) =>
    findings.map((finding) => findingName(id, finding)),
  );
  const judged = new Set<string>(statement.requirements.filter(isJudged).map(({ id }) => id));
  const lost = before.filter(({ name }) => !now.includes(name));
  return {
    new: now.filter((name) => !before.some((one) => one.name === name)),
    still: now.filter((name) => before.some((one) => one.name === name)),
    gone: lost.filter(({ id }) => judged.has(id)).map(({ name }) => name),
    unknown: lost.filter(({ id }) => !judged.has(id)).map(({ name }) => name),
  };
}

function isJudged({ outcome }: StatedRequirement): boolean {
  return outcome !== 'not-judged';
}

export function findingName(id: string, { code, pointer }: { code: string; pointer?: string }): string {
  return `${id} ${code}${pointer ? ` at ${pointer}` : ''}`;
}
