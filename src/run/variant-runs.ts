import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Code } from '../catalogue/codes';
import { REQUIREMENT_IDS, type RequirementId } from '../catalogue/requirements';
import { pinnedContract } from '../contract/contract';
import { UNREACHED } from '../judging/results';
import { FindingsCollector, messageOf, type Finding, type RequirementResult } from '../judging/collector';
import { judgementOf, type Exchange } from '../judging/exchange';
import type { Check } from '../judging/judgement';
import type { FindingClass } from '../judging/deviation';
import { KnownDeviations } from '../judging/known-deviations';
import type { Cause } from '../judging/not-judged';
import { parseRecording } from '../report/recording/read';
import { rejudge } from '../report/recording/rejudge';
import { reproducingLine } from '../report/reproduce/line';
import type { Variant } from '../stand-in/variant';
import type { RunVerbs } from './protocol';
import { Run } from './run';
import { LocalRun, type RunLink } from './run-link';
import { readSettings } from './settings';

/** What the contract tests found in one variant. */
export interface VariantRecord {
  variant: string;
  findings: { requirement: RequirementId; code: Code; class: FindingClass }[];
  judged: RequirementId[];
  notJudged: { requirement: RequirementId; cause: Cause; reason: string }[];
  /** What was not judged, and nothing says why. */
  unreached: RequirementId[];
  /** Denials that a test sent, and whose response it did not judge by a check of its own. */
  unjudgedDenials: string[];
  /** How many requests were sent to it. */
  requests: number;
  /** What its recording shows when it is judged again. */
  rejudged: VariantRecord['findings'];
  outage: string | undefined;
  leftBehind: number;
  /** The address that the lines name. */
  url: string;
  lines: FindingLine[];
  /** What a person reads of it: the findings, why something is not judged, and the lines. */
  texts: string[];
}

/** A finding, the line that is to show it, and how what the line prints can be judged. */
export interface FindingLine {
  requirement: RequirementId;
  code: Code;
  line: string;
  exchange: Exchange;
  check: Check | undefined;
  sent: { deviceName?: string; callbackUrl?: string } | undefined;
}

/** Bounds waits, such as for a Retry-After. No request times out that the stand-in answers; see Wire. */
const REQUEST_TIMEOUT_MS = 5000;

/** No finding fails a contract test: the comparison with what the variant declares judges them all. */
class VariantRun extends LocalRun {
  override async call<V extends keyof RunVerbs>(
    verb: V,
    body: RunVerbs[V]['params'],
  ): Promise<RunVerbs[V]['result']> {
    const given = await super.call(verb, body);
    return verb === 'end' ? { ...given, findings: [] } : given;
  }
}

/** Runs against variants of the stand-in, one after the other, within a worker. */
export class VariantRuns {
  private current: { variant: Variant; run: Run } | undefined;

  /** The run against a variant; a new one ends the one before. */
  async against(variant: Variant): Promise<RunLink> {
    if (this.current?.variant !== variant) {
      await this.close();
      const settings = { ...readSettings({}), requestTimeoutMs: REQUEST_TIMEOUT_MS, ...variant.settings };
      const run = await Run.open({ settings, variant });
      run.begin(REQUIREMENT_IDS);
      this.current = { variant, run };
    }
    return new VariantRun(this.current.run);
  }

  /**
   * Ends the run against a variant.
   * @param folder where a record of the run is kept
   */
  async finish({ name }: Variant, folder: string): Promise<VariantRecord> {
    if (this.current?.variant.name !== name)
      throw new Error(
        `the run against ${name} was lost: a failed test restarts the worker; mend the contract test that failed`,
      );
    const { run } = this.current;
    const leftBehind = await this.close();
    const record = recordOf(name, run, leftBehind);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(record));
    return record;
  }

  /** @returns how many sessions could not be denied */
  async close(): Promise<number> {
    const run = this.current?.run;
    this.current = undefined;
    return (await run?.close())?.leftBehind ?? 0;
  }
}

function recordOf(variant: string, run: Run, leftBehind: number): VariantRecord {
  const results = run.collector.results();
  const findings = results.flatMap((result) => result.findings);
  const lines = findings.flatMap((finding) => lineOf(finding, run));
  const reasons = results.flatMap(({ reason }) => reason ?? []);
  return {
    variant,
    findings: findingsIn(results),
    rejudged: findingsIn(rejudgedResults(run)),
    judged: results.filter(({ judged }) => judged > 0).map(({ id }) => id),
    notJudged: results.flatMap(({ id, missed }) =>
      missed
        .filter(({ reason }) => reason !== 'not selected')
        .map(({ cause, reason }) => ({ requirement: id, cause, reason })),
    ),
    unreached: results.filter(({ reason }) => reason === UNREACHED).map(({ id }) => id),
    unjudgedDenials: run.gateway.exchanges
      .filter(isUnjudgedDenial)
      .map(({ test, path }) => `${test}: ${path}`),
    requests: run.gateway.requests,
    outage: run.gateway.outage?.reason,
    leftBehind,
    url: run.gateway.exchanges[0]?.base ?? '',
    lines,
    texts: [...findings.map(messageOf), ...reasons, ...lines.map(({ line }) => line)],
  };
}

/** The responses of a race are judged together. */
function isUnjudgedDenial({ operation, state, test, judgements }: Exchange): boolean {
  const isOfTest = test.includes('.spec.ts') && operation === 'deny' && state !== 'racing';
  return isOfTest && !judgements.some(({ check }) => check !== undefined);
}

function lineOf(finding: Finding, run: Run): FindingLine[] {
  const { requirement, code, exchange } = finding;
  if (!exchange) return [];
  const found = judgementOf(exchange, finding);
  const sent = run.gateway.ledger.find(exchange.session)?.sent;
  const line = reproducingLine(finding, exchange, run.journal());
  return [{ requirement, code, line, exchange, check: found?.check, sent }];
}

/** As a recording would be judged that was written to a file and read from it. */
function rejudgedResults(run: Run): RequirementResult[] {
  const collector = new FindingsCollector(new KnownDeviations([], '', ''), true);
  rejudge(parseRecording(JSON.stringify(run.recording())), pinnedContract(), collector);
  return collector.results();
}

function findingsIn(results: RequirementResult[]): VariantRecord['findings'] {
  return results.flatMap(({ findings }) =>
    findings.map(({ requirement, code, class: cls }) => ({ requirement, code, class: cls })),
  );
}
