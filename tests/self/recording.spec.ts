import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { check, deviates, KEPT } from '../../src/judging/check';
import { KnownDeviations } from '../../src/judging/known-deviations';
import { toHar } from '../../src/report/recording/har';
import { parseRecording, readRecording } from '../../src/report/recording/read';
import { UnreadableRecording } from '../../src/report/recording/recorded';
import { rejudge } from '../../src/report/recording/rejudge';
import { FindingsCollector } from '../../src/judging/collector';
import type { Exchange } from '../../src/judging/exchange';
import type { Statement } from '../../src/report/statement';
import { StandIn } from '../../src/stand-in/server';
import type { Variant } from '../../src/stand-in/variant';
import { variantNamed } from '../../src/stand-in/variants/index';
import { Contract } from '../../src/contract/contract';
import { operationPointer } from '../../src/catalogue/operations';
import { valueAt, type JsonObject } from '../../src/contract/json';
import { readPin, type PinnedDocument } from '../../src/contract/pin';
import { runContract, timeoutFor, type CommandResult } from './command';
import { SLOW } from './slow';
import { temporaryFolder } from './temporary-folder';

/*
 * A recording judged again: under another document it says what a run would say. That it says the same as the run under
 * the pinned one is shown for every variant of the stand-in (variants-*.spec.ts).
 */

type Recorded = CommandResult & { recording: string };

const recorded = new Map<string, Promise<Recorded>>();

/** An id with a prefix, and a denial that is answered 204. */
const FAULTY = 'faulty';

/** Records a run against a variant, once. */
function record(name: string): Promise<Recorded> {
  let run = recorded.get(name);
  if (!run) recorded.set(name, (run = recordRun(name)));
  return run;
}

async function recordRun(name: string): Promise<Recorded> {
  const variant = variantNamed(name === FAULTY ? 'denial-204' : name) as Variant;
  const newId = (): string => `sess_${randomBytes(16).toString('hex')}`;
  const standIn = await StandIn.start({ variant: name === FAULTY ? { ...variant, newId } : variant });
  const result = await runContract({
    BASE_URL: standIn.baseUrl.href,
    PROVIDER_STATE_URL: standIn.providerStateUrl?.href ?? '',
    SETTLE_MS: '0',
    REQUEST_TIMEOUT_MS: timeoutFor(2000),
  });
  await standIn.close();
  return { ...result, recording: join(result.folder, 'results', 'exchanges.har') };
}

type Found = { requirement: string; code: string; class: string; pointer: string | undefined };

function rejudged(path: string, document: PinnedDocument = readPin()): Found[] {
  const collector = new FindingsCollector(new KnownDeviations([], '', ''), true);
  rejudge(readRecording(path), new Contract(document), collector);
  return collector
    .results()
    .flatMap(({ id, findings }) =>
      findings.map(({ code, class: cls, pointer }) => ({ requirement: id, code, class: cls, pointer })),
    );
}

function stated({ requirements }: Statement): Found[] {
  return requirements.flatMap(({ id, findings }) =>
    findings.map(({ code, class: cls, pointer }) => ({ requirement: id, code, class: cls, pointer })),
  );
}

/** The pin with another schema at a place below an operation. */
function edited(
  operation: 'create' | 'poll' | 'deny',
  place: string,
  edit: (schema: JsonObject) => void,
): PinnedDocument {
  const document = structuredClone(readPin());
  edit(valueAt(document, `${operationPointer(operation)}${place}`) as JsonObject);
  return document;
}

test(
  'a recording of a conforming run deviates under a document that asks for more, as a run would',
  SLOW,
  async () => {
    const { recording } = await record('plain');
    const asked = edited('deny', '/responses/200/content/application~1json/schema', (schema) => {
      (schema.required as string[]).push('deniedAt');
      (schema.properties as JsonObject).deniedAt = { type: 'string' };
    });
    expect(rejudged(recording, asked)).toEqual([
      { requirement: 'DENY-3', code: 'schema', class: 'violation', pointer: '/deniedAt' },
    ]);
    const documented = edited('deny', '/responses', (responses) => delete responses['500']);
    expect(rejudged(recording, documented).map(({ requirement, code }) => `${requirement} ${code}`)).toEqual(
      expect.arrayContaining(['REJECT-1 undocumented-status', 'REJECT-2 undocumented-status']),
    );
  },
);

test('what a document asks of a secret is asked of a text of the same shape', SLOW, async () => {
  const { recording } = await record('plain');
  const place = '/responses/201/content/application~1json/schema/properties/sessionId';
  expect(
    rejudged(
      recording,
      edited('create', place, (schema) => Object.assign(schema, { format: 'uuid', minLength: 36 })),
    ),
  ).toEqual([]);
  expect(
    rejudged(
      recording,
      edited('create', place, (schema) => Object.assign(schema, { maxLength: 35 })),
    ),
  ).toMatchObject([{ requirement: 'CREATE-2', code: 'schema', pointer: '/sessionId' }]);
  const prefixed = await record(FAULTY);
  expect(
    rejudged(
      prefixed.recording,
      edited('create', place, (schema) => Object.assign(schema, { pattern: '^sess_[0-9a-f]{32}$' })),
    ),
  ).toEqual(rejudged(prefixed.recording));
});

