import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { readKnownDeviations } from '../../src/run/known-deviations-file';
import { isLoopback, readSettings, SETTING_NAMES, WrongSettings } from '../../src/run/settings';

function wrong(env: Record<string, string>): string[] {
  try {
    readSettings(env);
  } catch (error) {
    if (error instanceof WrongSettings) return error.lines;
    throw error;
  }
  return [];
}

test('without settings the stand-in is judged, in full and at once', () => {
  expect(readSettings({})).toMatchObject({
    baseUrl: undefined,
    profile: 'full',
    settleMs: 0,
    waitForExpiryMs: 0,
    requestTimeoutMs: 10_000,
    maxRequestsPerSecond: Infinity,
    drift: 'fail',
  });
});

test('a target that is not loopback is treated politely, unless PROFILE says otherwise', () => {
  const polite = { profile: 'polite', maxRequestsPerSecond: 5, settleMs: 3000 };
  expect(readSettings({ BASE_URL: 'https://api.example.com/api' })).toMatchObject(polite);
  expect(readSettings({ BASE_URL: 'https://api.example.com/api', PROFILE: 'full' })).toMatchObject({
    profile: 'full',
    maxRequestsPerSecond: Infinity,
  });
  expect(readSettings({ BASE_URL: 'http://127.0.0.1:3000/api' })).toMatchObject({
    profile: 'full',
    settleMs: 3000,
  });
  expect(readSettings({ BASE_URL: 'http://127.0.0.1:3000/api', PROFILE: 'polite' })).toMatchObject(polite);
});

for (const [value, expected] of [
  ['https://api.example.com/api', 'https://api.example.com/api/'],
  ['https://api.example.com/api/', 'https://api.example.com/api/'],
  ['https://api.example.com', 'https://api.example.com/'],
  ['http://[::1]:8080/deep/er/api', 'http://[::1]:8080/deep/er/api/'],
  ['HTTP://LOCALHOST:8080/Api', 'http://localhost:8080/Api/'],
  ['https://bücher.example/api', 'https://xn--bcher-kva.example/api/'],
  ['https://example.com/v1/gateway', 'https://example.com/v1/gateway/'],
] as const) {
  test(`BASE_URL=${value} ends with one slash`, () => {
    expect(readSettings({ BASE_URL: value }).baseUrl?.href).toBe(expected);
  });
}

for (const [host, expected] of [
  ['localhost', true],
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['[::1]', true],
  ['127.0.0.1.example.com', false],
  ['localhost.example.com', false],
  ['10.0.0.1', false],
  ['[::2]', false],
] as const) {
  test(`${host} is ${expected ? 'loopback' : 'no loopback'}`, () => {
    expect(isLoopback(new URL(`http://${host}/`))).toBe(expected);
  });
}

