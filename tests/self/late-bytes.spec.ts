import { expect, test } from '@playwright/test';
import type { Call } from '../../src/gateway/call';
import { createRequest, pollRequest } from '../../src/gateway/requests';
import { Run } from '../../src/run/run';
import { readSettings } from '../../src/run/settings';
import { StandIn } from '../../src/stand-in/server';
import { afterTurns } from '../../src/stand-in/turns';
import type { Hook } from '../../src/stand-in/variant';

/*
 * Faults that stand before or behind a message: a byte order mark, and bytes that come a moment later.
 */

type Connection = Call['connection'];

async function against(every: Hook): Promise<{ run: Run; standIn: StandIn }> {
  const standIn = await StandIn.start({
    variant: { name: 'late', kind: 'benign', description: '', every },
  });
  const settings = { ...readSettings({ BASE_URL: standIn.baseUrl.href }), isAnswering: standIn.isAnswering };
  return { standIn, run: await Run.open({ settings }) };
}

async function createAndPoll({ gateway }: Run, connection: Connection): Promise<void> {
  const test = 'late';
  const create: Call = { test, operation: 'create', state: 'none', connection, form: 'plain' };
  const { outcome } = await gateway.send(create, createRequest());
  const session = outcome.created?.label ?? '';
  const poll: Call = { test, operation: 'poll', state: 'pending', session, connection };
  const polled = await gateway.send(poll, pollRequest(session));
  expect(polled.outcome).toMatchObject({ status: 200, seen: 'pending' });
  expect(gateway.outage).toBeUndefined();
}

function findingsOf(run: Run): string[] {
  return run.collector
    .results()
    .flatMap(({ findings }) => findings.map(({ requirement, code }) => `${requirement}/${code}`));
}

for (const connection of ['own', 'pooled', { kept: 'one' }] as const) {
  const name = typeof connection === 'string' ? connection : 'kept';
  test(`bytes that come a moment after an answer are found (${name} connection)`, async () => {
    const { run, standIn } = await against((call, next) => {
      if (call.operation === 'poll')
        afterTurns(3, () => call.socket.writable && call.socket.write('HTTP/1.1 200 OK\r\n'));
      return next(call);
    });
    await createAndPoll(run, connection);
    await expect.poll(() => findingsOf(run), { timeout: 0 }).toEqual(['WIRE-3/malformed']);
    await run.close();
    await standIn.close();
  });
}

test('a 408 on an idle connection, as some servers send before they close it, is no finding', async () => {
  let sent = 0;
  const { run, standIn } = await against((call, next) => {
    afterTurns(3, () => {
      if (!call.socket.writable) return;
      call.socket.write('HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
      call.socket.once('close', () => sent++);
    });
    return next(call);
  });
  await createAndPoll(run, 'own');
  // A connection on which something was noticed is closed.
  await expect.poll(() => sent, { timeout: 0 }).toBeGreaterThan(0);
  expect(findingsOf(run)).toEqual([]);
  await run.close();
  await standIn.close();
});

test('a byte order mark before each answer is a finding, not an outage', async () => {
  const { run, standIn } = await against((call, next) => {
    const reply = next(call);
    return { ...reply, body: `\ufeff${String(reply.body)}` };
  });
  await createAndPoll(run, 'own');
  expect(findingsOf(run)).toEqual(['WIRE-2/json']);
  expect(await run.close()).toMatchObject({ created: 2, leftBehind: 0 });
  expect(standIn.openSessions).toBe(0);
  await standIn.close();
});
