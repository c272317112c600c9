import { expect, test } from '@playwright/test';
import type { Finding } from '../../src/judging/finding';
import type { Exchange } from '../../src/judging/exchange';
import { EMPTY_JOURNAL } from '../../src/report/reproduce/journal';
import { reproducingLine } from '../../src/report/reproduce/line';

/*
 * What a line prints. That the lines of all faults show their findings is proved by running them (variants-*.spec.ts).
 */

const BASE = 'http://127.0.0.1:9/api/';
const SESSION = '$SESSION_1';
const SESSION_URL = `"${BASE}v1/api/auth/sessions/${SESSION}"`;

let count = 0;
function exchange(facts: Partial<Exchange>): Exchange {
  const path = facts.operation === 'create' ? 'v1/api/auth/sessions' : `v1/api/auth/sessions/${SESSION}`;
  const method = { create: 'POST', poll: 'GET', deny: 'DELETE', other: 'PUT' }[facts.operation ?? 'other'];
  count++;
  return {
    ...{ n: count, test: 'a test', session: SESSION, base: BASE, path, method, requestHeaders: {} },
    ...{ durationMs: 1, startedAt: new Date(count * 10).toISOString(), judgements: [], ...facts },
  } as Exchange;
}

test.describe('a check that compares polls', () => {
  const poll = (facts: Partial<Exchange> = {}): Exchange =>
    exchange({ operation: 'poll', state: 'pending', ...facts });
  const finding = { requirement: 'POLL-4', code: 'not-returned', seen: 1, of: 1 } as Finding;
  const lineOf = (expectedValue?: string): string => {
    const judgement = {
      requirement: finding.requirement,
      check: { name: 'a check', ...(expectedValue !== undefined && { expectedValue }) },
      deviation: { code: finding.code },
    };
    const before = [exchange({ operation: 'create', state: 'none' }), poll()];
    const between = exchange({ operation: 'deny', state: 'pending' });
    const shown = poll({ judgements: [judgement] as Exchange['judgements'] });
    const exchanges = [...before, between, shown];
    return reproducingLine(finding, shown, { ...EMPTY_JOURNAL, exchanges });
  };

  test('has both polls in its line', () => {
    expect(lineOf('what the first poll showed').split('; ').slice(-3)).toEqual([
      `curl -sS -i -w '\\n' ${SESSION_URL}`,
      `curl -sS -X DELETE -o /dev/null ${SESSION_URL}`,
      `curl -sS -i -w '\\n' ${SESSION_URL}`,
    ]);
  });

  test('has one of them, where it compares with nothing', () => {
    expect(lineOf().split('; ').slice(-3)).toEqual([
      `curl -sS -o /dev/null ${SESSION_URL}`,
      `curl -sS -X DELETE -o /dev/null ${SESSION_URL}`,
      `curl -sS -i -w '\\n' ${SESSION_URL}`,
    ]);
  });
});

test.describe('where a request of the run has timed out', () => {
  const timeout = { kind: 'timeout', message: '' } as const;
  const finding = { requirement: 'DENY-2', code: 'still-pending', seen: 1, of: 2 } as Finding;
  const sent = (hung: Partial<Exchange>): Exchange[] => [
    exchange({ operation: 'create', state: 'none' }),
    exchange({ operation: 'deny', state: 'pending' }),
    exchange({ operation: 'poll', state: 'denied' }),
    exchange({ operation: 'other', state: 'pending', ...hung }),
  ];
  const lineOf = (exchanges: Exchange[], shown = exchanges.at(-1)!): string =>
    reproducingLine(finding, shown, { ...EMPTY_JOURNAL, exchanges });
  const limits = (line: string): (string | undefined)[] =>
    line
      .split(/\bcurl -|--next /)
      .slice(1)
      .map((one) => / -m (\d+)/.exec(one)?.[1]);

  test('each request of a line has a limit: an earlier one may hang as well', () => {
    const line = lineOf(sent({ failure: timeout, durationMs: 5003 }));
    expect(line).toContain('for round in');
    expect(limits(line)).toEqual(['7', '7', '7', '7']);
  });

  test('the lines of other findings have it, too', () => {
    const exchanges = sent({ failure: timeout, durationMs: 300 });
    expect(limits(lineOf(exchanges, exchanges[2]))).toEqual(['2', '2', '2']);
  });

  test('in any other run no line has one', () => {
    expect(lineOf(sent({}))).not.toContain(' -m ');
  });
});
