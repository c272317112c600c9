import type { RequirementId } from '../catalogue/requirements';
import type { Deviation, Judgement } from './deviation';
import type { Exchange } from './exchange';
import type { Finding } from './finding';
import type { SeenFinding } from './folding';
import { labelsIn } from './labels';
import type { NotJudged } from './not-judged';
import { deviationKey, printableDeviation } from './printable-deviation';
import { joinedSamples, sampleOf } from './sample';

/** Findings of one requirement that are told apart by their pointers. */
const MAX_FINDINGS = 100;

/** Where a judgement was made. */
export interface JudgedAt {
  exchange: Exchange | undefined;
  test: string;
  /** Name of the check; absent for a rule for single responses. */
  check?: string | undefined;
}

/** Responses of one sample that one rule or check has judged, by the number of the exchange. */
interface Sample {
  name: string;
  /** Whole races: which of them could have shown a finding is not known. */
  isOfRaces: boolean;
  exchanges: Set<number>;
}

interface Sighting {
  finding: Finding;
  exchanges: Set<number>;
  samples: Set<Sample>;
  /** Labels of the sessions that it was seen with. */
  sessions: Set<string>;
}

/** Counts the judgements of one requirement. A response counts once, whether a rule or a test judged it, or both. */
export class Tally {
  readonly missed: NotJudged[] = [];
  /** Titles of the tests that judged it. */
  readonly judgedBy = new Set<string>();
  private readonly samples = new Map<string, Sample>();
  private readonly sightings = new Map<string, Sighting>();
  private readonly exchanges = new Set<number>();
  /** Judgements without an exchange have negative numbers, each its own. */
  private withoutExchange = 0;

  constructor(private readonly requirement: RequirementId) {}

  /** How many responses were judged. */
  get judged(): number {
    return this.exchanges.size;
  }

  count({ deviation, among }: Judgement, at: JudgedAt): void {
    const n = at.exchange?.n ?? --this.withoutExchange;
    const isOfRaces = among !== undefined && at.exchange?.batch !== undefined;
    const name = among ?? (at.exchange ? sampleOf(at.exchange) : 'judgements');
    const sample = this.sample(name, isOfRaces, at.check);
    sample.exchanges.add(n);
    this.exchanges.add(n);
    this.judgedBy.add(at.test);
    if (deviation) this.see(deviation, n, sample, at);
  }

  private sample(name: string, isOfRaces: boolean, check = ''): Sample {
    const key = `${check} ${name}`;
    const sample = this.samples.get(key) ?? { name, isOfRaces, exchanges: new Set() };
    this.samples.set(key, sample);
    return sample;
  }

  private see(raw: Deviation, n: number, sample: Sample, { exchange, test }: JudgedAt): void {
    const deviation = printableDeviation(
      raw,
      (key) => !this.sightings.has(key) && this.sightings.size >= MAX_FINDINGS,
    );
    const key = deviationKey(deviation);
    const sighting = this.sightings.get(key) ?? this.firstSighting(deviation, exchange);
    this.sightings.set(key, sighting);
    const { finding } = sighting;
    if (isSimpler(exchange, finding.exchange)) Object.assign(finding, deviation, { exchange });
    const { tests, states } = finding;
    sighting.exchanges.add(n);
    sighting.samples.add(sample);
    for (const label of exchange ? sessionsOf(exchange) : []) sighting.sessions.add(label);
    if (!tests.includes(test)) tests.push(test);
    if (exchange && !states.includes(exchange.state)) states.push(exchange.state);
  }

  private firstSighting(deviation: Deviation, exchange: Exchange | undefined): Sighting {
    const { requirement } = this;
    const counts = { seen: 0, of: 0, among: '', states: [], tests: [], accepted: false };
    const finding: Finding = { ...deviation, requirement, exchange, ...counts };
    return { finding, exchanges: new Set(), samples: new Set(), sessions: new Set() };
  }

  findings(): SeenFinding<Finding>[] {
    return [...this.sightings.values()].map(({ finding, exchanges, samples, sessions }) => {
      const outside = [...samples].filter(({ isOfRaces }) => !isOfRaces);
      const counted = outside.length > 0 ? outside : [...samples];
      const judgedIn = new Set(counted.flatMap((sample) => [...sample.exchanges]));
      const showedIn = new Set([...exchanges].filter((n) => judgedIn.has(n)));
      const among = joinedSamples(
        counted.map(({ name }) => name),
        [...this.samples.values()].map(({ name }) => name),
      );
      const counts = { seen: showedIn.size, of: judgedIn.size, showedIn, judgedIn, among };
      const status = finding.exchange?.answer?.status;
      return { sessions, status, finding: { ...finding, ...counts, ...beginning(judgedIn, showedIn) } };
    });
  }
}

/** After fewer it may be by chance that the last ones show a finding. */
const MIN_CLEAN = 5;

/** Whether a finding began during the run: none showed it before, all did from then on. */
function beginning(
  judgedIn: ReadonlySet<number>,
  showedIn: ReadonlySet<number>,
): Pick<Finding, 'cleanBefore'> {
  const first = Math.min(...showedIn);
  const before = [...judgedIn].filter((n) => n < first).length;
  const isSince = before + showedIn.size === judgedIn.size;
  return isSince && before >= MIN_CLEAN ? { cleanBefore: before } : {};
}

/** A finding is shown by the first exchange outside of a race, if there is one. */
function isSimpler(exchange: Exchange | undefined, first: Exchange | undefined): boolean {
  return first?.batch !== undefined && exchange !== undefined && exchange.batch === undefined;
}

/** Labels of all sessions that a request names, in its path, its query or its body, or that it created. */
function sessionsOf({ session, path, requestBody = '' }: Exchange): string[] {
  const named = labelsIn(`${path} ${requestBody}`).filter((label) =>
    /^\$(?:SESSION|UNKNOWN|GIVEN)_/.test(label),
  );
  return [...new Set(session === undefined ? named : [session, ...named])];
}
