import { spawn } from 'node:child_process';
import { mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base } from '@playwright/test';
import { GitHubIssues } from '../../src/report/drift-issue/github';
import { keepIssue, readDrift, type Drift } from '../../src/report/drift-issue/keep';
import { GitHubApi } from './github-api';

const ROOT = join(__dirname, '..', '..');
const TOKEN = 'token-that-nobody-is-to-see';
const RUN = 'https://github.example/us/ours/actions/runs/7';

const test = base.extend<{ github: GitHubApi; keep: (drift: Drift, report?: string) => Promise<string> }>({
  github: async ({}, use) => {
    const api = await GitHubApi.start();
    await use(api);
    await api.stop();
  },
  keep: async ({ github }, use) => {
    const issues = new GitHubIssues(github.url, 'us/ours', TOKEN);
    await use((drift, report = `The report of ${drift.verdict}.`) => keepIssue(issues, drift, report, RUN));
  },
});

const drift = (verdict: Drift['verdict'], ...changes: string[]): Drift => ({ verdict, changes });

for (const verdict of ['prose', 'compatible', 'breaking', 'unreadable'] as const) {
  test(`${verdict} drift opens one issue, however often it is seen`, async ({ github, keep }) => {
    expect(await keep(drift(verdict, 'x'))).toBe(`opened #1: ${verdict}`);
    expect(github.issues).toHaveLength(1);
    expect(github.issues[0]).toMatchObject({
      title: `Drift of the published document: ${verdict}`,
      body: expect.stringContaining(`The report of ${verdict}.`),
    });
    expect(github.issues[0]?.body).toContain(RUN);
    expect(await keep(drift(verdict, 'x'))).toBe(`#1 says it already: ${verdict}`);
    expect(github.writes).toEqual(['POST /issues']);
    expect([...github.authorizations]).toEqual([`Bearer ${TOKEN}`]);
  });
}

test('without drift nothing is opened', async ({ github, keep }) => {
  expect(await keep(drift('none'))).toBe('no drift, no issue');
  expect(github.writes).toEqual([]);
});

test('other changes are written into the same issue, and said in a comment', async ({ github, keep }) => {
  await keep(drift('prose', 'x'));
  expect(await keep(drift('breaking', 'x', 'y'))).toBe('updated #1: breaking');
  expect(github.issues).toHaveLength(1);
  expect(github.issues[0]).toMatchObject({
    title: 'Drift of the published document: breaking',
    comments: [expect.stringContaining('Now **breaking**')],
  });
  expect(github.issues[0]?.body).not.toContain('The report of prose.');
  await keep(drift('breaking', 'x', 'z'));
  expect(github.issues[0]?.comments).toHaveLength(2);
});

test('the same changes in other words are written without a comment', async ({ github, keep }) => {
  await keep(drift('breaking', 'x'));
  expect(await keep(drift('breaking', 'x'), 'Put better.')).toBe('updated #1: breaking');
  expect(github.issues[0]).toMatchObject({
    comments: [],
    body: expect.stringContaining('Put better.'),
  });
});

test('the issue is closed when the drift is gone, and reopened when it is back', async ({ github, keep }) => {
  await keep(drift('breaking', 'x'));
  expect(await keep(drift('none'))).toBe('closed #1');
  expect(github.issues[0]).toMatchObject({
    state: 'closed',
    comments: [expect.stringContaining('agree again')],
  });
  expect(await keep(drift('none'))).toBe('no drift, no issue');
  expect(await keep(drift('breaking', 'x'))).toBe('reopened #1: breaking');
  expect(github.issues).toHaveLength(1);
  expect(github.issues[0]).toMatchObject({
    state: 'open',
    comments: [{}, {}].map(() => expect.any(String)),
  });
});

test('an unreadable document closes nothing, and keeps what was found before', async ({ github, keep }) => {
  await keep(drift('breaking', 'x'));
  for (const [says, comments] of [
    ['updated #1: unreadable', 1],
    ['#1 says it already: unreadable', 1],
  ] as const) {
    expect(await keep(drift('unreadable'))).toBe(says);
    expect(github.issues[0]).toMatchObject({
      state: 'open',
      title: expect.stringContaining('unreadable'),
    });
    expect(github.issues[0]?.body).toMatch(/The report of unreadable\.[^]*The report of breaking\./);
    expect(github.issues[0]?.comments).toHaveLength(comments);
  }
  await keep(drift('unreadable'), 'Another error.');
  expect(github.issues[0]?.body).toMatch(/Another error\.[^]*The report of breaking\./);
  expect(await keep(drift('breaking', 'x'))).toBe('updated #1: breaking');
  expect(github.issues[0]?.body).not.toContain('Another error.');
});

test('the issue is found behind other pages, and only the watch’s own counts', async ({ github, keep }) => {
  await keep(drift('breaking', 'x'));
  const body = github.issues[0]?.body ?? '';
  for (let i = 0; i < 250; i++) github.add({ body: i % 2 ? null : 'Something else' });
  const planted = github.add({ body, author: 'somebody' });
  const pull = github.add({ body, pull_request: {} });
  expect(await keep(drift('none'))).toBe('closed #1');
  expect(github.issues.filter(({ state }) => state === 'closed').map(({ number }) => number)).toEqual([1]);
  expect([planted.state, pull.state]).toEqual(['open', 'open']);
});

