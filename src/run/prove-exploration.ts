import type { Variant } from '../stand-in/variant';
import { exploreVariant, type ExploredVariant } from './explore-variant';

/** How many seeds of ten have to find a fault. */
const FOUND_OF_TEN = 9;

/** What several seeds have found in one variant. */
export interface Proof {
  /** For a table: the variant, how many seeds found it, how long the shortest walks are, requests. */
  row: string;
  /** Why the proof failed; undefined where it did not. */
  problem: string | undefined;
}

/** Explores a variant with the seeds from 1 on. */
export async function proveExploration(variant: Variant, seeds: number): Promise<Proof> {
  const started = performance.now();
  const runs: ExploredVariant[] = [];
  for (let seed = 1; seed <= seeds; seed++) runs.push(await exploreVariant(variant, seed));
  const declared: readonly string[] = variant.kind === 'fault' ? (variant.findings ?? []) : [];
  const found = runs.filter(({ findings }) => findings.some((one) => declared.includes(one))).length;
  const others = new Set(runs.flatMap(({ findings }) => findings.filter((one) => !declared.includes(one))));
  const steps = runs.flatMap((run) => run.steps).sort((a, b) => a - b);
  const median = steps[Math.floor((steps.length - 1) / 2)] ?? '–';
  const requests = Math.round(runs.reduce((sum, run) => sum + run.requests, 0) / seeds);
  const seconds = ((performance.now() - started) / seeds / 1000).toFixed(1);
  const problems = [
    ...(variant.kind === 'fault' && found * 10 < seeds * FOUND_OF_TEN
      ? [`found by ${found} of ${seeds}`]
      : []),
    ...(others.size > 0 ? [`also found: ${[...others].join(', ')}`] : []),
    ...(variant.kind === 'benign' ? runs.flatMap(({ outage }) => outage ?? []).slice(0, 1) : []),
  ];
  return {
    row: [
      variant.name.padEnd(36),
      `${found} of ${seeds}`.padEnd(10),
      `${median} steps`.padEnd(9),
      `${requests} requests`.padEnd(13),
      `${seconds} s`,
    ].join(' '),
    problem: problems.length > 0 ? problems.join('; ') : undefined,
  };
}
