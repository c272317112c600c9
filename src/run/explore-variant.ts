import type { FindingsCollector } from '../judging/collector';
import type { Variant } from '../stand-in/variant';
import { Run } from './run';
import { LocalRun } from './run-link';
import { readSettings } from './settings';
import { walkThrough } from './walk-link';

/** What exploring one variant of the stand-in has found. */
export interface ExploredVariant {
  /** As REQUIREMENT/code. */
  findings: string[];
  /** Of each walk that failed: how many steps its shortest form has. */
  steps: number[];
  lines: string[];
  walks: number;
  requests: number;
  outage: string | undefined;
}

export async function exploreVariant(variant: Variant, seed: number): Promise<ExploredVariant> {
  const settings = { ...readSettings({}), requestTimeoutMs: 5000, ...variant.settings, exploreSeed: seed };
  const run = await Run.open({ settings, variant });
  run.begin([]);
  const steps: number[] = [];
  const lines: string[] = [];
  let walks = 0;
  for (let walk = 1; walk <= settings.exploreWalks; walk++) {
    const outcome = await walkThrough(new LocalRun(run), walk);
    if ('notJudged' in outcome) break;
    walks++;
    if (!outcome.failing) continue;
    steps.push(outcome.failing.steps.length);
    lines.push(...run.exploration.report(outcome.failing).lines);
  }
  const { requests, outage } = run.gateway;
  await run.close();
  return { findings: findingsIn(run.collector), steps, lines, walks, requests, outage: outage?.reason };
}

function findingsIn(collector: FindingsCollector): string[] {
  return collector
    .results()
    .flatMap(({ findings }) => findings.filter((one) => one.class !== 'advice' && !one.accepted))
    .map(({ requirement, code }) => `${requirement}/${code}`);
}
