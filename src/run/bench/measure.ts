import { faulty, plain, slow } from './targets';
import { timeBareRun, timeContractRun } from './timed-run';

/** From 0 to these, the growth of a run is measured. */
export const LATENCIES_MS = [50, 200] as const;

/** One round: runs that take turns, so that the machine is as busy in each of them. Times in ms. */
export interface Round {
  bare: number;
  contract: number;
  /** By LATENCIES_MS. */
  atLatency: number[];
  faulty: number;
}

export interface Measured {
  rounds: Round[];
  requests: { full: number; polite: number };
  /** Of the run against the faulty target. */
  findings: number;
}

/**
 * Measures contract runs against bare ones.
 * @param progress called with the number of the round that begins
 * @throws Error of one line when a run does not end as it should
 */
export async function measure(count: number, progress: (round: number) => void): Promise<Measured> {
  // The first runs transpile and are not measured. The pace of a polite run would only take time.
  await timeBareRun();
  const full = await timeContractRun(plain);
  const polite = await timeContractRun(plain, 'conforms', {
    PROFILE: 'polite',
    MAX_REQUESTS_PER_SECOND: '1000',
  });
  const rounds: Round[] = [];
  let findings = 0;
  for (let round = 1; round <= count; round++) {
    progress(round);
    const bare = await timeBareRun();
    const contract = (await timeContractRun(plain)).ms;
    const atLatency: number[] = [];
    for (const latency of LATENCIES_MS) atLatency.push((await timeContractRun(slow(latency))).ms);
    const deviating = await timeContractRun(faulty, 'deviates');
    findings = deviating.statement.requirements.flatMap((one) => one.findings).length;
    rounds.push({ bare, contract, atLatency, faulty: deviating.ms });
  }
  const requests = { full: full.statement.requests, polite: polite.statement.requests };
  return { rounds, requests, findings };
}
