import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REQUIREMENT_IDS, type RequirementId } from '../catalogue/requirements';
import { pinnedContract } from '../contract/contract';
import { KnownDeviations, type KnownDeviation } from '../judging/known-deviations';
import { parseRecording, rejudge } from '../report/recording';
import { FindingsCollector, type RequirementResult } from '../judging/collector';
import { Run } from './run';
import { LocalRun, type RunLink } from './run-link';
import { readSettings } from './settings';
import type { Declared } from '../stand-in/variant';
import { variantNamed } from '../stand-in/variants/index';
import type { Code } from '../catalogue/codes';
import type { Cause } from '../judging/not-judged';
import type { FindingClass } from '../judging/deviation';

/** What the contract tests found in one variant. */
export interface MatrixRecord {
  variant: string;
  findings: { requirement: RequirementId; code: Code; class: FindingClass }[];
  judged: RequirementId[];
  missed: { requirement: RequirementId; cause: Cause; reason: string }[];
  /** What its recording says when it is judged again. */
  rejudged: MatrixRecord['findings'];
  outage: string | undefined;
  leftBehind: number;
}

const RECORDS = 'matrix';
/** Long enough for a busy machine; variants that hang are given less. */
const REQUEST_TIMEOUT_MS = 5000;

/** Runs against variants of the stand-in, one after the other, within a worker. */
export class MatrixHost {
  private current: { variant: string; run: Run } | undefined;

  constructor(private readonly outputDir: string) {}

  /** The run against a variant; a new one ends the one before. */
  async runAgainst(name: string): Promise<RunLink> {
    if (this.current?.variant !== name) {
      await this.close();
      const variant = variantNamed(name);
      if (!variant) throw new Error(`no such variant: ${name}`);
      const settings = { ...readSettings({}), requestTimeoutMs: REQUEST_TIMEOUT_MS, ...variant.settings };
      // What a fault declares is what it is known for: the mechanism is that of accepted deviations.
      const run = await Run.open({ settings, variant, known: (variant.findings ?? []).map(asKnown) });
      run.begin(REQUIREMENT_IDS);
      this.current = { variant: name, run };
    }
    return new LocalRun(this.current.run);
  }

  /** Ends the last run. */
  async close(): Promise<void> {
    if (!this.current) return;
    const { variant, run } = this.current;
    this.current = undefined;
    const left = await run.close();
    const results = run.collector.results();
    const record: MatrixRecord = {
      variant,
      findings: keysOf(results),
      rejudged: keysOf(rejudgedResults(run)),
      judged: results.filter(({ judged }) => judged > 0).map(({ id }) => id),
      missed: results.flatMap(({ id, missed }) =>
        missed
          .filter(({ reason }) => reason !== 'not selected')
          .map(({ cause, reason }) => ({ requirement: id, cause, reason })),
      ),
      outage: run.gateway.outage?.reason,
      leftBehind: left.leftBehind,
    };
    const folder = join(this.outputDir, RECORDS);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${variant}.json`), JSON.stringify(record));
  }
}

/** The records of a matrix that has run, by variant. */
export function readRecords(outputDir: string): Map<string, MatrixRecord> {
  const folder = join(outputDir, RECORDS);
  const records = readdirSync(folder).map(
    (name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as MatrixRecord,
  );
  return new Map(records.map((record) => [record.variant, record]));
}

/** As a recording would be judged that was written to a file and read from it. */
function rejudgedResults(run: Run): RequirementResult[] {
  const collector = new FindingsCollector(new KnownDeviations([], '', ''), true);
  rejudge(parseRecording(JSON.stringify(run.recording())), pinnedContract(), collector);
  return collector.results();
}

function keysOf(results: RequirementResult[]): MatrixRecord['findings'] {
  return results.flatMap(({ findings }) =>
    findings.map(({ requirement, code, class: cls }) => ({ requirement, code, class: cls })),
  );
}

function asKnown(declared: Declared): KnownDeviation {
  const [requirement, code] = declared.split('/') as [RequirementId, Code];
  return {
    requirement,
    code,
    reason: 'declared by the variant',
    owner: 'the variant',
    expires: '9999-12-31',
  };
}
