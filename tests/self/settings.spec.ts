import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { isLoopback } from '../../src/network/loopback';
import { parseDotenv } from '../../src/run/dotenv';
import { readKnownDeviations } from '../../src/run/known-deviations-file';
import { misspeltSetting } from '../../src/run/setting-names';
import { readSettings, SETTING_NAMES, WrongSettings } from '../../src/run/settings';
import { runContract } from './command';
import { temporaryFolder } from './temporary-folder';

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
  ['BASE_URL', 'http://user:topsecret@example.com/', 'contains credentials'],
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
  ['PROVIDER_STATE_URL', 'nowhere', 'give one such as https://staging.example.com/_provider-states'],
  ['PROVIDER_STATE_URL', 'http://user:topsecret@example.com/', 'contains credentials'],
  ['SPEC_URL', 'https://[topsecret/openapi.json', 'is not a URL'],
  ['COMPLETED_SESSION_ID', '..', 'not an id'],
  ['EXPIRED_SESSION_ID', 'https://example.com/verify?session=topsecret', 'is a URL'],
  ['REQUEST_TIMEOUT_MS', '0', 'whole number of milliseconds'],
  ['REQUEST_TIMEOUT_MS', '10s', 'whole number of milliseconds'],
  ['REQUEST_TIMEOUT_MS', '1e9', 'whole number of milliseconds'],
  ['REQUEST_TIMEOUT_MS', '99999999999', 'whole number of milliseconds'],
  ['SETTLE_MS', '-1', 'whole number of milliseconds'],
  ['WAIT_FOR_EXPIRY_MS', '1.5', 'whole number of milliseconds'],
  ['MAX_REQUESTS_PER_SECOND', '0', 'requests per second'],
  ['MAX_REQUESTS_PER_SECOND', 'fast', 'requests per second'],
  ['PROFILE', 'rude', 'must be `full` or `polite`'],
  ['DRIFT', 'ignore', 'must be `fail` or `warn`'],
  ['EXTRA_HTTP_HEADERS', 'X: topsecret', 'is not JSON'],
  ['EXTRA_HTTP_HEADERS', '["topsecret"]', 'is not a JSON object'],
  ['EXTRA_HTTP_HEADERS', '{"X Y": "topsecret"}', 'not a header name'],
  ['EXTRA_HTTP_HEADERS', '{"X": 1}', 'not a string'],
  ['EXTRA_HTTP_HEADERS', '{"X": "topsecret\\r\\nY: z"}', "headers can't contain"],
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
  const folder = temporaryFolder();
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
    [() => '/dev/zero', /is not a regular file/],
    [() => file(' '.repeat(6_000_000)), /is larger than 5 MB/],
    [() => file('['.repeat(100_000)), /maxDepth/],
    [() => file(aliases.join('\n')), /must be object/],
    [
      () => file('[{requirement: ID-5, code: status, reason: r, owner: o, expires: 2030-01-01}]'),
      /^KNOWN_DEVIATIONS \S+: entry 1: ID-5 is retired: .*; remove the entry$/,
    ],
    [() => file('\0'), /is UTF-16 or binary/],
    [() => file('\t:'), /is neither JSON nor YAML/],
  ] as const)
    expect(() => readKnownDeviations(path())).toThrow(says);
});

test('a misspelt setting is an error, unless the one that it resembles is set', () => {
  for (const [name, meant] of [
    ['BASE_URLS', 'BASE_URL'],
    ['BASEURL', 'BASE_URL'],
    ['base_url', 'BASE_URL'],
    ['BASE_ULR', 'BASE_URL'],
    ['PROVIDER_STATES_URL', 'PROVIDER_STATE_URL'],
    ['PROVIDER_STATE_URLS', 'PROVIDER_STATE_URL'],
    ['COMPLETE_SESSION_ID', 'COMPLETED_SESSION_ID'],
    ['EXTRA_HTTP_HEADER', 'EXTRA_HTTP_HEADERS'],
    ['KNOWN_DEVIATION', 'KNOWN_DEVIATIONS'],
    ['REQUEST_TIMEOUT', 'REQUEST_TIMEOUT_MS'],
  ] as const) {
    expect(wrong({ [name]: 'topsecret' })).toEqual([
      `${name} is not a setting; did you mean ${meant}? Rename it, or unset it`,
    ]);
    expect(misspeltSetting(name, SETTING_NAMES)).toBe(meant);
  }
  expect(wrong({ BASE_URL: 'https://api.example.com/', BASE_URI: 'x' })).toEqual([]);
});

