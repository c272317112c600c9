import type { Failure } from '../explore/failure';
import type { BatchOutcome, WalkTarget } from '../explore/walk-target';
import { explore, type WalkOutcome } from '../explore/explorer';
import type {
  Call,
  Outcome,
  ProviderState,
  ProviderStateResult,
  RaceEntry,
  SessionFacts,
} from '../gateway/call';
import type { ApiRequest } from '../gateway/translator';
import type { JudgementReport } from '../judging/judgement';
import type { RunLink } from './run-link';

/** Walks through a run, wherever that lives. */
export async function walkThrough(run: RunLink, walk: number): Promise<WalkOutcome> {
  const settings = await run.call('walk-options', {});
  const requestsLeft = async (): Promise<number> => (await run.call('walk-options', {})).requestsLeft;
  return explore(new LinkedTarget(run), walk, { ...settings, requestsLeft });
}

class LinkedTarget implements WalkTarget {
  constructor(private readonly run: RunLink) {}

  send(call: Call, request: ApiRequest): Promise<Outcome> {
    return this.run.send(call, request);
  }

  race(entries: RaceEntry[], approve?: string): Promise<BatchOutcome> {
    return this.run.call('race', {
      entries,
      ...(approve !== undefined && { approve: { session: approve } }),
    });
  }

  provide(session: string, state: ProviderState): Promise<ProviderStateResult> {
    return this.run.call('provider-state', { session, state });
  }

  unknown(): Promise<SessionFacts> {
    return this.run.call('unknown', {});
  }

  async judge(attempt: string, judgements: JudgementReport[]): Promise<Failure[]> {
    return (await this.run.call('walk-judge', { attempt, judgements })).failures;
  }

  async settle(attempt: string, counts: boolean): Promise<void> {
    await this.run.call('walk-settle', { attempt, counts });
  }
}
