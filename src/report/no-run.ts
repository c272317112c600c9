import { EMPTY_JOURNAL } from './reproduce/journal';
import { readPin } from '../contract/pin';
import { FindingsCollector } from '../judging/collector';
import { KnownDeviations } from '../judging/known-deviations';
import type { Statement } from './statement';
import { statementOf, type RunRecord } from './statement-of';
import type { RunError } from './verdict';

/** The statement of a run that never came about. */
export function stateNothing(errors: RunError[], isStandIn: boolean): Statement {
  return statementOf({
    target: { kind: isStandIn ? 'stand-in' : 'remote', url: '' },
    pin: pinIfAny(),
    startedAt: new Date(),
    requests: 0,
    rateLimited: 0,
    driftFails: true,
    results: new FindingsCollector(new KnownDeviations([], '', ''), true).results(),
    selected: new Set(),
    required: [],
    left: { created: 0, denied: 0, leftBehind: 0, sessions: [] },
    outage: undefined,
    errors,
    exchanges: [],
    journal: EMPTY_JOURNAL,
  });
}

/** A broken pin may be why there was no run. */
function pinIfAny(): RunRecord['pin'] {
  try {
    return readPin();
  } catch {
    return { 'x-origin': [] };
  }
}
