import { JUDGED_ON_EVERY_RESPONSE } from '../catalogue/every-response';
import {
  requirement,
  REQUIREMENT_IDS,
  type Level,
  type RequirementId,
  type Source,
} from '../catalogue/requirements';
import type { Exchange } from './exchange';
import type { KnownDeviations } from './known-deviations';
import { CODES } from '../catalogue/codes';
import type { Code } from '../catalogue/codes';
import type { JudgementReport, TestEnd } from './judgement';
import type { Cause, NotJudged } from './not-judged';
import type { FindingClass, Deviation, Judgement } from './deviation';
import { printable } from './printable';
import { deviationKey, printableDeviation } from './printable-deviation';
import type { SessionState } from './states';

/** Equal deviations of a run, counted as one. */
export interface Finding extends Deviation {
  requirement: RequirementId;
  /** How often it was seen, of how many judgements of the requirement. */
  seen: number;
  of: number;
  /** The first exchange that showed it. */
  exchange: Exchange | undefined;
  /** The states of the sessions with which it was seen. */
  states: SessionState[];
  tests: string[];
  accepted: boolean;
}

export type ResultOutcome = 'pass' | 'fail' | 'known' | 'advice' | 'not-judged';

/** What a run has to say of a requirement. */
export interface RequirementResult {
  id: RequirementId;
  level: Level;
  title: string;
  source: Source;
  outcome: ResultOutcome;
  reason?: string;
  /** Why a part of it, or all, was not judged. */
  missed: NotJudged[];
  judged: number;
  findings: Finding[];
}

function isJudgedOnEveryResponse(id: RequirementId): boolean {
  return (JUDGED_ON_EVERY_RESPONSE as readonly RequirementId[]).includes(id);
}

interface Tally {
  judged: number;
  /** Titles of the tests that judged it. */
  judgedBy: Set<string>;
  findings: Map<string, Finding>;
  missed: NotJudged[];
}

/** Findings of one requirement that are told apart by their pointers. */
const MAX_FINDINGS = 100;

/** Collects the judgements of a run: one home for findings, wherever they were made. */
export class FindingsCollector {
  private readonly tallies = new Map<RequirementId, Tally>();
  private readonly selected = new Set<RequirementId>();

  constructor(
    private readonly known: KnownDeviations,
    private readonly driftFails: boolean,
  ) {}

  judged(
    { requirement: id, deviation: raw }: Judgement,
    exchange: Exchange | undefined,
    test = exchange?.test ?? '',
  ): void {
    const tally = this.tally(id);
    tally.judged++;
    tally.judgedBy.add(test);
    if (!raw) return;
    const deviation = printableDeviation(
      raw,
      (key) => !tally.findings.has(key) && tally.findings.size >= MAX_FINDINGS,
    );
    const key = deviationKey(deviation);
    const found = tally.findings.get(key);
    if (found) {
      found.seen++;
      if (!found.tests.includes(test)) found.tests.push(test);
      if (exchange && !found.states.includes(exchange.state)) found.states.push(exchange.state);
    } else {
      tally.findings.set(key, {
        ...deviation,
        requirement: id,
        seen: 1,
        of: 0,
        exchange,
        states: exchange ? [exchange.state] : [],
        tests: [test],
        accepted: false,
      });
    }
  }

  /** A requirement could not be judged, in one place at least. */
  missed(id: RequirementId, { cause, reason }: NotJudged): void {
    this.tally(id).missed.push({ cause, reason: printable(reason) });
  }

  /** Takes a test's own judgement. */
  reported(
    { test, requirement: id, deviation, notJudged }: Omit<JudgementReport, 'exchange'>,
    exchange: Exchange | undefined,
  ): void {
    if (notJudged) this.missed(id, notJudged);
    else this.judged({ requirement: id, ...(deviation && { deviation }) }, exchange, test);
  }

  /** Requirements that a test is to judge, whether it comes to it or not. */
  select(requirements: readonly RequirementId[]): void {
    for (const id of requirements) this.selected.add(id);
  }

  /** A test is over; what it was to judge and did not come to is missed. */
  end({ test, requirements, notJudged }: TestEnd): void {
    this.select(requirements);
    if (!notJudged) return;
    for (const id of requirements) if (!this.tallies.get(id)?.judgedBy.has(test)) this.missed(id, notJudged);
  }

  /**
   * The requirements that the run is about: those of the selected tests and those that were judged besides; all of them
   * where all tests were selected, and those that were judged where none was, as in a recording.
   */
  get expected(): ReadonlySet<RequirementId> {
    const isWhole = REQUIREMENT_IDS.every((id) => this.selected.has(id) || isJudgedOnEveryResponse(id));
    return isWhole ? new Set(REQUIREMENT_IDS) : new Set([...this.selected, ...this.tallies.keys()]);
  }

  get hasFindings(): boolean {
    return [...this.tallies.values()].some(({ findings }) => findings.size > 0);
  }

