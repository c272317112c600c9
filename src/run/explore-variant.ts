import { pinnedContract } from '../contract/contract';
import { FindingsCollector } from '../judging/collector';
import { KnownDeviations } from '../judging/known-deviations';
import { parseRecording } from '../report/recording/read';
import { rejudge } from '../report/recording/rejudge';
import type { StatedWalks } from '../report/statement';
import type { Variant } from '../stand-in/variant';
import { Run } from './run';
import { LocalRun } from './run-link';
import { readSettings } from './settings';
import { walkThrough } from './walk-link';

/** What exploring one variant of the stand-in has found. */
export interface ExploredVariant {
  /** As REQUIREMENT/code, each once, without those that fail no run. */
  findings: string[];
  /** The same of its recording, when that is judged again. */
  rejudged: string[];
  /** Of each walk that failed: how many steps its shortest form has. */
  steps: number[];
  failing: StatedWalks['failing'];
  /** How many walks there were, and requests. */
  walks: number;
  requests: number;
  outage: string | undefined;
}

/** Long enough for a busy machine. */
const REQUEST_TIMEOUT_MS = 5000;

/** @param stops no more is walked when a walk has failed */
export async function exploreVariant(
  variant: Variant,
  seed: number,
  { stops = false } = {},
): Promise<ExploredVariant> {
  const settings = {
    ...readSettings({}),
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    ...variant.settings,
    exploreSeed: seed,
  };
  const run = await Run.open({ settings, variant });
  run.begin([]);
  const steps: number[] = [];
  for (let walk = 1; walk <= settings.exploreWalks && !(stops && steps.length > 0); walk++) {
    const outcome = await walkThrough(new LocalRun(run), walk);
    if ('notJudged' in outcome) break;
    if (!outcome.failing) continue;
    steps.push(outcome.failing.steps.length);
    run.exploration.report(outcome.failing);
  }
  const { requests, outage } = run.gateway;
  await run.close();
  const { walked = 0, failing = [] } = run.exploration.stated ?? {};
  return {
    findings: findingsIn(run.collector),
    rejudged: findingsIn(rejudged(run)),
    steps,
    failing,
    walks: walked,
    requests,
    outage: outage?.reason,
  };
}

function rejudged(run: Run): FindingsCollector {
  const collector = new FindingsCollector(new KnownDeviations([], '', ''), true);
  rejudge(parseRecording(JSON.stringify(run.recording())), pinnedContract(), collector);
  return collector;
}

function findingsIn(collector: FindingsCollector): string[] {
  const names = collector
    .results()
    .flatMap(({ findings }) => findings.filter((one) => one.class !== 'advice' && !one.accepted))
    .map(({ requirement, code }) => `${requirement}/${code}`);
  return [...new Set(names)].sort();
}
