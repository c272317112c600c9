import { randomUUID } from 'node:crypto';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import type { Call, RaceEntry, RaceResult } from '../../src/gateway/call';
import { HttpExchange } from '../../src/gateway/http-exchange';
import { createRequest, denyRequest, pollRequest } from '../../src/gateway/requests';
import { StartingGate } from '../../src/gateway/starting-gate';
import { PlainAgent } from '../../src/network/agents';
import { Route } from '../../src/network/route';
import { pace } from '../../src/openapi/pace';
import { Run } from '../../src/run/run';
import { readSettings } from '../../src/run/settings';
import { error, json } from '../../src/stand-in/replies';
import { StandIn } from '../../src/stand-in/server';
import type { Variant } from '../../src/stand-in/variant';
import { SLOW } from './slow';

/*
 * Races: requests that reach the server at the same moment, and what is said of those that a rate limiter, an
 * intermediary or the network answers instead.
 */

const RACERS = 8;

async function runAgainst(
  hooks: Partial<Variant>,
  env: Record<string, string> = {},
): Promise<{ run: Run; standIn: StandIn; newSession: () => Promise<string>; end: () => Promise<void> }> {
  const standIn = await StandIn.start({
    variant: { name: 'race', kind: 'benign', description: '', ...hooks },
  });
  const settings = readSettings({ BASE_URL: standIn.baseUrl.href, ...env });
  const run = await Run.open({ settings: { ...settings, isAnswering: standIn.isAnswering } });
  const end = async (): Promise<void> => {
    await run.close();
    await standIn.close();
  };
  return { run, standIn, newSession: () => newSession(run), end };
}

async function newSession(run: Run): Promise<string> {
  const call: Call = { test: 'race', operation: 'create', state: 'none', connection: 'own', form: 'plain' };
  const { outcome } = await run.gateway.send(call, createRequest());
  return outcome.created?.label ?? '';
}

function denials(session: string, count = RACERS): RaceEntry[] {
  const call: Call = { test: 'race', operation: 'deny', state: 'racing', session, connection: 'own' };
  return Array.from({ length: count }, () => ({ call, request: denyRequest(session) }));
}

function pollOf(session: string, behind?: number): RaceEntry {
  const call: Call = { test: 'race', operation: 'poll', state: 'racing', session, connection: 'own' };
  return { call, request: pollRequest(session), behind };
}

function statuses({ replies }: RaceResult): number[] {
  return replies.map(({ outcome }) => outcome.status).sort((a, b) => a - b);
}

