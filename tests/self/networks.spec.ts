import { createPrivateKey } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import { join } from 'node:path';
import tls from 'node:tls';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import type { Call } from '../../src/gateway/call';
import { createRequest, denyRequest, pollRequest } from '../../src/gateway/requests';
import { readSource } from '../../src/openapi/source';
import { Run } from '../../src/run/run';
import { readSettings, WrongSettings } from '../../src/run/settings';
import { StandIn } from '../../src/stand-in/server';
import { runContract } from './command';
import { certificate, listen, startProxy, withEnvironment, type Issued } from './networks';
import { SLOW } from './slow';

/*
 * Ways to a target that are not a plain connection: proxies, own authorities, client certificates; and what is said
 * where one of them is missing.
 */

const HOST = 'api.internal.test';
const authority = certificate('Test authority', { isCa: true });
const serverCertificate = certificate(HOST, { issuer: authority, names: [HOST, '127.0.0.1', 'localhost'] });
const clientCertificate = certificate('client', { issuer: authority });

interface Front {
  port: number;
  /** Common names of the client certificates that were shown. */
  clients: (string | undefined)[];
  close: () => void;
}

/** TLS before a stand-in. */
async function startFront(
  standIn: StandIn,
  { cert, key }: Issued,
  options: tls.TlsOptions = {},
): Promise<Front> {
  const clients: (string | undefined)[] = [];
  const sockets = new Set<net.Socket>();
  const server = tls.createServer({ cert, key, ...options }, (inside) => {
    const { subject } = inside.getPeerCertificate() as { subject?: { CN: string } };
    clients.push(subject?.CN);
    const outside = net.connect(Number(standIn.baseUrl.port), '127.0.0.1');
    for (const socket of [inside, outside]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    inside.pipe(outside).pipe(inside);
    inside.on('close', () => outside.destroy());
    outside.on('close', () => inside.destroy());
  });
  server.on('connection', (socket: net.Socket) => sockets.add(socket));
  const port = await listen(server);
  const close = (): void => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { port, clients, close };
}

/** A file of the test with this text. */
function file(name: string, text: string): string {
  const path = test.info().outputPath(name);
  writeFileSync(path, text);
  return path;
}

async function tryOut(env: Record<string, string>): Promise<Run> {
  const run = await Run.open({ settings: readSettings({ REQUEST_TIMEOUT_MS: '2000', ...env }) });
  const { gateway } = run;
  const create: Call = {
    test: 'net',
    operation: 'create',
    state: 'none',
    connection: 'pooled',
    form: 'plain',
  };
  const { outcome } = await gateway.send(create, createRequest());
  const session = outcome.created?.label;
  if (session === undefined) return run;
  const about = { test: 'net', session, state: 'pending' } as const;
  const kept = { kept: 'a' };
  for (let i = 0; i < 2; i++)
    await gateway.send({ ...about, operation: 'poll', connection: kept }, pollRequest(session));
  const denial: Call = { ...about, operation: 'deny', state: 'racing', connection: 'own' };
  await gateway.race([1, 2, 3].map(() => ({ call: denial, request: denyRequest(session) })));
  return run;
}

/** What the exchanges of tryOut show where all went well. */
const WELL = [201, 201, 404, 500, 200, 200, 200, 500, 500];

function expectWell(run: Run): void {
  const { exchanges, outage } = run.gateway;
  expect(outage).toBeUndefined();
  expect(exchanges.map(({ answer }) => answer?.status).sort()).toEqual([...WELL].sort());
  expect(exchanges.filter(({ reused, operation }) => reused && operation === 'poll')).toHaveLength(1);
}

for (const scheme of ['https', 'http'] as const) {
  for (const variable of [`${scheme}_proxy`, `${scheme.toUpperCase()}_PROXY`, 'ALL_PROXY']) {
    test(`${scheme}: a target that only the proxy of ${variable} knows`, async () => {
      const standIn = await StandIn.start();
      const front = await startFront(standIn, serverCertificate);
      const isSecure = scheme === 'https';
      const known = {
        [isSecure ? `${HOST}:443` : HOST]: isSecure ? front.port : Number(standIn.baseUrl.port),
      };
      const guarded = await startProxy(known, { credentials: 'robot:s3cr3tword' });
      await withEnvironment({ [variable]: guarded.url }, async () => {
        const run = await tryOut({
          BASE_URL: `${scheme}://${HOST}/api/`,
          CA_CERT_PATH: file('ca.pem', authority.cert),
          PROFILE: 'full',
        });
        expectWell(run);
        await run.close();
        expect(standIn.openSessions).toBe(0);
        const kinds = new Set(
          guarded.requests.map((one) =>
            one
              .split(' ')
              .slice(0, isSecure ? 2 : 1)
              .join(' '),
          ),
        );
        expect([...kinds].sort()).toEqual(isSecure ? [`CONNECT ${HOST}:443`] : ['DELETE', 'GET', 'POST']);
        if (!isSecure) expect(guarded.requests[0]).toContain(` http://${HOST}/api/v1/api/auth/sessions`);
        // Credentials of a proxy are secrets, as they stand and as the header has them.
        for (const secret of ['s3cr3tword', Buffer.from('robot:s3cr3tword').toString('base64')])
          expect(run.gateway.secrets.mask(`x ${secret} y`)).not.toContain(secret);
        expect(JSON.stringify(run.recording())).not.toContain('s3cr3tword');
      });
      await guarded.close();
      front.close();
      await standIn.close();
    });
  }
}

test('a whole run through a proxy, which its own processes do not use among each other', SLOW, async () => {
  const standIn = await StandIn.start();
  const hosts = { [HOST]: Number(standIn.baseUrl.port) };
  const proxy = await startProxy(hosts, { credentials: 'robot:s3cr3tword' });
  const result = await runContract({
    HTTP_PROXY: proxy.url,
    BASE_URL: `http://${HOST}/api/`,
    PROVIDER_STATE_URL: `http://${HOST}/_provider-states`,
    PROFILE: 'full',
    SETTLE_MS: '0',
    MAX_REQUESTS_PER_SECOND: '1000',
  });
  expect(result.text).toContain('conforms');
  expect(result.exitCode).toBe(0);
  expect(proxy.requests.filter((one) => !one.includes(` http://${HOST}/`))).toEqual([]);
  expect(proxy.requests).toContain(`POST http://${HOST}/_provider-states`);
  expect(standIn.openSessions).toBe(0);
  const files = readdirSync(result.folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(result.folder, name))
    .filter((path) => statSync(path).isFile());
  expect(files.length).toBeGreaterThan(0);
  for (const text of [result.text, ...files.map((path) => readFileSync(path, 'latin1'))]) {
    expect(text).not.toContain('s3cr3tword');
    expect(text).not.toContain(Buffer.from('robot:s3cr3tword').toString('base64'));
  }
  await proxy.close();
  await standIn.close();
});

test('loopback and NO_PROXY go past the proxy', async () => {
  const standIn = await StandIn.start();
  const proxy = await startProxy({});
  await withEnvironment({ ALL_PROXY: proxy.url, HTTP_PROXY: proxy.url }, async () => {
    const run = await tryOut({ BASE_URL: standIn.baseUrl.href });
    expectWell(run);
    await run.close();
  });
  await withEnvironment({ HTTP_PROXY: proxy.url, no_proxy: `.other.test,${HOST}` }, async () => {
    const run = await tryOut({ BASE_URL: `http://${HOST}/api/` });
    expect(run.gateway.outage?.reason).toContain('does NO_PROXY except the host?');
    await run.close();
  });
  expect(proxy.requests).toEqual([]);
  await proxy.close();
  await standIn.close();
});

test('provider states go through the proxy, too', async () => {
  const standIn = await StandIn.start();
  const port = Number(standIn.baseUrl.port);
  const proxy = await startProxy({ [HOST]: port, 'states.internal.test': port });
  await withEnvironment({ HTTP_PROXY: proxy.url }, async () => {
    const settings = readSettings({ BASE_URL: `http://${HOST}/api/`, PROFILE: 'full' });
    const run = await Run.open({ settings });
    await run.gateway.ready();
    const [session] = run.gateway.ledger.created;
    const url = new URL('http://states.internal.test/_provider-states');
    expect(await run.gateway.provide(session?.label ?? '', 'session is completed', url)).toMatchObject({
      result: 'done',
    });
    await run.close();
  });
  expect(proxy.requests).toContain('POST http://states.internal.test/_provider-states');
  await proxy.close();
  await standIn.close();
});

test('a client certificate is shown to the target, and to nobody else', async () => {
  const standIn = await StandIn.start();
  const mutual = { requestCert: true, ca: authority.cert };
  const target = await startFront(standIn, serverCertificate, { ...mutual, rejectUnauthorized: true });
  const states = await startFront(standIn, serverCertificate, { ...mutual, rejectUnauthorized: false });
  const encrypted = createPrivateKey(clientCertificate.key)
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' })
    .toString();
  const run = await tryOut({
    BASE_URL: `https://127.0.0.1:${target.port}/api/`,
    CA_CERT_PATH: file('ca.pem', authority.cert),
    CLIENT_CERT_PATH: file('client.pem', clientCertificate.cert),
    CLIENT_KEY_PATH: file('client.key', encrypted),
    CLIENT_KEY_PASSPHRASE: 'open sesame',
  });
  expectWell(run);
  expect(new Set(target.clients)).toEqual(new Set(['client']));
  const [session] = run.gateway.ledger.created;
  const url = new URL(`https://127.0.0.1:${states.port}/_provider-states`);
  await run.gateway.provide(session?.label ?? '', 'session is completed', url);
  expect(states.clients).toEqual([undefined]);
  expect(run.gateway.secrets.mask('open sesame!')).not.toContain('sesame');
  await run.close();
  target.close();
  states.close();
  await standIn.close();
});

/** Why a run against this target could not be made. */
async function outageOf(env: Record<string, string>): Promise<string> {
  const run = await tryOut({ REQUEST_TIMEOUT_MS: '1500', ...env });
  await run.close();
  return run.gateway.outage?.reason ?? 'none';
}

test('what is missing for a TLS connection is told apart', SLOW, async () => {
  const standIn = await StandIn.start();
  const ca = file('ca.pem', authority.cert);
  const fronts: Front[] = [];
  const reasonFor = async (
    cert: Issued,
    env: Record<string, string> = {},
    options: tls.TlsOptions = {},
  ): Promise<string> => {
    const front = await startFront(standIn, cert, options);
    fronts.push(front);
    return outageOf({ BASE_URL: `https://127.0.0.1:${front.port}/api/`, ...env });
  };
  const names = ['127.0.0.1'];
  expect(await reasonFor(serverCertificate)).toContain('give the authority in CA_CERT_PATH');
  expect(await reasonFor(certificate('self', { names }))).toContain('self-signed');
  const expired = certificate('old', { issuer: authority, names, notAfter: new Date(Date.now() - 1000) });
  expect(await reasonFor(expired, { CA_CERT_PATH: ca })).toContain('expired');
  const elsewhere = certificate('elsewhere', { issuer: authority, names: ['other.test'] });
  expect(await reasonFor(elsewhere, { CA_CERT_PATH: ca })).toContain('for other host names');
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    const mutual = { requestCert: true, ca: authority.cert, maxVersion };
    expect(await reasonFor(serverCertificate, { CA_CERT_PATH: ca }, mutual)).toContain('CLIENT_CERT_PATH');
    const stranger = certificate('stranger');
    const env = {
      CA_CERT_PATH: ca,
      CLIENT_CERT_PATH: file('stranger.pem', stranger.cert),
      CLIENT_KEY_PATH: file('stranger.key', stranger.key),
    };
    expect(await reasonFor(serverCertificate, env, mutual)).toMatch(/client certificate/);
  }
  const plain = standIn.baseUrl.href.replace('http:', 'https:');
  expect(await outageOf({ BASE_URL: plain })).toContain('http:// in place of https://');
  for (const front of fronts) front.close();
  await standIn.close();
});

