import { EventEmitter, once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { createRequest, denyRequest } from '../../src/gateway/requests';
import { retryAfterMs } from '../../src/gateway/outage';
import { Run } from '../../src/run/run';
import { readSettings } from '../../src/run/settings';
import { error } from '../../src/stand-in/replies';
import { StandIn } from '../../src/stand-in/server';
import type { Variant } from '../../src/stand-in/variant';
import type { Call } from '../../src/gateway/call';
import type { Answer } from '../../src/judging/answer';

/*
 * Manners of the gateway, and what it leaves behind, in ways that whole runs only meet by chance.
 */

const CREATE: Call = { test: 'a test', operation: 'create', state: 'none', connection: 'own', form: 'plain' };

async function runAgainst(
  hooks: Partial<Variant>,
  env: Record<string, string> = {},
): Promise<{ run: Run; standIn: StandIn; create: () => ReturnType<Run['gateway']['send']> }> {
  const standIn = await StandIn.start({
    variant: { name: 'x', kind: 'fault', description: 'a test', ...hooks },
  });
  const settings = readSettings({ BASE_URL: standIn.baseUrl.href, ...env });
  // What the stand-in answers, it answers in time, however busy the machine is.
  const neverTooLate = { ...settings, isAnswering: standIn.isAnswering };
  const run = await Run.open({ settings: neverTooLate });
  return { run, standIn, create: () => run.gateway.send(CREATE, createRequest({})) };
}

function answerWith(headers: [string, string][]): Answer {
  return { status: 429, statusText: '', httpVersion: '1.1', headers, text: '', byteOrderMark: false };
}

for (const [value, expected] of [
  ['3', 3000],
  ['0', 0],
  ['Wed, 21 Oct 2015 07:28:05 GMT', 5000],
  ['Wed, 21 Oct 2015 07:00:00 GMT', 0],
  ['soon', undefined],
  ['-1', undefined],
] as const) {
  test(`Retry-After: ${value} is ${expected ?? 'no'} ms`, () => {
    const date: [string, string] = ['Date', 'Wed, 21 Oct 2015 07:28:00 GMT'];
    expect(retryAfterMs(answerWith([date, ['retry-after', value]]))).toBe(expected);
  });
}

test('an API that says "Retry-After: 0" again and again is not hammered', async () => {
  const { run, standIn, create } = await runAgainst(
    { every: () => ({ ...error(429, 'Too many requests'), headers: { 'retry-after': '0' } }) },
    { REQUEST_TIMEOUT_MS: '400' },
  );
  expect((await create()).outcome.notJudged?.cause).toBe('outage');
  expect(run.gateway.requests).toBeLessThan(20);
  await run.close();
  await standIn.close();
});

test('a denial in a state that is not known is sent again after a 503, whatever a poll shows', async () => {
  const { run, standIn, create } = await runAgainst({
    // The preflight denies an unknown session first.
    deny: (call, next) => (call.nth === 2 ? { ...error(503, 'Later'), headers: {} } : next(call)),
  });
  const session = (await create()).outcome.created?.label ?? '';
  const call: Call = { test: 'a test', operation: 'deny', state: 'racing', session, connection: 'own' };
  const { outcome } = await run.gateway.send(call, denyRequest(session));
  expect(outcome).toMatchObject({ status: 200 });
  expect(outcome).not.toHaveProperty('failure');
  await run.close();
  await standIn.close();
});

test('a request to a stand-in in this process times out where that hangs, and only there', async () => {
  const { run, standIn, create } = await runAgainst(
    {
      // The preflight creates the first session. An answer that takes ten times as long as it may, one that never comes,
      // one without an end, and one that is shorter than it says.
      create: (call, next) => {
        const reply = next(call);
        if (call.nth === 2) return { ...reply, delayMs: 1000 };
        if (call.nth === 3) return { ...reply, broken: 'hang' };
        if (call.nth === 4) return { ...reply, headers: { 'transfer-encoding': 'chunked' }, broken: 'drip' };
        return call.nth === 5 ? { ...reply, headers: { ...reply.headers, 'content-length': '5000' } } : reply;
      },
    },
    { REQUEST_TIMEOUT_MS: '100' },
  );
  await run.gateway.ready();
  expect((await create()).outcome).toMatchObject({ status: 201 });
  // Another state each time: what hangs twice in a state is not asked again.
  for (const state of ['none', 'pending', 'denied'] as const) {
    const { outcome } = await run.gateway.send({ ...CREATE, state }, createRequest({}));
    expect(outcome.failure?.kind).toBe('timeout');
  }
  await run.close();
  await standIn.close();
});

test('a session whose create is underway when the run ends is denied', async () => {
  const arrivals = new EventEmitter();
  const { run, standIn, create } = await runAgainst({
    create: (call, next) => (arrivals.emit(`create ${call.nth}`), { ...next(call), delayTurns: 100 }),
  });
  await run.gateway.ready();
  const second = once(arrivals, 'create 2');
  const created = create();
  await second;
  expect(await run.close()).toEqual({ created: 2, denied: 2, leftBehind: 0, sessions: [] });
  await created;
  expect(standIn.openSessions).toBe(0);
  // Nothing new begins then.
  expect((await create()).outcome.notJudged?.cause).toBe('interrupted');
  await standIn.close();
});

test('a gateway that is closed twice cleans up once, and one session that fails keeps no other from being denied', async () => {
  const { run, standIn, create } = await runAgainst({});
  const { gateway } = run;
  await gateway.ready();
  await Promise.all([create(), create()]);
  const [first] = gateway.ledger.created;
  // Whatever goes wrong with one of them, inside of the suite, too.
  if (first)
    first.history.push = () => {
      throw new Error('a bug');
    };
  const left = await Promise.all([gateway.close(), gateway.close()]);
  expect(left[0]).toEqual({ created: 3, denied: 2, leftBehind: 1, sessions: [first?.label] });
  expect(left[1]).toBe(left[0]);
  const { requests } = gateway;
  await gateway.close();
  expect(gateway.requests).toBe(requests);
  await run.close();
  await standIn.close();
});

test('creates that were never answered, and sessions that cannot be denied, are counted; these are named', async () => {
  const { run, standIn, create } = await runAgainst(
    {
      create: (call, next) => ({ ...next(call), ...(call.nth === 2 && { broken: 'hang' }) }),
      deny: () => error(500, 'No'),
    },
    { REQUEST_TIMEOUT_MS: '300' },
  );
  await run.gateway.ready();
  await create();
  await create();
  expect(await run.close()).toEqual({
    created: 3,
    denied: 0,
    leftBehind: 3,
    sessions: [expect.stringMatching(/^\$SESSION_\d+$/), expect.stringMatching(/^\$SESSION_\d+$/)],
  });
  await standIn.close();
});

test('a page with status 200 has not denied the session that is cleaned up', async () => {
  let isWalled = false;
  const { run, standIn, create } = await runAgainst({
    every: (call, next) =>
      isWalled
        ? {
            status: 200,
            headers: { 'content-type': 'text/html' },
            body: '<!doctype html><p>Are you a robot?',
          }
        : next(call),
  });
  await run.gateway.ready();
  await create();
  isWalled = true;
  expect(await run.close()).toMatchObject({ created: 2, denied: 0, leftBehind: 2 });
  await standIn.close();
});

test('a session that was denied with an empty answer is known to be gone by a poll', async () => {
  const { run, standIn } = await runAgainst({ deny: (call, next) => ({ ...next(call), body: '' }) });
  await run.gateway.ready();
  expect(await run.close()).toMatchObject({ created: 1, denied: 1, leftBehind: 0 });
  expect(standIn.openSessions).toBe(0);
  await standIn.close();
});

for (const [what, text] of [
  ['breaks off', (id: string) => `{"sessionId":"${id}","verif`],
  ['has another shape', (id: string) => JSON.stringify({ data: { sessionId: id } })],
  ['is JavaScript', (id: string) => `{sessionId: '${id}'}`],
] as const) {
  test(`a session is denied whose create has a body that ${what}`, async () => {
    const { run, standIn } = await runAgainst({
      create: (call, next) => {
        const reply = next(call);
        return { ...reply, body: text((JSON.parse(String(reply.body)) as { sessionId: string }).sessionId) };
      },
    });
    await run.gateway.send(CREATE, createRequest({}));
    await run.close();
    expect(standIn.openSessions).toBe(0);
    await standIn.close();
  });
}

test('the clean-up keeps the pace, and takes the time for it', async () => {
  let last = 0;
  const { run, standIn, create } = await runAgainst(
    { deny: (call, next) => ((last = performance.now()), next(call)) },
    { MAX_REQUESTS_PER_SECOND: '20', REQUEST_TIMEOUT_MS: '300' },
  );
  await run.gateway.ready();
  await Promise.all(Array.from({ length: 9 }, create));
  const closedAt = performance.now();
  expect(await run.close()).toMatchObject({ created: 10, denied: 10, leftBehind: 0 });
  // The tenth has its turn nine intervals of 50 ms after the first; timers may be early by a little.
  expect(last - closedAt).toBeGreaterThan(430);
  await standIn.close();
});

test('headers of the user go to the target only: not to the provider states, and not along a redirect', async () => {
  const seen: http.IncomingHttpHeaders[] = [];
  const other = http.createServer((request, response) => {
    seen.push(request.headers);
    response.end('{}');
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const url = new URL(`http://127.0.0.1:${(other.address() as AddressInfo).port}/states?token=0123456789`);
  const sent: http.IncomingHttpHeaders[] = [];
  const { run, standIn, create } = await runAgainst(
    {
      create: (call, next) => {
        sent.push(call.headers);
        return call.nth === 1 ? next(call) : { ...next(call), status: 307, headers: { location: url.href } };
      },
    },
    { EXTRA_HTTP_HEADERS: '{"X-Canary": "topsecret"}' },
  );
  await run.gateway.ready();
  await create();
  expect(sent.map((headers) => headers['x-canary'])).toContain('topsecret');
  expect(seen).toEqual([]);
  const [session] = run.gateway.ledger.created;
  await run.gateway.provide(session?.label ?? '', 'session is completed', url);
  expect(seen).toHaveLength(1);
  expect(JSON.stringify(seen)).not.toContain('topsecret');
  await run.close();
  other.closeAllConnections();
  other.close();
  await standIn.close();
});
