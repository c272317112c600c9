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