test('a server that speaks HTTP/2 only is known as such, with and without TLS', async () => {
  const { cert, key } = serverCertificate;
  const ca = file('ca.pem', authority.cert);
  const plain = http2.createServer((_request, response) => response.end('{}'));
  plain.on('sessionError', () => undefined);
  const secure = http2.createSecureServer({ cert, key }, (_request, response) => response.end('{}'));
  const strict = tls.createServer({ cert, key, ALPNProtocols: ['h2'] }, (socket) => socket.destroy());
  for (const [server, scheme] of [
    [plain, 'http'],
    [secure, 'https'],
    [strict, 'https'],
  ] as const) {
    const port = await listen(server);
    const reason = await outageOf({ BASE_URL: `${scheme}://127.0.0.1:${port}/api/`, CA_CERT_PATH: ca });
    expect(reason).toContain('HTTP/2 only');
    server.close();
  }
});

test('what is wrong with a proxy is told: its credentials, its permission, its address', async () => {
  const target = { BASE_URL: `https://${HOST}/api/`, PROFILE: 'full' };
  const proxies = [
    await startProxy({}, { credentials: 'robot:right' }),
    await startProxy({}, { status: 403 }),
    await startProxy({}),
  ];
  const [guarded, strict, lost] = proxies.map(({ url }) => url.replace('robot:right@', 'robot:wr0ngword@'));
  for (const [url = '', expected] of [
    [guarded, /status 407.*credentials/],
    [strict, /status 403.*does not allow/],
    [lost, /status 502.*does not reach the target/],
    ['http://127.0.0.1:1', /can't be reached \(ECONNREFUSED\).*is HTTPS_PROXY right/],
  ] as const) {
    const reason = await withEnvironment({ HTTPS_PROXY: url }, () => outageOf(target));
    expect(reason).toMatch(expected);
    expect(reason).not.toContain('wr0ngword');
  }
  const none = await withEnvironment({ HTTP_PROXY: lost ?? '' }, () => outageOf(target));
  expect(none).toContain('no proxy is used for it, although HTTP_PROXY is set');
  const plain = { BASE_URL: `http://${HOST}/api/`, PROFILE: 'full' };
  expect(await withEnvironment({ HTTP_PROXY: guarded ?? '' }, () => outageOf(plain))).toMatch(
    /407.*credentials/,
  );
  expect(await withEnvironment({ HTTP_PROXY: '127.0.0.1:1' }, () => outageOf(plain))).toMatch(
    /the proxy of HTTP_PROXY can't be reached/,
  );
  for (const proxy of proxies) await proxy.close();
});

test('a proxy that fails for a moment is waited out, and the API is not blamed for it', async () => {
  const standIn = await StandIn.start();
  const front = await startFront(standIn, serverCertificate);
  const hosts: Record<string, number> = { [`${HOST}:443`]: front.port };
  const proxy = await startProxy(hosts);
  await withEnvironment({ HTTPS_PROXY: proxy.url }, async () => {
    const run = await Run.open({
      settings: readSettings({
        BASE_URL: `https://${HOST}/api/`,
        CA_CERT_PATH: file('ca.pem', authority.cert),
        PROFILE: 'full',
        REQUEST_TIMEOUT_MS: '3000',
      }),
    });
    const { gateway } = run;
    await gateway.ready();
    const session = gateway.ledger.created[0]?.label ?? '';
    delete hosts[`${HOST}:443`];
    const before = proxy.requests.length;
    const call: Call = { test: 'net', operation: 'deny', state: 'pending', session, connection: 'own' };
    const denial = gateway.send(call, denyRequest(session));
    await expect.poll(() => proxy.requests.length).toBeGreaterThan(before + 1);
    hosts[`${HOST}:443`] = front.port;
    expect((await denial).outcome).toMatchObject({ status: 200 });
    await run.close();
  });
  await proxy.close();
  front.close();
  await standIn.close();
});

test('settings of certificates and proxies that are wrong: one line each, without a secret', () => {
  const linesOf = (env: Record<string, string>): string[] => {
    try {
      readSettings(env);
      return [];
    } catch (error) {
      if (error instanceof WrongSettings) return error.lines;
      throw error;
    }
  };
  const cert = file('client.pem', clientCertificate.cert);
  const key = file('client.key', clientCertificate.key);
  const encrypted = file(
    'locked.key',
    createPrivateKey(clientCertificate.key)
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'right' })
      .toString(),
  );
  const both = { CLIENT_CERT_PATH: cert, CLIENT_KEY_PATH: key };
  for (const [env, expected] of [
    [both, undefined],
    [
      { CLIENT_CERT_PATH: file('both.pem', `${clientCertificate.cert}\n${clientCertificate.key}`) },
      undefined,
    ],
    [{ CA_CERT_PATH: file('ca.pem', `${authority.cert}${serverCertificate.cert}`) }, undefined],
    [{ CA_CERT_PATH: '/nowhere/ca.pem' }, /^CA_CERT_PATH: \/nowhere\/ca\.pem no such file/],
    [{ CA_CERT_PATH: key }, /^CA_CERT_PATH names a file without a certificate in PEM/],
    [{ CLIENT_CERT_PATH: cert }, /^CLIENT_CERT_PATH is set without CLIENT_KEY_PATH/],
    [{ CLIENT_KEY_PATH: key }, /^CLIENT_KEY_PATH is set without CLIENT_CERT_PATH/],
    [{ CLIENT_KEY_PASSPHRASE: 'hunter22' }, /^CLIENT_KEY_PASSPHRASE is set without/],
    [
      { ...both, CLIENT_KEY_PATH: file('other.key', serverCertificate.key) },
      /is not the key of the certificate/,
    ],
    [{ ...both, CLIENT_KEY_PATH: cert }, /^CLIENT_KEY_PATH names a file without a private key/],
    [{ ...both, CLIENT_KEY_PATH: encrypted }, /set CLIENT_KEY_PASSPHRASE/],
    [{ ...both, CLIENT_KEY_PATH: encrypted, CLIENT_KEY_PASSPHRASE: 'hunter22' }, /is not the passphrase/],
    [
      { CA_CERT_PATH: file('bad.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----') },
      /can't be read/,
    ],
  ] as const) {
    const lines = linesOf({ BASE_URL: `https://${HOST}/api`, ...env });
    expect(lines).toHaveLength(expected ? 1 : 0);
    if (expected) expect(lines[0]).toMatch(expected);
    expect(lines.join()).not.toMatch(/hunter22|\n/);
  }
});