  wasJudged(id: RequirementId): boolean {
    return (this.tallies.get(id)?.judged ?? 0) > 0;
  }

  /** The findings that a test has part in and that would fail a run. */
  unaccepted(test: string): Finding[] {
    return [...this.tallies.values()]
      .flatMap(({ findings }) => [...findings.values()])
      .filter((finding) => finding.tests.includes(test) && this.fails(finding));
  }

  fails(finding: Finding): boolean {
    // Also asked of what fails no run: an entry is not stale as long as its finding comes.
    const isAccepted = [finding, ...causesOf(finding)].some((one) => this.known.accepts(one));
    return !isAccepted && (finding.class === 'violation' || (finding.class === 'drift' && this.driftFails));
  }

  /** All requirements, in the order of the catalogue. */
  results(): RequirementResult[] {
    const findings = this.foldedFindings();
    return REQUIREMENT_IDS.map((id) => this.result(id, findings.get(id) ?? []));
  }

  private result(id: RequirementId, findings: Finding[]): RequirementResult {
    const { level, title, source } = requirement(id);
    const tally = this.tallies.get(id);
    const folded = (tally?.findings.size ?? 0) > findings.length;
    const missed =
      this.selected.has(id) || isJudgedOnEveryResponse(id) || tally
        ? (tally?.missed ?? [])
        : [{ cause: 'setting' as Cause, reason: 'not selected' }];
    const failing = findings.filter((finding) => this.fails(finding));
    for (const finding of findings)
      finding.accepted = !failing.includes(finding) && finding.class !== 'advice';
    const base = { id, level, title, source, missed, judged: tally?.judged ?? 0, findings };
    const reason = missed[0]?.reason;
    if (failing.length > 0) return { ...base, outcome: 'fail', ...(reason !== undefined && { reason }) };
    if (folded && findings.length === 0)
      return { ...base, outcome: 'not-judged', reason: this.foldedReason(id) };
    if (base.judged === 0) return { ...base, outcome: 'not-judged', reason: reason ?? 'no test came to it' };
    const outcome = findings.some(
      ({ class: cls }) => cls === 'violation' || (cls === 'drift' && this.driftFails),
    )
      ? 'known'
      : findings.length > 0
        ? 'advice'
        : 'pass';
    return { ...base, outcome, ...(reason !== undefined && { reason }) };
  }

  private foldedFindings(): Map<RequirementId, Finding[]> {
    const all = [...this.tallies.values()].flatMap(({ judged, findings }) =>
      [...findings.values()].map((finding) => ({ ...finding, of: judged })),
    );
    const kept = withoutExplained(all);
    return new Map(REQUIREMENT_IDS.map((id) => [id, kept.filter((finding) => finding.requirement === id)]));
  }

  private foldedReason(id: RequirementId): string {
    const findings = [...(this.tallies.get(id)?.findings.values() ?? [])];
    const causes = findings
      .flatMap((finding) => causesOf(finding))
      .filter((cause) => this.tallies.get(cause.requirement)?.findings.size);
    return `${[...new Set(causes.map((cause) => cause.requirement))].join(' and ')} broke it; seen besides: ${findings.map(({ code, seen }) => `${code} (${seen})`).join(', ')}`;
  }

  private tally(id: RequirementId): Tally {
    let tally = this.tallies.get(id);
    if (!tally) {
      tally = { judged: 0, judgedBy: new Set(), findings: new Map(), missed: [] };
      this.tallies.set(id, tally);
    }
    return tally;
  }
}

/** Causes that make a run untestable; the others are choices, or findings of their own. */
export const UNTESTABLE = new Set<Cause>(['outage', 'interrupted', 'crash']);

function causesOf({
  requirement: id,
  code,
}: {
  requirement: RequirementId;
  code: Code;
}): { requirement: RequirementId; code: Code }[] {
  return (requirement(id).explainedBy?.[code] ?? []).map((cause) => {
    const [causeId, causeCode] = cause.split('/') as [RequirementId, Code];
    return { requirement: causeId, code: causeCode };
  });
}

/** One cause makes one finding: those that another one explains are left out. */
export function withoutExplained<T extends { requirement: RequirementId; code: Code }>(findings: T[]): T[] {
  const isFound = (cause: { requirement: RequirementId; code: Code }): boolean =>
    findings.some(({ requirement: id, code }) => id === cause.requirement && code === cause.code);
  return findings.filter((finding) => !causesOf(finding).some(isFound));
}

/** A finding as one sentence. */
export function messageOf({ code, expected, actual, exchange }: Finding): string {
  const request = exchange
    ? ` (${exchange.method} of a session that is ${exchange.state === 'none' ? 'new' : exchange.state})`
    : '';
  return `${CODES[code]}: expected ${expected}, actual ${actual}${exchange?.operation === 'create' ? '' : request}`;
}

export function rank(cls: FindingClass): number {
  return ['violation', 'drift', 'advice'].indexOf(cls);
}
