import { createHash } from 'node:crypto';
import { findingLine, findingText } from './finding-text';
import { seenBeforeText } from './history-text';
import { frequency, targetName, verdictText } from './reading';
import type { StatedRequirement, Statement } from './statement';
import { EXIT_CODES } from './verdict';

type Status = 'passed' | 'failed' | 'skipped' | 'pending' | 'other';

/** A test of the Common Test Report Format; ours are requirements. */
interface CtrfTest {
  name: string;
  testId?: string;
  status: Status;
  rawStatus: string;
  duration: number;
  suite: string[];
  message?: string;
  trace?: string;
  tags?: string[];
  flaky?: boolean;
  extra?: object;
}

const SPEC_VERSION = '0.0.0';

/** The statement in the Common Test Report Format, a test a requirement. */
export function renderCtrf(statement: Statement): object {
  const { requirements, verdict, errors, startedAt, durationMs } = statement;
  const isError = EXIT_CODES[verdict] === 2 || errors.length > 0;
  const tests = [
    ...(isError ? [errorTest(statement)] : []),
    ...requirements.map((requirement) => testOf(requirement, statement)),
  ];
  const start = Date.parse(startedAt);
  const count = (status: Status): number => tests.filter((test) => test.status === status).length;
  return {
    reportFormat: 'CTRF',
    specVersion: SPEC_VERSION,
    reportId: uuidOf(`${startedAt} ${statement.target.url} ${statement.traceId ?? ''}`),
    timestamp: new Date(start + durationMs).toISOString(),
    generatedBy: 'paragraph-session-contract',
    results: {
      tool: { name: 'paragraph-session-contract' },
      summary: {
        tests: tests.length,
        passed: count('passed'),
        failed: count('failed'),
        skipped: count('skipped'),
        pending: count('pending'),
        other: count('other'),
        suites: new Set(tests.map(({ suite }) => suite[0])).size,
        start,
        stop: start + durationMs,
        duration: durationMs,
        extra: { verdict, judged: verdictText(statement), counts: statement.counts },
      },
      tests,
      environment: {
        appName: targetName(statement),
        extra: statement.traceId === undefined ? {} : { traceId: statement.traceId },
      },
    },
  };
}

const STATUSES: Record<StatedRequirement['outcome'], Status> = {
  pass: 'passed',
  known: 'passed',
  advice: 'passed',
  fail: 'failed',
  'not-judged': 'skipped',
};

function testOf(requirement: StatedRequirement, { history }: Statement): CtrfTest {
  const { id, title, topic, level, outcome, reason, durationMs, source, findings, moreFindings } =
    requirement;
  const told = findings.map((finding) =>
    findingText(requirement, finding, seenBeforeText(history, id, finding)),
  );
  const first = findings[0];
  const isFlaky = history?.findings.some((one) => one.requirement === id && one.flaky) === true;
  return {
    name: `${id} ${title}`,
    testId: id,
    status: STATUSES[outcome],
    rawStatus: outcome,
    duration: durationMs,
    suite: [topic],
    tags: [id, level],
    ...(first && {
      message: `${findingLine(first)}; expected ${first.expected}, actual ${first.actual}; seen ${frequency(first)}`,
      trace: told.join('\n\n'),
    }),
    ...(outcome === 'not-judged' && reason !== undefined && { message: reason }),
    ...(isFlaky && { flaky: true }),
    extra: { source, ...(moreFindings !== undefined && { moreFindings }) },
  };
}

function errorTest(statement: Statement): CtrfTest {
  const { verdict, errors, requirements } = statement;
  const reasons = errors.length > 0 ? errors : requirements.flatMap(({ reason }) => reason ?? []);
  return {
    name: `The run is ${verdict}`,
    status: 'failed',
    rawStatus: 'error',
    duration: 0,
    suite: ['The run'],
    message: [...new Set(reasons)].slice(0, 100).join('\n') || verdictText(statement),
  };
}

/** A UUID that the same run always has. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