test('a proxy variable that cannot be used is a wrong setting, unless no request goes through it', async () => {
  for (const [value, expected] of [
    ['socks5://user:hunter22@127.0.0.1:1080', /HTTPS_PROXY must begin with http:\/\/.*socks5/],
    ['http://', /HTTPS_PROXY is not a URL/],
  ] as const) {
    await withEnvironment({ HTTPS_PROXY: value }, async () => {
      expect(() => readSettings({ BASE_URL: `https://${HOST}/api` })).toThrow(expected);
      expect(() => readSettings({ BASE_URL: `https://${HOST}/api` })).not.toThrow(/hunter22/);
      expect(() => readSettings({ BASE_URL: 'http://127.0.0.1:9/api' })).not.toThrow();
      await Promise.resolve();
    });
  }
});

test('a document is fetched through the proxy, redirects too, and a failure says what to set', async () => {
  const { cert, key } = serverCertificate;
  const server = https.createServer({ cert, key }, (request, response) => {
    if (request.url === '/old') response.writeHead(302, { location: '/new' }).end();
    else response.setHeader('content-encoding', 'gzip').end(gzipSync('{"openapi": "3.1.0", "paths": {}}'));
  });
  const port = await listen(server);
  const proxy = await startProxy({ [`${HOST}:443`]: port });
  const ca = file('ca.pem', authority.cert);
  await withEnvironment({ HTTPS_PROXY: proxy.url, CA_CERT_PATH: ca }, async () => {
    expect(await readSource(`https://${HOST}/old`)).toMatchObject({ document: { openapi: '3.1.0' } });
    await expect(readSource('https://other.test/x')).rejects.toThrow(/status 502\): it does not reach/);
  });
  await withEnvironment({ HTTPS_PROXY: proxy.url }, async () => {
    await expect(readSource(`https://${HOST}/new`)).rejects.toThrow(/give the authority in CA_CERT_PATH/);
  });
  await withEnvironment({ ALL_PROXY: 'socks4://127.0.0.1' }, async () => {
    await expect(readSource(`https://${HOST}/new`)).rejects.toThrow(/ALL_PROXY must begin with http/);
  });
  expect(proxy.requests).toEqual([
    `CONNECT ${HOST}:443`,
    `CONNECT ${HOST}:443`,
    'CONNECT other.test:443',
    `CONNECT ${HOST}:443`,
  ]);
  await proxy.close();
  server.closeAllConnections();
  server.close();
});