test('the names of a usual CI environment are not taken for misspelt settings', () => {
  const names = `PATH HOME USER SHELL LANG PWD OLDPWD SHLVL TERM HOSTNAME CI DEBUG DRAFT PROFILES_DIR AWS_PROFILE
    BASE_DIR BASE_REF BASE_SHA BASE_BRANCH DATABASE_URL API_URL API_BASE_URL BUILD_URL JOB_URL RUN_DISPLAY_URL GIT_URL
    SITE_URL PAGE_URL REPO_URL WEBHOOK_URL SPEC_FILES TEST_URL NO_PROXY HTTP_PROXY HTTPS_PROXY ALL_PROXY http_proxy
    CERT_PATH DOCKER_CERT_PATH SSL_CERT_FILE NODE_EXTRA_CA_CERTS NODE_OPTIONS npm_config_user_agent npm_package_json
    npm_lifecycle_event INIT_CWD GITHUB_BASE_REF GITHUB_SERVER_URL GITHUB_API_URL RUNNER_TEMP CI_API_V4_URL CI_JOB_URL
    CI_PIPELINE_URL CI_PROJECT_URL CI_SERVER_URL BUILDKITE_BUILD_URL CIRCLE_BUILD_URL SYSTEM_TEAMFOUNDATIONSERVERURI
    SESSION_ID SETTINGS TIMEOUT_MS REQUEST_ID PREVIOUS_TAG PREV_SHA SPEC DRIFTS REQUESTS`;
  for (const name of names.split(/\s+/))
    expect.soft(misspeltSetting(name, SETTING_NAMES), name).toBeUndefined();
});

test.describe('.env', () => {
  const folder = temporaryFolder();
  const file = (content: string | Buffer): string => {
    const path = join(folder, '.env');
    writeFileSync(path, content);
    return path;
  };
  const problems = (content: string | Buffer): string[] => {
    const found = parseDotenv(file(content)).problems;
    return found.map((one) => one.replace(`${folder}/.env`, '').replace(/^[: ]+/, ''));
  };

  test('holds settings, and what configures the tools that read it', () => {
    const content =
      '\ufeff# a comment\r\n\r\nexport BASE_URL = "https://api.example.com/" # mine\r\nNODE_OPTIONS=--no-warnings\nDEBUG=pw:api\nhttps_proxy=http://proxy\nNO_PROXY=x\nGITHUB_TOKEN=x\nPWDEBUG=1\nNODE_EXTRA_CA_CERTS="a\nb"\n';
    const read = parseDotenv(file(content));
    expect(read.problems).toEqual([]);
    expect(read.values).toMatchObject({ BASE_URL: 'https://api.example.com/', NODE_EXTRA_CA_CERTS: 'a\nb' });
    expect(parseDotenv(join(__dirname, '../../.env.example')).problems).toEqual([]);
    const example = readFileSync(join(__dirname, '../../.env.example'), 'utf8').replace(
      /^#(?=[A-Z_]+=)/gm,
      '',
    );
    expect(problems(example)).toEqual([]);
  });

  for (const [content, says] of [
    ['BASE_URLS=https://topsecret/', 'BASE_URLS is not a setting; did you mean BASE_URL?'],
    ['BASE=https://topsecret/', 'BASE is not a setting; .env.example lists all settings'],
    ['base_url=https://topsecret/', 'base_url is not a setting; did you mean BASE_URL?'],
    ['PATH=topsecret', 'PATH is not a setting; .env.example lists all settings'],
    ['\nBASE_URL https://topsecret/', 'line 2 is not of the form NAME=value'],
    ['BASE-URL', 'line 1 is not of the form NAME=value'],
    ['DRIFT=warn\nDRIFT=fail', 'DRIFT stands on lines 1 and 2; keep one of them'],
  ] as const)
    test(`${JSON.stringify(content)} is an error`, () => expect(problems(content)).toEqual([says]));

  test('is one line where it is no text', () => {
    const text = 'BASE_URL=https://api.example.com/\n';
    const link = (to: string, name: string): string => {
      symlinkSync(to, join(folder, name));
      return join(folder, name);
    };
    mkdirSync(join(folder, 'folder'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    for (const [path, says] of [
      [() => file(Buffer.from(`\ufeff${text}`, 'utf16le')), /is UTF-16 or binary; save it as UTF-8/],
      [() => file(Buffer.from(text, 'utf16le')), /is UTF-16 or binary; save it as UTF-8/],
      [() => file(Buffer.from([0x41, 0xff, 0x0a])), /is not UTF-8 text/],
      [() => link('nowhere', 'dangling'), /is a link to a file that does not exist/],
      [() => link('loop', 'loop'), /is a symbolic link that leads back to itself/],
      [() => join(folder, 'folder'), /is a folder/],
      [() => join(folder, 'pipe'), /is not a regular file/],
      [() => '/dev/zero', /is not a regular file/],
      [() => file(' '.repeat(6_000_000)), /is larger than 5 MB/],
    ] as const) {
      const { problems, values } = parseDotenv(path());
      expect(values).toEqual({});
      expect(problems).toEqual([expect.stringMatching(says)]);
      expect(problems[0]).toContain('; make it a file of settings such as .env.example, or remove it');
      expect(problems[0]).not.toContain('\n');
    }
  });

  test('that is wrong ends a run before anything is sent', async () => {
    const path = file('BASE_URLS=https://topsecret.example.com/\nSETTLE_MS=0\n');
    const { exitCode, text, statement } = await runContract({ DOTENV_CONFIG_PATH: path });
    expect(exitCode).not.toBe(0);
    expect(text).toContain(`${path}: BASE_URLS is not a setting; did you mean BASE_URL?`);
    expect(text).not.toMatch(/topsecret|^ +at /m);
    expect(statement).toMatchObject({ requests: 0, errors: [expect.stringContaining('BASE_URLS')] });
  });
});
