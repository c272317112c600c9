import type { Exchange } from '../judging/exchange';
import type { Operation, SessionState } from '../judging/states';

/** How long complete answers took, in ms, on the wire: without pacing and waits. Observed; no verdict rests on it. */
export interface Latency {
  operation: Operation;
  state: SessionState;
  n: number;
  p50: number;
  p95: number;
  max: number;
}

/** The latencies of a run, by operation and state of the session. */
export function latencyOf(exchanges: readonly Exchange[]): Latency[] {
  const groups = new Map<string, { operation: Operation; state: SessionState; times: number[] }>();
  for (const { operation, state, answer, durationMs } of exchanges) {
    if (!answer) continue;
    const key = `${operation} ${state}`;
    const group = groups.get(key) ?? { operation, state, times: [] };
    group.times.push(durationMs);
    groups.set(key, group);
  }
  return [...groups]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([, { operation, state, times }]) => {
      times.sort((a, b) => a - b);
      const [p50, p95, max] = [0.5, 0.95, 1].map((share) => rounded(percentile(times, share)));
      return { operation, state, n: times.length, p50: p50 ?? 0, p95: p95 ?? 0, max: max ?? 0 };
    });
}

/** By the nearest rank: always a value that was observed. */
function percentile(sorted: number[], share: number): number {
  return sorted[Math.max(Math.ceil(share * sorted.length) - 1, 0)] ?? 0;
}

function rounded(ms: number): number {
  return Math.round(10 * ms) / 10;
}
