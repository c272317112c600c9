import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { keysIn } from '../../src/gateway/keys';
import { Secrets } from '../../src/gateway/secrets';
import { labelsIn } from '../../src/judging/labels';

const ID = 'k3J9/x+81=-ä🚀-0123456789';

test('a secret is masked in whatever way it is written', () => {
  const secrets = new Secrets();
  expect(secrets.label('SESSION', ID)).toBe('$SESSION_1');
  const ascii = [...ID]
    .flatMap((char) => [...Array(char.length).keys()].map((i) => char.charCodeAt(i)))
    .map((code) => (code > 127 ? `\\u${code.toString(16).padStart(4, '0')}` : String.fromCharCode(code)))
    .join('');
  for (const written of [
    ID,
    `{"sessionId":${JSON.stringify(ID)}}`,
    `{"sessionId":${JSON.stringify(ID).replaceAll('/', '\\/')}}`,
    `{"sessionId":"${ascii}"}`,
    `https://example.com/verify?session=${encodeURIComponent(ID)}&x=1`,
    `https://example.com/verify?session=${encodeURIComponent(ID).replace(/%../g, (escape) => escape.toLowerCase())}`,
    `next=${encodeURIComponent(`/verify?session=${encodeURIComponent(ID)}`)}`,
    Buffer.from(ID).toString('base64'),
    Buffer.from(`a${ID}b`).toString('base64'),
    Buffer.from(`ab${ID}`).toString('base64url'),
    Buffer.from(`abc${ID}cd`).toString('base64url'),
  ]) {
    const masked = secrets.mask(written);
    expect(labelsIn(masked), written).toEqual(['$SESSION_1']);
    expect(secrets.mask(masked)).toBe(masked);
  }
});

test('equal secrets have equal labels, others have others', () => {
  const secrets = new Secrets();
  expect([
    secrets.label('SESSION', 'first-session'),
    secrets.label('SESSION', 'second-session'),
    secrets.label('SESSION', 'first-session'),
    secrets.label('API_KEY', 'some-api-key'),
  ]).toEqual(['$SESSION_1', '$SESSION_2', '$SESSION_1', '$API_KEY_1']);
  expect(secrets.mask('first-session and second-session')).toBe('$SESSION_1 and $SESSION_2');
});

test('a label is told from the word behind it', () => {
  const secrets = new Secrets();
  secrets.label('SESSION', 'first-session');
  const masked = secrets.mask('first-session0 first-sessions first-session');
  expect(masked).toBe('${SESSION_1}0 ${SESSION_1}s $SESSION_1');
  expect(labelsIn(masked)).toEqual(['$SESSION_1', '$SESSION_1', '$SESSION_1']);
  expect(secrets.reveal(masked, (value) => value)).toBe('first-session0 first-sessions first-session');
});

test('a short secret is masked where it fills a place of its own, and nowhere else', () => {
  const secrets = new Secrets();
  secrets.label('SESSION', '17');
  expect(secrets.mask('{"sessionId":"17","expiresAt":"2017-01-17","count":17}')).toBe(
    '{"sessionId":"$SESSION_1","expiresAt":"2017-01-17","count":17}',
  );
  expect(secrets.mask('/sessions/17?x=17&y=1')).toBe('/sessions/$SESSION_1?x=$SESSION_1&y=1');
});

test('a longer secret goes before one that it contains', () => {
  const secrets = new Secrets();
  secrets.label('SESSION', 'abcdefgh');
  secrets.label('SESSION', 'abcdefgh-ijkl');
  expect(secrets.mask('abcdefgh-ijkl abcdefgh')).toBe('$SESSION_2 $SESSION_1');
});

test('what looked like a key turns out to be one of the API', () => {
  const secrets = new Secrets();
  expect(secrets.label('KEY', 'pk_live_0123456789')).toBe('$KEY_1');
  expect(secrets.label('API_KEY', 'pk_live_0123456789')).toBe('$API_KEY_1');
  expect(secrets.label('KEY', 'pk_live_0123456789')).toBe('$API_KEY_1');
  expect(secrets.mask('it is PK_LIVE_0123456789')).toBe('it is $API_KEY_1');
});

for (const [text, found] of [
  ['Already approved as pk_live_9f86d081884c7d65', 'pk_live_9f86d081884c7d65'],
  ['Authorization: Bearer 9f86d081884c7d65', '9f86d081884c7d65'],
  [
    'token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl!',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
  ],
  ['AKIAIOSFODNN7EXAMPLE is gone', 'AKIAIOSFODNN7EXAMPLE'],
  ['postgres://app:hunter2secret@db:5432/x', 'app:hunter2secret'],
  ['{"client_secret": "9f86d081"', '9f86d081'],
] as const) {
  test(`${found} looks like a key`, () => {
    expect(keysIn(text)).toContain(found);
  });
}

for (const text of [
  '{"success":false,"msg":"This session is not pending"}',
  'Wed, 21 Oct 2015 07:28:00 GMT',
  'W/"1a-9f86d081884c7d659a2feaa0c55ad015"',
  'http://127.0.0.1:3000/verify?session=9f86d081-884c-7d65-9a2f-eaa0c55ad015',
  'Bearer realm="api"',
]) {
  test(`nothing in ${text} looks like a key`, () => {
    expect(keysIn(text)).toEqual([]);
  });
}

test('a hostile body is masked in bounded time', () => {
  const secrets = new Secrets();
  for (let i = 0; i < 50; i++) secrets.label('SESSION', randomUUID());
  const before = process.cpuUsage();
  for (const part of ['%41', '\\"', 'eyJaaaaaaaa.', 'secret:', 'a://a:', '&#', 'sk_', 'Bearer '])
    secrets.mask(part.repeat(2 ** 20 / part.length) + keysIn(part.repeat(2 ** 20 / part.length)).length);
  // Time of the processor: a busy machine takes longer by the clock.
  expect(process.cpuUsage(before).user / 1e6).toBeLessThan(20);
});