test('an open issue goes before a newer closed one', async ({ github, keep }) => {
  await keep(drift('breaking', 'x'));
  github.add({ body: github.issues[0]?.body ?? '', state: 'closed' });
  expect(await keep(drift('compatible', 'y'))).toBe('updated #1: compatible');
});

test('words of the document notify nobody and are no markers', async ({ github, keep }) => {
  await keep(drift('breaking', 'x'), 'Ask @somebody.\r\n<!-- report -->\n<!-- end of report -->\nThe end.');
  expect(github.issues[0]?.body).not.toMatch(/@somebody|\r/);
  await keep(drift('unreadable'));
  expect(github.issues[0]?.body).toMatch(/Ask @\u200bsomebody[^]*The end\./);
});

test('a report that is too long for an issue is cut', async ({ github, keep }) => {
  await keep(drift('breaking', 'x'), 'long '.repeat(20_000));
  await keep(drift('unreadable'), 'long '.repeat(20_000));
  expect(github.issues[0]?.body?.length).toBeLessThan(65_536);
  expect(github.issues[0]?.body).toContain("see the run's artifact");
});

for (const [name, fault, says] of [
  [
    'forbidden',
    { method: 'GET', status: 403, body: '{"message": "Resource not accessible"}' },
    /status 403, Resource not accessible.*issues: write/,
  ],
  [
    'forbidden to write',
    { method: 'POST', status: 403, body: '{"message": "Resource not accessible"}' },
    /^POST .*status 403/,
  ],
  ['issues turned off', { method: 'POST', status: 410, body: '{}' }, /turned off/],
  ['not authorised', { method: 'GET', status: 401, body: '{"message": "Bad credentials"}' }, /GITHUB_TOKEN/],
  ['too many requests', { method: 'GET', status: 429, body: '{}' }, /later/],
  ['a server error in HTML', { method: 'GET', status: 502, body: '<html>\n</html>' }, /status 502, no JSON$/],
  ['HTML with 200', { method: 'GET', status: 200, body: '<html></html>' }, /no JSON/],
  ['no list', { method: 'GET', status: 200, body: '{}' }, /list of issues/],
  [
    'a redirect',
    { method: 'GET', status: 301, body: '{}', headers: { location: 'http://127.0.0.1:9/' } },
    /status 301/,
  ],
  [
    'pages without an end',
    { method: 'GET', status: 200, body: '[]', headers: { link: '<x>; rel="next"' } },
    /more than/,
  ],
  ['a broken connection', 'reset', /^GET http.*: /],
] as const) {
  test(`an API that answers wrongly is one line: ${name}`, async ({ github, keep }) => {
    github.fault = fault;
    const message = await keep(drift('breaking', 'x')).catch((error: Error) => error.message);
    expect(message).toMatch(says);
    expect(message).not.toMatch(/\n|token-that/);
    expect(github.issues).toEqual([]);
  });
}

function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'drift-issue-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const FILES = { 'drift.json': '{"verdict": "compatible", "changes": []}', 'drift.md': 'A report.' };

for (const [name, files, says] of [
  ['no drift run', {}, /drift\.json can't be read; npm run drift writes it$/],
  ['no report', { 'drift.json': FILES['drift.json'] }, /drift\.md can't be read/],
  ['half a file', { ...FILES, 'drift.json': '{"verdict": ' }, /drift\.json is not JSON/],
  ['null', { ...FILES, 'drift.json': 'null' }, /none of the verdicts none, prose/],
  ['another verdict', { ...FILES, 'drift.json': '{"verdict": "fine"}' }, /none of the verdicts/],
] as const) {
  test(`what drift left is expected whole: ${name}`, () => {
    expect(() => readDrift(folderWith(files))).toThrow(says);
  });
}

/** Runs the command behind a drift run that left FILES. */
function runCommand(env: Record<string, string>): Promise<{ code: number | null; text: string }> {
  const cwd = mkdtempSync(join(tmpdir(), 'drift-issue-'));
  renameSync(folderWith(FILES), join(cwd, 'test-results'));
  const tsx = join(ROOT, 'node_modules', 'tsx', 'dist', 'cli.mjs');
  const child = spawn(process.execPath, [tsx, join(ROOT, 'scripts', 'drift-issue.ts')], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, text })));
}

test('the command says in one line what it did, or why not', async ({ github }) => {
  const env = { GITHUB_API_URL: github.url, GITHUB_REPOSITORY: 'us/ours', GITHUB_TOKEN: TOKEN };
  const [done, failed] = await Promise.all([runCommand(env), runCommand({ ...env, GITHUB_TOKEN: '' })]);
  expect(done).toEqual({ code: 0, text: 'opened #1: compatible\n' });
  expect(failed).toEqual({ code: 2, text: expect.stringMatching(/^GITHUB_TOKEN is not set; usage: .*\n$/) });
});