for (const [name, value, says] of [
  ['BASE_URL', 'api.example.com', 'is not a URL'],
  ['BASE_URL', 'localhost:3000', 'must begin with http:// or https://'],
  ['BASE_URL', 'ftp://example.com/', 'must begin with http:// or https://'],
  ['BASE_URL', 'file:///etc/passwd', 'must begin with http:// or https://'],
  ['BASE_URL', 'http:/example.com', 'must begin with http:// or https://'],
  ['BASE_URL', 'http://user:topsecret@example.com/', 'holds credentials'],
  ['BASE_URL', 'http://example.com:99999/', 'is not a URL'],
  ['BASE_URL', 'http://example.com/?x=1', 'has a query'],
  ['BASE_URL', 'http://example.com/#x', 'has a query or a fragment'],
  ['BASE_URL', 'http://exa mple.com/', 'white space'],
  ['BASE_URL', 'http://example.com/\nX: y', 'line break'],
  ['BASE_URL', 'http://example.com:0/', 'has port 0'],
  ['BASE_URL', 'http://[fe80::1%eth0]/', 'is not a URL'],
  ['BASE_URL', 'http://example.com/\0', 'control character'],
  ['BASE_URL', 'http://example.com/api/v1', 'goes too far'],
  ['BASE_URL', 'http://example.com/api/v1/api/auth/sessions/', 'goes too far'],
  ['PROVIDER_STATE_URL', 'nowhere', 'is not a URL'],
  ['PROVIDER_STATE_URL', 'http://user:topsecret@example.com/', 'holds credentials'],
  ['SPEC_URL', 'https://topsecret@example.com/openapi.json', 'holds credentials'],
  ['COMPLETED_SESSION_ID', '..', 'is no id'],
  ['EXPIRED_SESSION_ID', 'https://example.com/verify?session=topsecret', 'is a URL'],
  ['REQUEST_TIMEOUT_MS', '0', 'whole number of milliseconds'],
  ['REQUEST_TIMEOUT_MS', '10s', 'whole number of milliseconds'],
  ['REQUEST_TIMEOUT_MS', '1e9', 'whole number of milliseconds'],
  ['REQUEST_TIMEOUT_MS', '99999999999', 'whole number of milliseconds'],
  ['SETTLE_MS', '-1', 'whole number of milliseconds'],
  ['WAIT_FOR_EXPIRY_MS', '1.5', 'whole number of milliseconds'],
  ['MAX_REQUESTS_PER_SECOND', '0', 'requests per second'],
  ['MAX_REQUESTS_PER_SECOND', 'fast', 'requests per second'],
  ['PROFILE', 'rude', 'is none of full and polite'],
  ['DRIFT', 'ignore', 'is none of fail and warn'],
  ['EXTRA_HTTP_HEADERS', 'X: topsecret', 'is not JSON'],
  ['EXTRA_HTTP_HEADERS', '["topsecret"]', 'is not a JSON object'],
  ['EXTRA_HTTP_HEADERS', '{"X Y": "topsecret"}', 'not a header name'],
  ['EXTRA_HTTP_HEADERS', '{"X": 1}', 'not a string'],
  ['EXTRA_HTTP_HEADERS', '{"X": "topsecret\\r\\nY: z"}', 'no header may hold'],
  ['EXTRA_HTTP_HEADERS', '{"Host": "topsecret"}', 'sets itself'],
] as const) {
  test(`${name}=${JSON.stringify(value)} is one clear line without a secret`, () => {
    const lines = wrong({ [name]: value });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(name);
    expect(lines[0]).toContain(says);
    expect(lines[0]).not.toContain('topsecret');
    expect(lines[0]).not.toContain('\n');
  });
}

test('every setting that is set but empty is an error', () => {
  for (const name of SETTING_NAMES) {
    for (const value of ['', '  '])
      expect(wrong({ [name]: value })).toEqual([
        expect.stringMatching(new RegExp(`^${name} is set but empty`)),
      ]);
  }
});

test('all wrong settings are named at once', () => {
  expect(wrong({ BASE_URL: 'x', DRIFT: 'x', SETTLE_MS: 'x' })).toHaveLength(3);
});

test('a file that a setting names has an end, and is a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'session-contract-'));
  const file = (text: string): string => {
    const path = join(folder, 'file');
    writeFileSync(path, text);
    return path;
  };
  const aliases = [...'abcdefgh'].map(
    (name, i) => `- &${name} [${i === 0 ? 'x' : `*${'abcdefgh'[i - 1]}, `.repeat(9)}]`,
  );
  for (const [path, says] of [
    [() => join(folder, 'nobody'), /no such file/],
    [() => folder, /is a folder/],
    [() => '/dev/zero', /is no regular file/],
    [() => file(' '.repeat(6_000_000)), /is larger than 5 MB/],
    [() => file('['.repeat(100_000)), /maxDepth/],
    [() => file(aliases.join('\n')), /must be object/],
    [() => file('\0'), /is neither JSON nor YAML/],
  ] as const)
    expect(() => readKnownDeviations(path())).toThrow(says);
});