test('the recording is HAR 1.2', SLOW, async () => {
  const { recording, statement } = await record('plain');
  const { log } = JSON.parse(readFileSync(recording, 'utf8')) as {
    log: { version: string; entries: Record<string, JsonObject>[] };
  };
  expect(log.version).toBe('1.2');
  expect(log.entries).toHaveLength(statement?.requests ?? 0);
  for (const { request, response, cache, timings, ...entry } of log.entries) {
    expect(entry).toMatchObject({
      startedDateTime: expect.stringMatching(/^\d{4}-.*Z$/),
      time: expect.any(Number),
    });
    expect(request).toMatchObject({
      method: expect.any(String),
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: expect.any(Array),
      queryString: expect.any(Array),
      headersSize: -1,
    });
    expect(URL.canParse(String(request?.url))).toBe(true);
    expect(response).toMatchObject({
      status: expect.any(Number),
      statusText: expect.any(String),
      content: { size: expect.any(Number) as unknown, mimeType: expect.any(String) as unknown },
      redirectURL: expect.any(String),
    });
    expect([cache, timings]).toEqual([{}, { send: 0, wait: expect.any(Number) as unknown, receive: 0 }]);
  }
});

const OF_ANOTHER_VERSION = JSON.stringify({
  log: {
    _contract: {},
    entries: [
      {
        request: { headers: [] },
        response: { headers: [], content: {} },
        _contract: { judgements: [{ check: { name: 'isNoMore' } }] },
      },
    ],
  },
});

test('what is no recording is said in one line', () => {
  const folder = temporaryFolder();
  const file = (text: string): string => {
    const path = join(folder, 'x.har');
    writeFileSync(path, text);
    return path;
  };
  for (const [path, says] of [
    [() => join(folder, 'nobody.har'), /no such file/],
    [() => folder, /is a folder/],
    [() => file(''), /is empty/],
    [() => file('{"log":'), /breaks off/],
    [() => file('[]'), /not a HAR recording/],
    [
      () => file('\ufeff{"log": {"version": "1.2", "entries": [{"request": {}, "response": {}}, null, 1]}}'),
      /contains no request to the session API \(no path of its 3 entries has/,
    ],
    [
      () => file('{"log": {"_contract": {}, "entries": [{"request": {}, "response": {}, "_contract": {}}]}}'),
      /is a recording of this suite that was changed/,
    ],
    [() => file(OF_ANOTHER_VERSION), /a check that this version doesn't have, "isNoMore"/],
    [() => '/dev/zero', /is not a regular file/],
    [() => file('\0{\0"'), /is UTF-16 or binary/],
  ] as const) {
    expect(() => readRecording(path())).toThrow(UnreadableRecording);
    expect(() => readRecording(path())).toThrow(says);
  }
});

const hasText = check('hasText', ({ text }) =>
  text === undefined ? deviates('no-id', 'a body', 'none') : KEPT,
);

test('a recording is bounded, and says which bodies it has cut', SLOW, async () => {
  const { recording } = await record('plain');
  const { exchanges, likenesses } = readRecording(recording);
  const large = exchanges.map((exchange): Exchange => {
    const body = { ...(exchange.answer?.json?.value as object), more: 'x'.repeat(500_000) };
    const text = JSON.stringify(body);
    const readsBody = { test: '', requirement: 'CREATE-1', exchange: exchange.n, check: hasText } as const;
    if (exchange.isJudged) exchange.judgements.push(readsBody);
    return exchange.answer
      ? { ...exchange, answer: { ...exchange.answer, text, json: { value: body } } }
      : exchange;
  });
  const text = JSON.stringify(toHar(large, likenesses));
  expect(text.length).toBeLessThan(20_000_000);
  const cut = parseRecording(text);
  expect(cut.unknown.size).toBeGreaterThan(10);
  expect(cut.notes).toEqual([`${cut.unknown.size} responses were not judged: their bodies were cut`]);
  const collector = new FindingsCollector(new KnownDeviations([], '', ''), true);
  rejudge(cut, new Contract(readPin()), collector);
  // Those that are whole show the property that is not documented; none is blamed for a body that was cut.
  const codes = collector.results().flatMap(({ findings }) => findings.map(({ code }) => code));
  expect([...new Set(codes)]).toEqual(['undocumented-property']);
});

test('the command judges a recording without the API', SLOW, async () => {
  const { recording, statement } = await record(FAULTY);
  const script = join(__dirname, '../../scripts/rejudge.ts');
  const run = promisify(execFile)(process.execPath, ['--import', 'tsx', script, recording, '--json'], {
    env: { ...process.env, DOTENV_CONFIG_PATH: '/nowhere' },
  });
  const { stdout, code } = (await run.catch((error: unknown) => error)) as { stdout: string; code: number };
  expect(code).toBe(1);
  const again = JSON.parse(stdout) as Statement;
  expect(again.verdict).toBe('deviates');
  expect(stated(again)).toEqual(stated(statement as Statement));
});
