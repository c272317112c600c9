import { expect, test } from '@playwright/test';
import type { Finding } from '../../src/judging/finding';
import type { Exchange } from '../../src/judging/exchange';
import { EMPTY_JOURNAL, type Journal } from '../../src/report/reproduce/journal';
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
    ...{ durationMs: 1, startedAt: new Date(count * 1000).toISOString(), judgements: [], ...facts },
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

test.describe('requests that the run sent within moments', () => {
  const finding = { requirement: 'DENY-2', code: 'still-pending', seen: 1, of: 1 } as Finding;
  const CLOSE = "-H 'connection: close'";
  const sent = (gapMs: number, facts: Partial<Exchange> = {}): Exchange[] => {
    const created = exchange({ operation: 'create', state: 'none', sentAtMs: 0, answeredAtMs: 1, ...facts });
    const after = (ms: number): Partial<Exchange> => ({ sentAtMs: ms, answeredAtMs: ms + 1, ...facts });
    return [
      created,
      exchange({ operation: 'deny', state: 'pending', ...after(2) }),
      exchange({ operation: 'poll', state: 'denied', ...after(3 + gapMs) }),
    ];
  };
  const commandsOf = (
    exchanges: Exchange[],
    journal: Partial<Journal> = {},
    of: Finding = finding,
  ): string[] =>
    reproducingLine(of, exchanges.at(-1)!, { ...EMPTY_JOURNAL, exchanges, ...journal })
      .split('; ')
      .slice(2);

  test('are sent by one curl, which starts faster than a second one, on connections of their own', () => {
    expect(commandsOf(sent(2))).toEqual([
      `curl -sS ${CLOSE} -X DELETE -o /dev/null ${SESSION_URL} --next -sS -i -w '\\n' ${SESSION_URL}`,
    ]);
  });

  test('are sent over HTTP/1.1, as only there a connection can be closed', () => {
    const url = SESSION_URL.replace('http:', 'https:');
    expect(commandsOf(sent(2, { base: BASE.replace('http:', 'https:') }))).toEqual([
      `curl -sS --http1.1 ${CLOSE} -X DELETE -o /dev/null ${url} --next -sS --http1.1 -i -w '\\n' ${url}`,
    ]);
  });

  test('have between them what the provider was asked for', () => {
    const exchanges = sent(2);
    const after = exchanges[1]?.n ?? 0;
    const providerSteps = [
      { after, session: SESSION, state: 'session is completed', result: 'done' } as const,
    ];
    const [, command = ''] = commandsOf(exchanges, { providerSteps });
    expect(command).toMatch(/^curl .*DELETE .* --next .*"\$PROVIDER_STATE_URL" --next -sS -i -w /);
  });

  test('have curls of their own, where the run took its time', () => {
    expect(commandsOf(sent(100))).toEqual([
      `curl -sS -X DELETE -o /dev/null ${SESSION_URL}`,
      `curl -sS -i -w '\\n' ${SESSION_URL}`,
    ]);
  });

  test('have curls of their own, where every such response shows the finding', () => {
    const curls = (seen: number): string[] => {
      const status = { requirement: 'POLL-4', code: 'status', seen, of: 3 } as Finding;
      return commandsOf(sent(2), {}, status).filter((command) => command.startsWith('curl'));
    };
    expect(curls(3)).toHaveLength(2);
    expect(curls(2)).toHaveLength(1);
  });
});

test('a poll that followed a denial is sent by the same curl, and the one beside that before it', () => {
  const race = { state: 'racing', batch: 1 } as const;
  const exchanges = [
    exchange({ operation: 'create', state: 'none', sentAtMs: 0, answeredAtMs: 1 }),
    exchange({ operation: 'poll', ...race, sentAtMs: 2, answeredAtMs: 4 }),
    exchange({ operation: 'poll', ...race, sentAtMs: 2, answeredAtMs: 4 }),
    exchange({ operation: 'deny', ...race, sentAtMs: 2, answeredAtMs: 5 }),
    exchange({ operation: 'poll', state: 'racing', follows: true, sentAtMs: 5.1, answeredAtMs: 6 }),
  ];
  const finding = { requirement: 'DENY-7', code: 'still-pending', seen: 1, of: 1 } as Finding;
  const line = reproducingLine(finding, exchanges.at(-1)!, { ...EMPTY_JOURNAL, exchanges });
  expect(line.split('; ').slice(2)).toEqual([
    [
      `curl -sS -H 'connection: close' -o /dev/null ${SESSION_URL}`,
      `-sS -H 'connection: close' -X DELETE -o /dev/null ${SESSION_URL}`,
      `-sS -i -w '\\n' ${SESSION_URL}`,
    ].join(' --next '),
  ]);
  const poll = exchange({ operation: 'poll', state: 'denied', sentAtMs: 9, answeredAtMs: 10 });
  const all = [...exchanges, poll];
  const ofRace = reproducingLine(finding, exchanges[3]!, { ...EMPTY_JOURNAL, exchanges: all });
  const raced = ofRace.split('; ').find((command) => command.includes('--parallel-immediate'));
  expect(raced?.split(SESSION_URL), 'a denial and two polls').toHaveLength(1 + 3);
  expect(ofRace, 'the poll after the race').toContain(`; curl -sS -i -w '\\n' ${SESSION_URL}; done`);
});

test('a value of another session, however long, has the create that sent it in its line', () => {
  const callbackUrl = `https://client.example/${'x'.repeat(2000)}`;
  const exchanges = [
    exchange({
      ...{ operation: 'create', state: 'none', session: '$SESSION_2' },
      requestBody: JSON.stringify({ callbackUrl }),
    }),
    exchange({ operation: 'create', state: 'none' }),
    exchange({
      ...{ operation: 'poll', state: 'pending' },
      answer: { json: { value: { callbackUrl } } } as Exchange['answer'],
    }),
  ];
  const value = {
    code: 'not-returned',
    pointer: '/callbackUrl',
    actual: '"https://client… (2024 characters)"',
  };
  const finding = { requirement: 'POLL-4', seen: 2, of: 2, ...value } as Finding;
  const line = reproducingLine(finding, exchanges[2]!, { ...EMPTY_JOURNAL, exchanges });
  expect(line).toContain('SESSION_2=$(');
  expect(line).toContain(callbackUrl);
});
