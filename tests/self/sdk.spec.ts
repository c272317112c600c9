import { createRequire } from 'node:module';
import { expect, test } from '@playwright/test';
import type { ParagraphAPI as Client } from '@paragraph-com/sdk';
import { StandIn } from '../../src/stand-in/server';

/*
 * The vendor's own SDK talks to the stand-in: what the suite is tried on is what real clients talk to.
 */

interface Axios {
  defaults: { adapter: unknown };
  getAdapter: (name: string) => (config: object) => Promise<unknown>;
}

/** The SDK knows one address only; its HTTP client is told another one before it is made. */
function sdkFor(baseURL: string): Client {
  const sdk = createRequire(require.resolve('@paragraph-com/sdk'));
  const axios = sdk('axios') as Axios;
  const send = axios.getAdapter('http');
  axios.defaults.adapter = (config: object) => send({ ...config, baseURL });
  const { ParagraphAPI } = sdk('@paragraph-com/sdk') as { ParagraphAPI: typeof Client };
  return new ParagraphAPI();
}

test('the SDK creates, polls, has approved and denies sessions of the stand-in', async ({ request }) => {
  const standIn = await StandIn.start();
  const { auth } = sdkFor(standIn.baseUrl.href);

  const denied = await auth.createSession({ deviceName: 'sdk', callbackUrl: 'https://client.example/back' });
  expect(await auth.getSession(denied.sessionId)).toEqual({
    status: 'pending',
    deviceName: 'sdk',
    callbackUrl: 'https://client.example/back',
  });
  expect(await auth.deleteSession(denied.sessionId)).toEqual({ success: true });
  await expect(auth.getSession(denied.sessionId)).rejects.toMatchObject({ response: { status: 404 } });
  await expect(auth.deleteSession(denied.sessionId)).rejects.toMatchObject({
    response: { status: 500, data: { success: false } },
  });

  const approved = await auth.createSession({ deviceName: 'sdk' });
  expect(await (await request.get(approved.verificationUrl)).text()).toContain('<form method="post">');
  await request.post(approved.verificationUrl);
  const completed = await auth.getSession(approved.sessionId);
  expect(completed).toEqual({ status: 'completed', apiKey: expect.stringMatching(/^pk_/) as unknown });
  await expect(auth.deleteSession(approved.sessionId)).rejects.toMatchObject({ response: { status: 500 } });
  expect(await auth.getSession(approved.sessionId)).toEqual(completed);

  await standIn.close();
});
