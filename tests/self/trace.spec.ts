import { expect, test } from '@playwright/test';
import type { Call } from '../../src/gateway/call';
import { createRequest, pollRequest } from '../../src/gateway/requests';
import { Run } from '../../src/run/run';
import { readSettings } from '../../src/run/settings';
import { StandIn } from '../../src/stand-in/server';
import type { Hook } from '../../src/stand-in/variant';

/*
 * What connects an exchange with the logs of the API, and the steps of the provider states with the exchanges.
 */

const TRACEPARENT = /^00-([\da-f]{32})-([\da-f]{16})-01$/;

async function against(
  every: Hook,
  env: Record<string, string> = {},
): Promise<{ run: Run; standIn: StandIn }> {
  const standIn = await StandIn.start({
    variant: { name: 'traced', kind: 'benign', description: '', every },
  });
  return {
    standIn,
    run: await Run.open({ settings: readSettings({ BASE_URL: standIn.baseUrl.href, ...env }) }),
  };
}

async function createdBy({ gateway }: Run): Promise<string> {
  const call: Call = { test: 'trace', operation: 'create', state: 'none', connection: 'own', form: 'plain' };
  return (await gateway.send(call, createRequest())).outcome.created?.label ?? '';
}

test('each request carries the trace of the run and a span of its own, which its exchange keeps', async () => {
  const seen: string[] = [];
  const { run, standIn } = await against((call, next) => {
    seen.push(String(call.headers.traceparent));
    return next(call);
  });
  await createdBy(run);
  await run.close();
  const { traceId, exchanges } = run.gateway;
  expect(seen).toHaveLength(exchanges.length);
  expect(new Set(seen.map((header) => TRACEPARENT.exec(header)?.[1]))).toEqual(new Set([traceId]));
  const spans = seen.map((header) => TRACEPARENT.exec(header)?.[2]);
  expect(new Set(spans).size).toBe(spans.length);
  expect(exchanges.map(({ spanId }) => spanId).sort()).toEqual(spans.sort());
  // It is left out of the command that reproduces.
  expect(exchanges.flatMap(({ requestHeaders }) => Object.keys(requestHeaders))).not.toContain('traceparent');
  await standIn.close();
});

test('TRACEPARENT=off sends none; one that the user gives is sent as it is', async () => {
  for (const [env, expected] of [
    [{ TRACEPARENT: 'off' }, undefined],
    [
      { EXTRA_HTTP_HEADERS: '{"Traceparent": "00-11111111111111111111111111111111-2222222222222222-00"}' },
      /-00$/,
    ],
  ] as const) {
    const seen: unknown[] = [];
    const { run, standIn } = await against(
      (call, next) => (seen.push(call.headers.traceparent), next(call)),
      env,
    );
    await run.gateway.ready();
    await run.close();
    for (const header of seen) {
      if (expected) expect(header).toMatch(expected);
      else expect(header).toBeUndefined();
    }
    expect(run.gateway.exchanges.filter(({ spanId }) => spanId !== undefined)).toEqual([]);
    await standIn.close();
  }
});

test('an API that echoes the trace, in a header or a body, shows no secret', async () => {
  const { run, standIn } = await against((call, next) => {
    const reply = next(call);
    const traceparent = String(call.headers.traceparent);
    const [, trace, span] = traceparent.split('-');
    const body =
      call.operation === 'create'
        ? { ...(JSON.parse(String(reply.body)) as object), trace, span }
        : undefined;
    return {
      ...reply,
      headers: { ...reply.headers, traceparent, 'x-trace': `token ${traceparent}` },
      ...(body && { body: JSON.stringify(body) }),
    };
  });
  await createdBy(run);
  const [exchange] = run.gateway.exchanges.filter(({ test }) => test === 'trace');
  const { traceId = '', secrets } = run.gateway;
  expect(traceId).not.toBe('');
  expect(secrets.mask(`${traceId} ${exchange?.spanId}`)).toBe(`${traceId} ${exchange?.spanId}`);
  expect(exchange?.requestIds?.traceparent).toMatch(new RegExp(`^00-${traceId}-${exchange?.spanId}`));
  expect(exchange?.answer?.json?.value).toMatchObject({ trace: traceId, span: exchange?.spanId });
  await run.close();
  await standIn.close();
});

test('ids that an answer gives its request are kept: masked, printable, and not too long', async () => {
  const { run, standIn } = await against((call, next) => {
    const reply = next(call);
    const headers = {
      ...reply.headers,
      'x-request-id': `req-${call.id}`,
      'cf-ray': '8f1a2b3c4d5e6f70-FRA',
      'x-amzn-trace-id': `Root=1-${'a'.repeat(500)}`,
      'x-correlation-id': '::error::\tx',
      'x-powered-by': 'none',
    };
    return { ...reply, headers };
  });
  const session = await createdBy(run);
  const poll: Call = { test: 'trace', operation: 'poll', state: 'pending', session, connection: 'own' };
  const { exchange } = await run.gateway.send(poll, pollRequest(session));
  const { 'x-amzn-trace-id': long = '', ...others } = exchange?.requestIds ?? {};
  expect(others).toEqual({
    'x-request-id': `req-${session}`,
    'cf-ray': '8f1a2b3c4d5e6f70-FRA',
    'x-correlation-id': '\\u003a:error::\\tx',
  });
  expect(long.length).toBeLessThan(300);
  await run.close();
  await standIn.close();
});

test('provider states know their place among the exchanges, and are not traced', async () => {
  const { run, standIn } = await against((call, next) => next(call));
  const { gateway } = run;
  const session = await createdBy(run);
  const after = gateway.exchanges.length;
  await gateway.provide(session, 'session is completed', standIn.providerStateUrl);
  const poll: Call = { test: 'trace', operation: 'poll', state: 'completed', session, connection: 'own' };
  await gateway.send(poll, pollRequest(session));
  await gateway.provide(session, 'session is expired', standIn.providerStateUrl);
  await gateway.provide(session, 'session is expired', undefined);
  expect(gateway.providerSteps).toEqual([
    { after, session, state: 'session is completed', result: 'done' },
    { after: after + 1, session, state: 'session is expired', result: 'unavailable' },
  ]);
  await run.close();
  await standIn.close();
});
