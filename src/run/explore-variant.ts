import { pinnedContract } from '../contract/contract';
import type { FailingWalk } from '../explore/explorer';
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
  failing: (StatedWalks['failing'][number] & {
    /** The text of its script. */
    text: string;
    /** The responses of its shortest form: `200 pending`, `500`. */
    responses: string[];
  })[];
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
  const responses: string[][] = [];
  for (let walk = 1; walk <= settings.exploreWalks && !(stops && steps.length > 0); walk++) {
    const outcome = await walkThrough(new LocalRun(run), walk);
    if ('notJudged' in outcome) break;
    if (!outcome.failing) continue;
    steps.push(outcome.failing.steps.length);
    responses.push(responsesTo(outcome.failing, run));
    run.exploration.report(outcome.failing);
  }
  const { requests, outage } = run.gateway;
  await run.close();
  const { walked = 0, failing = [] } = run.exploration.stated ?? {};
  return {
    findings: findingsIn(run.collector),
    rejudged: findingsIn(rejudged(run)),
    steps,
    failing: failing.map((one, i) => ({
      ...one,
      text: run.exploration.scripts[i]?.text ?? '',
      responses: responses[i] ?? [],
    })),
    walks: walked,
    requests,
    outage: outage?.reason,
  };
}

function responsesTo({ trace }: FailingWalk, { gateway }: Run): string[] {
  return responseTexts(
    trace.flatMap((entry) => {
      const answer = entry.did === 'request' ? gateway.exchanges[entry.exchange - 1]?.answer : undefined;
      return answer ? [{ status: answer.status, body: answer.json?.value }] : [];
    }),
  );
}

/** What responses say, as far as their meaning goes; an API key is called by its place among the keys that they show. */
export function responseTexts(responses: readonly { status: number; body: unknown }[]): string[] {
  const keys: string[] = [];
  return responses.map(({ status, body }) => {
    const { status: shown, apiKey } = (body ?? {}) as { status?: string; apiKey?: string };
    if (apiKey !== undefined && !keys.includes(apiKey)) keys.push(apiKey);
    return [status, shown, apiKey && `key ${keys.indexOf(apiKey) + 1}`].filter((one) => one).join(' ');
  });
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