test('concurrent denials show a server that checks and then acts', async () => {
  const rows = new Map<string, string>();
  const server = http.createServer((request, response) => {
    const answer = (status: number, value: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    const id = request.url?.split('/').pop() ?? '';
    request.resume().on('end', () => {
      if (request.method === 'POST') {
        const sessionId = randomUUID();
        rows.set(sessionId, 'pending');
        answer(201, { sessionId, verificationUrl: 'https://x.test/', expiresAt: '2099-01-01T00:00:00Z' });
      } else if (request.method === 'GET' || rows.get(id) !== 'pending') {
        answer(rows.get(id) === 'pending' ? 200 : 404, { status: 'pending', message: 'none' });
      } else {
        setTimeout(() => {
          rows.set(id, 'denied');
          answer(200, { success: true });
        }, 1);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
  const run = await Run.open({ settings: readSettings({ BASE_URL: url }) });
  const accepted: number[] = [];
  for (let round = 0; round < 10 && !accepted.some((count) => count > 1); round++) {
    const race = await run.gateway.race(denials(await newSession(run)));
    accepted.push(statuses(race).filter((status) => status === 200).length);
  }
  expect(Math.max(...accepted)).toBeGreaterThan(1);
  await run.close();
  server.closeAllConnections();
  server.close();
});

test('a request is written but for its last byte until all others are that far', async () => {
  const received: string[] = [];
  let arrived: () => void = () => undefined;
  const server = net.createServer((socket) => {
    const i = received.push('') - 1;
    socket.on('data', (chunk) => {
      received[i] += chunk.toString('latin1');
      arrived();
    });
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const until = (isThere: () => boolean): Promise<void> =>
    new Promise((resolve) => (arrived = () => isThere() && resolve()));
  const gate = new StartingGate(3, 60_000);
  const agent = new PlainAgent({});
  const send = (method: string, body?: string): HttpExchange =>
    new HttpExchange(
      { method, origin, path: '/x', headers: { ...(body && { 'content-length': `${body.length}` }) }, body },
      {
        route: new Route(origin),
        hasClientCertificate: false,
        agent,
        timeoutMs: 60_000,
        lane: gate.lane(),
        onConnection: () => undefined,
        onComplete: () => undefined,
      },
    );
  const last = gate.lane();
  const exchanges = [send('DELETE'), send('POST', '{"a":1}')];
  const ends = (...texts: string[]): boolean =>
    texts.every((text) => received.some((one) => one.endsWith(text)));
  await until(() => ends('\r\n\r', '{"a":1'));
  // What was sent by mistake would be there by the time that another connection has been answered.
  await new Promise<void>((resolve) => net.connect(Number(origin.port), '127.0.0.1', resolve).unref());
  expect(ends('\r\n\r', '{"a":1')).toBe(true);
  last.leave();
  await until(() => ends('\r\n\r\n', '{"a":1}'));
  server.close();
  agent.destroy();
  for (const { result } of exchanges) expect((await result).failure?.kind).toBe('reset');
});

test('the exchanges of a race share a batch, and tell when each was sent and answered', async () => {
  const { run, newSession, end } = await runAgainst({
    deny: (call, next) => ({ ...next(call), delayMs: 20 }),
  });
  const session = await newSession();
  const race = await run.gateway.race([...denials(session, 2), pollOf(session)]);
  const exchanges = race.replies.flatMap(({ exchange }) => exchange ?? []);
  expect(exchanges.map(({ operation }) => operation)).toEqual(['deny', 'deny', 'poll']);
  expect(new Set(exchanges.map(({ batch }) => batch)).size).toBe(1);
  expect(exchanges[0]?.batch).toBeGreaterThan(0);
  for (const { sentAtMs = 0, answeredAtMs = 0, durationMs } of exchanges) {
    expect(answeredAtMs).toBeGreaterThan(sentAtMs);
    expect(durationMs).toBe(Math.round(answeredAtMs - sentAtMs));
  }
  // They overlap: none was answered before another was sent.
  const lastSent = Math.max(...exchanges.map(({ sentAtMs = 0 }) => sentAtMs));
  expect(Math.min(...exchanges.map(({ answeredAtMs = 0 }) => answeredAtMs))).toBeGreaterThan(lastSent);
  const next = await run.gateway.race(denials(await newSession(), 2));
  expect(next.replies[0]?.exchange?.batch).not.toBe(exchanges[0]?.batch);
  await end();
});

for (const status of [429, 503]) {
  test(`a race that is turned away as a whole (${status}) is waited out and not blamed`, async () => {
    let isLimited = true;
    const { run, standIn, newSession, end } = await runAgainst({
      deny: (call, next) =>
        isLimited && call.session
          ? { ...error(status, 'Too many requests'), headers: { 'retry-after': '1' } }
          : next(call),
    });
    const session = await newSession();
    const began = performance.now();
    const race = await run.gateway.race(denials(session));
    expect(performance.now() - began).toBeGreaterThan(990);
    expect(race.turnedAway).toBe(true);
    for (const { outcome } of race.replies) {
      expect(outcome).toMatchObject({ status, turnedAway: true });
      expect(outcome).not.toHaveProperty('failure');
      expect(outcome).not.toHaveProperty('notJudged');
    }
    expect(standIn.openSessions).toBeGreaterThan(0);
    isLimited = false;
    const again = await run.gateway.race(denials(await newSession()));
    expect(again.turnedAway).toBe(false);
    expect(statuses(again)).toEqual([200, ...Array.from({ length: RACERS - 1 }, () => 500)]);
    expect(run.gateway.rateLimited).toBe(RACERS);
    await end();
  });
}

test(
  'a race that is always turned away is run again until the bound of any request; others pass, so it is no outage',
  SLOW,
  async () => {
    // Time enough for more than one race.
    const timeoutMs = Math.ceil(600 * pace());
    const { run, newSession, end } = await runAgainst(
      { deny: (call, next) => (call.session ? error(503, 'Busy') : next(call)) },
      { REQUEST_TIMEOUT_MS: String(timeoutMs) },
    );
    let races = 0;
    let race: RaceResult;
    do race = await run.gateway.race(denials(await newSession()));
    while (race.turnedAway && races++ < 100);
    expect(races).toBeGreaterThan(1);
    expect(race.turnedAway).toBe(false);
    expect(run.gateway.outage).toBeUndefined();
    for (const { outcome } of race.replies) expect(outcome).toMatchObject({ status: 503, turnedAway: true });
    await end();
  },
);

test('a race that is turned away as anything is, is an outage after that bound', SLOW, async () => {
  const timeoutMs = Math.ceil(600 * pace());
  let isDown = false;
  const { run, newSession, end } = await runAgainst(
    { every: (call, next) => (isDown ? error(503, 'Busy') : next(call)) },
    { REQUEST_TIMEOUT_MS: String(timeoutMs) },
  );
  const session = await newSession();
  isDown = true;
  while ((await run.gateway.race(denials(session))).turnedAway);
  expect(run.gateway.outage?.reason).toContain(`waited for ${2 * timeoutMs} ms`);
  expect((await run.gateway.race(denials(session))).replies[0]?.outcome.notJudged?.cause).toBe('outage');
  await end();
});

test('where a rate limiter turns away a part of a race, the others are judged', async () => {
  const { run, newSession, end } = await runAgainst({
    deny: (call, next) => (call.nth % 2 === 0 && call.session ? error(429, 'Too many') : next(call)),
  });
  const race = await run.gateway.race(denials(await newSession()));
  expect(race.turnedAway).toBe(false);
  expect(race.replies.filter(({ outcome }) => outcome.turnedAway)).toHaveLength(RACERS / 2);
  expect(statuses(race).filter((status) => status === 200)).toHaveLength(1);
  expect(race.replies.every(({ outcome }) => outcome.failure === undefined)).toBe(true);
  await end();
});

test(
  'a reset in a race may be chance, and a 502 leaves open what was done; neither is repeated alone',
  SLOW,
  async () => {
    const { run, newSession, end } = await runAgainst({
      deny: (call, next) => {
        if (!call.session) return next(call);
        return call.nth % 2 === 0 ? { ...json(200, {}), broken: 'reset' } : error(502, 'Bad gateway');
      },
    });
    const session = await newSession();
    const { requests } = run.gateway;
    const race = await run.gateway.race(denials(session));
    const failures = race.replies.map(({ outcome }) => outcome.failure);
    expect(failures.map((failure) => failure?.kind).sort()).toEqual([
      ...Array.from({ length: RACERS / 2 }, () => 'bad-gateway'),
      ...Array.from({ length: RACERS / 2 }, () => 'reset'),
    ]);
    expect(failures.every((failure) => failure?.retryable)).toBe(true);
    expect(failures.find((failure) => failure?.kind === 'bad-gateway')?.message).toContain('status 502');
    // The requests and, for the resets, one or more probes.
    expect(run.gateway.exchanges.filter(({ batch }) => batch !== undefined)).toHaveLength(RACERS);
    expect(run.gateway.requests - requests).toBeLessThanOrEqual(2 * RACERS);
    await end();
  },
);

test('an approval can race with denials: one of them wins', async () => {
  const { run, standIn, newSession, end } = await runAgainst({});
  const session = await newSession();
  const url = standIn.providerStateUrl;
  expect(url).toBeDefined();
  const race = await run.gateway.race(
    denials(session, 3),
    url && { session, state: 'session is completed', url },
  );
  const denied = race.replies.filter(({ outcome }) => outcome.status === 200).length;
  expect([denied, race.provided?.result]).toEqual(
    race.provided?.result === 'done' ? [0, 'done'] : [1, 'refused'],
  );
  expect(race.provided?.answeredAtMs).toBeGreaterThan(race.replies[0]?.exchange?.sentAtMs ?? Infinity);
  await end();
});

test('a poll behind a denial is sent when the denial has its response, and is no part of the batch', async () => {
  const { run, newSession, end } = await runAgainst({
    deny: (call, next) => ({ ...next(call), delayTurns: 20 }),
  });
  const session = await newSession();
  const { replies } = await run.gateway.race([pollOf(session), ...denials(session, 1), pollOf(session, 1)]);
  const [before, denial, behind] = replies.map(({ exchange }) => exchange);
  expect(replies.map(({ outcome: { status } }) => status)).toEqual([200, 200, 404]);
  expect(behind?.sentAtMs).toBeGreaterThan(denial?.answeredAtMs ?? Infinity);
  expect(before?.sentAtMs).toBeLessThan(denial?.answeredAtMs ?? 0);
  expect([before?.batch, denial?.follows, behind?.follows]).toEqual([denial?.batch, undefined, true]);
  expect(behind?.batch).toBeUndefined();
  await end();
});

test('a poll behind a denial that gets no response is sent all the same', async () => {
  const { run, newSession, end } = await runAgainst(
    { deny: (call, next) => ({ ...next(call), broken: 'hang' }) },
    { REQUEST_TIMEOUT_MS: String(Math.ceil(1000 * pace())) },
  );
  const session = await newSession();
  const { replies } = await run.gateway.race([...denials(session, 1), pollOf(session, 0)]);
  expect(replies.map(({ outcome }) => outcome.failure?.kind)).toEqual(['timeout', undefined]);
  await end();
});

test('a server that answers one connection after the other gets its race all the same', async () => {
  // It accepts a connection only when the one before is closed, so that most can't be opened before the start.
  let isBusy = false;
  const waiting: (() => void)[] = [];
  const { run, standIn, end } = await runAgainst({});
  const target = standIn.baseUrl;
  const relay = net.createServer({ pauseOnConnect: true }, (inside) => {
    const serve = (): void => {
      isBusy = true;
      const outside = net.connect(Number(target.port), target.hostname);
      inside.pipe(outside);
      outside.pipe(inside);
      for (const socket of [inside, outside]) socket.on('error', () => undefined);
      inside.on('close', () => {
        outside.destroy();
        isBusy = false;
        waiting.shift()?.();
      });
    };
    if (isBusy) waiting.push(serve);
    else serve();
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(relay.address() as AddressInfo).port}/api/`;
  const through = await Run.open({
    settings: readSettings({ BASE_URL: url, REQUEST_TIMEOUT_MS: String(Math.ceil(4000 * pace())) }),
  });
  const session = await newSession(through);
  const race = await through.gateway.race([...denials(session, 3), pollOf(session, 2)]);
  expect(statuses(race)).toEqual([200, 404, 500, 500]);
  await through.close();
  relay.close();
  expect(run.gateway.exchanges).toEqual([]);
  await end();
});
