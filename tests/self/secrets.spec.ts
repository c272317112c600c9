import { expect, test } from '@playwright/test';
import { labelsIn, Secrets } from '../../fixtures/gateway/secrets';

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
