import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { JUDGED_ON_EVERY_RESPONSE } from '../../src/catalogue/every-response';
import { Contract } from '../../src/contract/contract';
import { readPin } from '../../src/contract/pin';
import { FindingsCollector } from '../../src/judging/collector';
import { KnownDeviations } from '../../src/judging/known-deviations';
import { parseRecording } from '../../src/report/recording/read';
import { rejudge } from '../../src/report/recording/rejudge';
import type { Statement } from '../../src/report/statement';
import { StandIn } from '../../src/stand-in/server';
import { variantNamed } from '../../src/stand-in/variants';
import { temporaryFolder } from './temporary-folder';

/*
 * Recordings of other tools, each in its own dialect of HAR, of the same traffic with the stand-in.
 */

interface Message {
  method: string;
  url: string;
  body: string | undefined;
  status: number;
  statusText: string;
  headers: [string, string][];
  bytes: Buffer;
  startedAt: string;
  time: number;
}

type Dialect = (messages: Message[]) => string;

/** One life of a session: created, polled, denied, polled, denied again. */
async function traffic(name: string): Promise<Message[]> {
  const variant = variantNamed(name);
  const standIn = await StandIn.start({ ...(variant && { variant }) });
  const messages: Message[] = [];
  const send = async (method: string, path: string, body?: string): Promise<string> => {
    const url = new URL(`v1/api/auth/sessions${path}`, standIn.baseUrl).href;
    const startedAt = new Date(Date.parse('2026-01-01T00:00:00Z') + 100 * messages.length).toISOString();
    const response = await fetch(url, {
      method,
      ...(body !== undefined && { body, headers: { 'content-type': 'application/json' } }),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const { status, statusText, headers } = response;
    messages.push({
      ...{ method, url, body, status, statusText, bytes, startedAt, time: 12.5 },
      headers: [...headers].filter(([one]) => one !== 'date'),
    });
    return bytes.toString();
  };
  const created = await send('POST', '', '{"deviceName": "Zoë\'s laptop"}');
  const { sessionId } = JSON.parse(created) as { sessionId: string };
  for (const method of ['GET', 'DELETE', 'GET', 'DELETE']) await send(method, `/${sessionId}`);
  await send('DELETE', '/00000000-0000-4000-8000-000000000000');
  await standIn.close();
  return messages;
}

const pairs = (headers: [string, string][]): object[] => headers.map(([name, value]) => ({ name, value }));

function har(entries: object[], creator: string): string {
  return JSON.stringify({
    log: { version: '1.2', creator: { name: creator, version: '1' }, pages: [], entries },
  });
}

/** What surrounds the session API in a browser's recording. */
const OTHERS = [
  {
    startedDateTime: '2026-01-01T00:00:00Z',
    time: 1,
    request: { method: 'GET', url: 'https://a.example/x.png' },
  },
  {
    startedDateTime: '2026-01-01T00:00:00Z',
    time: 1,
    request: { method: 'OPTIONS', url: 'https://a.example/api/v1/api/auth/sessions', headers: [] },
    response: { status: 204, headers: [], content: {} },
  },
  { request: null },
];

const DIALECTS: Record<string, Dialect> = {
  'Chrome: HTTP/2, pseudo headers, sizes of zero, entries out of order': (messages) =>
    har(
      [
        ...messages.toReversed().map(({ method, url, body, status, headers, bytes, startedAt, time }) => ({
          _initiator: { type: 'script' },
          _resourceType: 'fetch',
          cache: {},
          request: {
            method,
            url,
            httpVersion: 'h2',
            headers: [
              { name: ':authority', value: 'a.example' },
              { name: ':method', value: method },
            ],
            queryString: [],
            cookies: [],
            headersSize: -1,
            bodySize: body?.length ?? 0,
            ...(body !== undefined && { postData: { mimeType: 'application/json', text: body } }),
          },
          response: {
            status,
            statusText: '',
            httpVersion: 'h2',
            headers: [{ name: ':status', value: String(status) }, ...pairs(headers)],
            cookies: [],
            content: { size: bytes.length, mimeType: 'application/json', text: bytes.toString() },
            redirectURL: '',
            headersSize: -1,
            bodySize: -1,
            _transferSize: 100,
          },
          serverIPAddress: '127.0.0.1',
          startedDateTime: startedAt,
          time,
          timings: { blocked: 1, send: 1, wait: 1, receive: 1 },
        })),
        ...OTHERS,
      ],
      'WebInspector',
    ),
  'Firefox: a byte order mark, reason phrases, members in another order': (messages) =>
    `\ufeff${har(
      messages.map(({ method, url, body, status, statusText, headers, bytes, startedAt, time }) => ({
        startedDateTime: startedAt.replace('Z', '+00:00'),
        timings: {},
        time,
        response: {
          content: {
            text: bytes.toString(),
            size: bytes.length,
            mimeType: 'application/json; charset=utf-8',
          },
          headers: pairs(headers),
          statusText,
          status,
          httpVersion: 'HTTP/1.1',
        },
        request: {
          bodySize: body?.length ?? 0,
          headers: [],
          ...(body !== undefined && { postData: { mimeType: 'application/json', params: [], text: body } }),
          url,
          method,
        },
      })),
      'Firefox',
    )}`,
  'Safari: bodies in Base64': (messages) =>
    har(
      messages.map(({ method, url, body, status, headers, bytes, startedAt, time }) => ({
        startedDateTime: startedAt,
        time,
        request: {
          method,
          url,
          headers: [],
          bodySize: -1,
          ...(body !== undefined && { postData: { text: body } }),
        },
        response: {
          status,
          statusText: '',
          headers: pairs(headers),
          content: { size: bytes.length, encoding: 'base64', mimeType: '', text: bytes.toString('base64') },
        },
      })),
      'WebKit Web Inspector',
    ),
  'mitmproxy: bodies of requests in Base64, headers of one name apart': (messages) =>
    har(
      messages.map(({ method, url, body, status, statusText, headers, bytes, startedAt, time }) => ({
        startedDateTime: startedAt,
        time,
        request: {
          method,
          url,
          httpVersion: 'HTTP/2.0',
          headers: [],
          bodySize: body?.length ?? 0,
          ...(body !== undefined && {
            postData: {
              mimeType: 'application/json',
              encoding: 'base64',
              text: Buffer.from(body).toString('base64'),
            },
          }),
        },
        response: {
          status,
          statusText,
          httpVersion: 'HTTP/2.0',
          headers: [
            ...pairs(headers),
            { name: 'Set-Cookie', value: 'a=1' },
            { name: 'Set-Cookie', value: 'b=2' },
          ],
          content: {
            size: bytes.length,
            compression: 0,
            mimeType: 'application/json',
            text: bytes.toString(),
          },
        },
      })),
      'mitmproxy',
    ),
  'Charles: the path alone, the host in a header': (messages) =>
    har(
      messages.map(({ method, url, body, status, statusText, headers, bytes, startedAt, time }) => ({
        startedDateTime: startedAt,
        time: Math.round(time),
        request: {
          method: method.toLowerCase(),
          url: new URL(url).pathname,
          headers: [{ name: 'Host', value: new URL(url).host }],
          bodySize: body?.length ?? 0,
          ...(body !== undefined && { postData: { mimeType: 'application/json', text: body } }),
        },
        response: {
          status: String(status),
          statusText,
          headers: pairs(headers),
          content: {
            size: bytes.length,
            mimeType: 'application/json',
            text: bytes.toString('base64'),
            encoding: 'Base64',
          },
        },
      })),
      'Charles Proxy',
    ),
  'Fiddler: no headers of responses but their media type': (messages) =>
    har(
      messages.map(({ method, url, body, status, statusText, headers, bytes, startedAt, time }) => ({
        startedDateTime: startedAt,
        time,
        request: {
          method,
          url,
          headers: [],
          bodySize: body?.length ?? 0,
          ...(body !== undefined && { postData: { mimeType: 'application/json', text: body } }),
        },
        response: {
          status,
          statusText,
          headers: [],
          content: {
            size: bytes.length,
            mimeType: headers.find(([name]) => name === 'content-type')?.[1] ?? '',
            text: bytes.toString(),
          },
        },
      })),
      'Fiddler',
    ),
};

function judged(text: string): { findings: string[]; judgedIds: string[]; notes: string[] } {
  const collector = new FindingsCollector(new KnownDeviations([], '', ''), true);
  const recorded = parseRecording(text);
  rejudge(recorded, new Contract(readPin()), collector);
  const results = collector.results();
  return {
    findings: results.flatMap(({ findings }) =>
      findings.map(({ requirement, code }) => `${requirement}/${code}`),
    ),
    judgedIds: results.filter((one) => one.judged > 0).map(({ id }) => id),
    notes: recorded.notes,
  };
}

for (const [name, dialect] of Object.entries(DIALECTS)) {
  test(`${name.split(':')[0]}'s recording is judged by what follows from it`, async () => {
    const conforming = judged(dialect(await traffic('plain')));
    expect(conforming.findings).toEqual([]);
    expect(conforming.judgedIds).toEqual(
      expect.arrayContaining(
        'CREATE-1 CREATE-2 CREATE-3 DENY-1 DENY-2 DENY-3 DENY-5 POLL-2 POLL-4 POLL-7 REJECT-2 REJECT-5 WIRE-1 WIRE-2'.split(
          ' ',
        ),
      ),
    );
    expect(judged(dialect(await traffic('denial-204'))).findings).toEqual(['DENY-1/status']);
    expect(judged(dialect(await traffic('denial-does-nothing'))).findings).toEqual(
      expect.arrayContaining(['DENY-2/still-pending', 'REJECT-2/accepted']),
    );
  });
}

const chrome = Object.values(DIALECTS)[0] as Dialect;

/** A recording in Chrome's dialect with each entry of the session API put through a change. */
async function changed(
  name: string,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- entries are edited as a person would
  edit: (entry: any, i: number) => void,
): Promise<string> {
  const file = JSON.parse(chrome(await traffic(name))) as { log: { entries: unknown[] } };
  file.log.entries.slice(0, 6).forEach(edit);
  return JSON.stringify(file);
}

test('bodies that the recording does not contain are not judged, and blamed on nobody', async () => {
  for (const edit of [
    (content: Record<string, unknown>) => delete content.text,
    (content: Record<string, unknown>) => (content.text = ''),
    (content: Record<string, unknown>) => Object.assign(content, { text: undefined, size: 0 }),
    (content: Record<string, unknown>) => (content.text = String(content.text).slice(0, 5)),
  ]) {
    const text = await changed(
      'plain',
      ({ response }: { response: { content: Record<string, unknown> } }) => {
        edit(response.content);
      },
    );
    const { findings, judgedIds, notes } = judged(text);
    expect(findings).toEqual([]);
    expect(judgedIds).not.toEqual(expect.arrayContaining(['POLL-2']));
    expect(notes.join()).toMatch(/6 have no body in the recording, or a part of it/);
  }
});

test('what is no answer of the API is left out, and counted', async () => {
  const text = await changed('denial-204', (entry: { response: object; _fromCache?: string }, i) => {
    if (i === 0) Object.assign(entry.response, { status: 0 });
    if (i === 1) Object.assign(entry.response, { status: 503 });
    if (i === 2) Object.assign(entry, { _fromCache: 'disk' });
    if (i === 3) Object.assign(entry.response, { status: 429 });
  });
  const { findings, notes } = judged(text);
  expect(findings).toEqual([]);
  expect(notes).toEqual([
    expect.stringMatching(
      /^of 9 entries 3 are not requests to the session API.*; 2 have no response of the API.*; 2 were turned away/,
    ),
  ]);
});

test('a session of which nothing is known is judged by the rules for any response', async () => {
  const messages = await traffic('plain');
  const denial = messages.filter(({ method }) => method === 'DELETE').slice(0, 1);
  const alone = judged(chrome(denial));
  expect(alone.findings).toEqual([]);
  expect(alone.judgedIds).toEqual(expect.arrayContaining(['DENY-3', 'WIRE-1', 'WIRE-2', 'WIRE-4', 'WIRE-5']));
  const ofAny: readonly string[] = JUDGED_ON_EVERY_RESPONSE;
  expect(alone.judgedIds.filter((id) => !ofAny.includes(id))).toEqual([]);
  expect(alone.notes.join()).toMatch(
    /1 are denials of a session in a state that the recording does not show/,
  );
  const rejection = messages.filter(({ method }) => method === 'DELETE').slice(1, 2);
  expect(judged(chrome(rejection)).findings).toEqual([]);
  const spoiled = rejection.map((one) => ({ ...one, bytes: Buffer.concat([one.bytes, Buffer.from('{')]) }));
  expect(judged(chrome(spoiled)).findings).toEqual(['WIRE-2/json']);
});

test('a person may have approved a session, and another client may have denied it', async () => {
  const messages = await traffic('plain');
  const later = (ms: number): Message[] =>
    messages.map((one, i) => ({
      ...one,
      startedAt: new Date(Date.parse(one.startedAt) + (i >= 2 ? ms : 0)).toISOString(),
      ...(one.method === 'DELETE' &&
        i === 2 && { status: 500, bytes: Buffer.from('{"success":false,"msg":"no"}') }),
    }));
  // At once it is the API's, later it may have been anyone's.
  expect(judged(chrome(later(0))).findings).toContain('DENY-1/status');
  expect(judged(chrome(later(60_000))).findings).not.toContain('DENY-1/status');
});

test('concurrent denials prove nothing of each other', async () => {
  const messages = await traffic('plain');
  const at = messages[2]?.startedAt ?? '';
  const racing = messages.map((one, i) => (i === 4 ? { ...one, startedAt: at } : one));
  expect(judged(chrome(racing)).findings).toEqual([]);
});

test('a create that the document does not allow may be rejected', async () => {
  const create = (await traffic('plain')).slice(0, 1).map((one) => ({
    ...one,
    status: 400,
    bytes: Buffer.from('{"message": "no"}'),
  }));
  const withBody = (body: string | undefined): string[] =>
    judged(chrome(create.map((one) => ({ ...one, body })))).findings;
  expect(withBody('{"deviceName": 1}')).toEqual([]);
  expect(withBody('{"deviceName"')).toEqual([]);
  expect(withBody('{"deviceName": "x"}')).toEqual(['CREATE-1/status']);
  expect(withBody(undefined)).toEqual(['CREATE-1/status']);
});

test('the command names what it left out, shows no secret, and says how long the recording was', async () => {
  const messages = await traffic('denial-204');
  const { sessionId } = JSON.parse(messages[0]?.bytes.toString() ?? '') as { sessionId: string };
  const path = join(temporaryFolder(), 'browser.har');
  writeFileSync(
    path,
    chrome(messages.map((one) => ({ ...one, url: one.url.replace('//', '//u:topsecret@') }))),
  );
  const script = join(__dirname, '../../scripts/rejudge.ts');
  const { stdout, stderr, code } = await new Promise<{ stdout: string; stderr: string; code: unknown }>(
    (resolve) =>
      execFile(
        process.execPath,
        ['--import', 'tsx', script, path, '--json'],
        { env: { ...process.env, DOTENV_CONFIG_PATH: '/nowhere' } },
        (error, out, err) => resolve({ stdout: out, stderr: err, code: error?.code ?? 0 }),
      ),
  );
  const statement = JSON.parse(stdout) as Statement;
  expect(code).toBe(1);
  expect(statement).toMatchObject({ verdict: 'deviates', requests: 6, durationMs: 512 });
  expect(stderr).toMatch(/^of 9 entries 3 are not requests to the session API, and were ignored[^\n]*\n$/);
  expect(stdout + stderr).not.toMatch(new RegExp(`${sessionId}|topsecret`));
});
