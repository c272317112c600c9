import { JUDGED_ON_EVERY_RESPONSE } from '../catalogue/every-response';
import { explanationsOf } from '../catalogue/explanations';
import { findingName, type FindingKey } from '../catalogue/finding-name';
import { REQUIREMENT_IDS, type RequirementId } from '../catalogue/requirements';
import { amongOf } from './check';
import type { Judgement } from './deviation';
import type { Exchange } from './exchange';
import type { Finding } from './finding';
import { Folding, type SeenFinding } from './folding';
import type { JudgementReport, TestEnd } from './judgement';
import type { KnownDeviations } from './known-deviations';
import { UNTESTABLE, type NotJudged } from './not-judged';
import { printable } from './printable';
import { resultOf, type RequirementResult } from './results';
import { Tally, type JudgedAt } from './tally';

export { messageOf, rank, type Finding } from './finding';
export { UNTESTABLE };
export type { RequirementResult, ResultOutcome } from './results';

const NOT_SELECTED: NotJudged = { cause: 'setting', reason: 'not selected' };

/** Collects the judgements of a run, of all its tests and rules. */
export class FindingsCollector {
  private readonly tallies = new Map<RequirementId, Tally>();
  private readonly selected = new Set<RequirementId>();

  constructor(
    private readonly known: KnownDeviations,
    private readonly driftFails: boolean,
  ) {}

  /** Takes the judgement of a rule for single responses. */
  judged(judgement: Judgement, exchange: Exchange | undefined, test = exchange?.test ?? ''): void {
    this.count(judgement, { exchange, test });
  }

  /** Takes the judgement of a test. */
  reported(
    { test, requirement: id, check, deviation, notJudged }: Omit<JudgementReport, 'exchange'>,
    exchange: Exchange | undefined,
  ): void {
    if (notJudged) this.missed(id, notJudged);
    else
      this.count(
        { requirement: id, ...(deviation && { deviation }), among: check && amongOf(check.name) },
        { exchange, test, check: check?.name },
      );
  }

  private count(judgement: Judgement, at: JudgedAt): void {
    this.tally(judgement.requirement).count(judgement, at);
  }

  /** A requirement, or a part of it, could not be judged. */
  missed(id: RequirementId, notJudged: NotJudged): void {
    this.tally(id).missed.push({ ...notJudged, reason: printable(notJudged.reason) });
  }

  /** Requirements that the tests of the run are to judge. */
  select(requirements: readonly RequirementId[]): void {
    for (const id of requirements) this.selected.add(id);
  }

  /** A test has ended; what it was to judge and has not judged is missed. */
  end({ test, requirements, notJudged }: TestEnd): void {
    this.select(requirements);
    if (!notJudged) return;
    for (const id of requirements) if (!this.tallies.get(id)?.judgedBy.has(test)) this.missed(id, notJudged);
  }

  /**
   * The requirements that the run is about: those of the selected tests and those that were judged on the way; all where
   * all tests were selected, and those that were judged where none was, as when a recording is judged again.
   */
  get expected(): ReadonlySet<RequirementId> {
    const isWhole = REQUIREMENT_IDS.every((id) => this.selected.has(id) || isJudgedOnEveryResponse(id));
    if (isWhole) return new Set(REQUIREMENT_IDS);
    return new Set([...this.selected, ...this.tallies.keys()]);
  }

  /** The requirements that the selected tests are about. */
  get tested(): ReadonlySet<RequirementId> {
    return this.selected;
  }

  get hasFindings(): boolean {
    return this.seen().length > 0;
  }

  wasJudged(id: RequirementId): boolean {
    return (this.tallies.get(id)?.judged ?? 0) > 0;
  }

  /** The findings of a test that fail the run, as far as is known by now. */
  unaccepted(test: string): Finding[] {
    const seen = this.seen();
    const folding = new Folding(seen);
    return seen
      .filter(({ finding }) => finding.tests.includes(test) && this.fails(finding))
      .filter((one) => !this.isExcused(one, seen, folding))
      .map(({ finding }) => finding);
  }

  /** An accepted finding explains it, or may do so when it is seen later in the run. */
  private isExcused(one: SeenFinding<Finding>, seen: SeenFinding<Finding>[], folding: Folding): boolean {
    if (folding.isFolded(one)) {
      const cause = folding.reportedFor(one.finding);
      const causes = seen.filter(({ finding }) => findingName(finding) === cause);
      return causes.every(({ finding }) => this.known.accepts(finding));
    }
    return explanationsOf(one.finding).some(({ explainedBy }) => {
      const cause = keyOf(explainedBy);
      return folding.reportedFor(cause) === undefined && this.known.wouldAccept(cause);
    });
  }

  private fails(finding: Finding): boolean {
    // Advice is asked about, too: its entry is not stale as long as it is seen.
    const isAccepted = this.known.accepts(finding);
    return !isAccepted && (finding.class === 'violation' || (finding.class === 'drift' && this.driftFails));
  }

  /** All requirements, in the order of the catalogue. */
  results(): RequirementResult[] {
    const seen = this.seen();
    const folding = new Folding(seen);
    // The entry of a folded finding is not stale either.
    for (const { finding } of seen) this.known.accepts(finding);
    const ended = [...this.tallies.values()]
      .flatMap(({ missed }) => missed)
      .find(({ cause }) => UNTESTABLE.has(cause));
    const unreached = ended ? [ended] : [];
    return REQUIREMENT_IDS.map((id) => {
      const tally = this.tallies.get(id);
      const missed =
        tally?.missed ?? (this.selected.has(id) || isJudgedOnEveryResponse(id) ? unreached : [NOT_SELECTED]);
      const findings = seen.filter(({ finding }) => finding.requirement === id);
      const judged = tally?.judged ?? 0;
      const fails = (finding: Finding): boolean => this.fails(finding);
      return resultOf(id, { judged, missed, findings }, folding, fails, this.driftFails);
    });
  }

  /** All that was seen, also what the results fold into other findings. */
  seen(): SeenFinding<Finding>[] {
    return [...this.tallies.values()].flatMap((tally) => tally.findings());
  }

  private tally(id: RequirementId): Tally {
    const tally = this.tallies.get(id) ?? new Tally(id);
    this.tallies.set(id, tally);
    return tally;
  }
}

function isJudgedOnEveryResponse(id: RequirementId): boolean {
  return (JUDGED_ON_EVERY_RESPONSE as readonly RequirementId[]).includes(id);
}

function keyOf(name: string): FindingKey {
  const [requirement, code] = name.split('/');
  return { requirement, code } as FindingKey;
}
