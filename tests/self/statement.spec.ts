import { expect, test } from '@playwright/test';
import { KnownDeviations } from '../../src/judging/known-deviations';
import { FindingsCollector } from '../../src/judging/collector';
import type { Statement } from '../../src/report/statement';
import { statementOf } from '../../src/report/statement-of';
import { EMPTY_JOURNAL } from '../../src/report/reproduce/journal';
import { readPin } from '../../src/contract/pin';
import type { Exchange } from '../../src/judging/exchange';
import { latencyOf } from '../../src/report/latency';

const OUTAGE = { cause: 'outage', reason: 'status 503: the API is down behind its gateway' } as const;

/** The statement of a run that judged one requirement, or none, before an outage. */
function stateOutageAfter(judged: number): Statement {
  const collector = new FindingsCollector(new KnownDeviations([], '', ''), true);
  collector.select(['POLL-1']);
  for (let i = 0; i < judged; i++) collector.judged({ requirement: 'POLL-1' }, undefined, 'a test');
  collector.missed('POLL-1', OUTAGE);
  return statementOf({
    target: { kind: 'remote', url: 'http://127.0.0.1/' },
    pin: readPin(),
    startedAt: new Date(),
    requests: 1,
    rateLimited: 0,
    driftFails: true,
    results: collector.results(),
    selected: collector.expected,
    left: { created: 0, denied: 0, leftBehind: 0, sessions: [] },
    outage: OUTAGE,
    errors: [],
    required: [],
    exchanges: [],
    journal: EMPTY_JOURNAL,
  });
}

test('an outage is told once, by what it left unjudged', () => {
  const { verdict, requirements, errors } = stateOutageAfter(0);
  expect(verdict).toBe('untestable');
  expect(requirements.find(({ id }) => id === 'POLL-1')?.reason).toBe(OUTAGE.reason);
  expect(errors).toEqual([]);
});

test('an outage that comes when all has been judged once is told too', () => {
  const { verdict, counts, errors } = stateOutageAfter(1);
  expect(verdict).toBe('untestable');
  expect(counts.judged).toBe(1);
  expect(errors).toEqual([OUTAGE.reason]);
});

/** An exchange as far as its latency goes. */
function exchange(operation: 'poll' | 'deny', durationMs: number, hasAnswer = true): Exchange {
  return { operation, state: 'pending', durationMs, answer: hasAnswer ? {} : undefined } as Exchange;
}

test('latency is of complete answers, by operation and state, and always a value that was observed', () => {
  const polls = Array.from({ length: 20 }, (_, i) => exchange('poll', 20 - i));
  expect(latencyOf([...polls, exchange('deny', 7.25), exchange('deny', 9000, false)])).toEqual([
    { operation: 'deny', state: 'pending', n: 1, p50: 7.3, p95: 7.3, max: 7.3 },
    { operation: 'poll', state: 'pending', n: 20, p50: 10, p95: 19, max: 20 },
  ]);
  expect(latencyOf([])).toEqual([]);
});
