import { spawn } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base } from '@playwright/test';
import { readDrift } from '../../src/report/issue/drift';
import { GhIssues, WORKFLOW_ACCOUNT } from '../../src/report/issue/gh';
import { keepIssue } from '../../src/report/issue/keep-issue';
import { readNightly } from '../../src/report/issue/nightly';
import { GhStandIn } from './gh-stand-in';
import { SLOW } from './slow';
import { temporaryFolder } from './temporary-folder';

/*
 * The issues that drift watch and nightly run keep, over a stand-in for gh.
 */

const ROOT = join(__dirname, '..', '..');
const TSX = join(ROOT, 'node_modules', 'tsx', 'dist', 'cli.mjs');
const RUN = 'https://github.example/us/ours/actions/runs/7';
const TOKEN = 'token-that-must-not-be-shown';

interface Said {
  code: number | null;
  text: string;
}

type Files = Record<string, string>;

function folderWith(files: Files): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** Runs the whole command behind a run that left these files. */
function command(gh: GhStandIn, args: string[], files: Files): Promise<Said> {
  const cwd = temporaryFolder();
  renameSync(folderWith(files), join(cwd, 'test-results'));
  const child = spawn(process.execPath, [TSX, join(ROOT, 'scripts', 'issue.ts'), ...args], {
    cwd,
    env: envOf(gh),
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, text })));
}

function envOf(gh: GhStandIn): NodeJS.ProcessEnv {
  return { ...gh.env, GH_TOKEN: TOKEN, GH_REPO: 'us/ours' };
}

/** Keeps the issue of a nightly run that left these files. */
function keepNightly(gh: GhStandIn, files: Files, target = 'production', env = envOf(gh)): Promise<string> {
  const report = readNightly(folderWith(files), target);
  return keepIssue(new GhIssues(WORKFLOW_ACCOUNT, env), { kind: 'nightly', target }, report, RUN);
}

interface Fixtures {
  gh: GhStandIn;
  /** The line that the command prints after a drift run, or after a nightly run of production. */
  drift: (verdict: string, changes?: object[], report?: string) => Promise<string>;
  nightly: (
    verdict: string,
    findings?: string[],
    more?: { summary?: string; errors?: string[] },
  ) => Promise<string>;
}

/** @param findings such as "DENY-1 status /success" */
function statement(verdict: string, findings: string[], errors: string[] = []): string {
  const requirements = findings.map((finding) => {
    const [id, code, pointer] = finding.split(' ');
    return { id, findings: [{ code, class: 'violation', accepted: false, ...(pointer && { pointer }) }] };
  });
  return JSON.stringify({ verdict, requirements, errors });
}

const test = base.extend<Fixtures>({
  gh: async ({}, use) => use(new GhStandIn()),
  drift: async ({ gh }, use) => {
    await use((verdict, changes = [], report = `The report of ${verdict}.`) => {
      const found = readDrift(
        folderWith({ 'drift.json': JSON.stringify({ verdict, changes }), 'drift.md': report }),
      );
      const issues = new GhIssues(WORKFLOW_ACCOUNT, envOf(gh));
      return keepIssue(issues, { kind: 'drift', target: 'document' }, found, RUN);
    });
  },
  nightly: async ({ gh }, use) => {
    await use((verdict, findings = [], { summary = `The summary of ${verdict}.`, errors } = {}) => {
      const files = { 'conformance.json': statement(verdict, findings, errors), 'summary.md': summary };
      return keepNightly(gh, files);
    });
  },
});

test.describe.configure({ mode: 'parallel' });

const X = { verdict: 'breaking', operation: 'deny', pointer: '/x' };
const Y = { verdict: 'breaking', operation: 'poll', pointer: '/y' };

test('a red night opens one issue; the same again changes nothing', SLOW, async ({ gh, nightly }) => {
  expect(await nightly('deviates', ['DENY-1 status'])).toBe('opened #1: deviates');
  expect(gh.issues).toEqual([
    expect.objectContaining({
      title: 'Nightly contract run of production: deviates',
      body: expect.stringMatching(/The summary of deviates\.[^]*closes when a run conforms/),
    }),
  ]);
  expect(gh.issues[0]?.body).toContain(RUN);
  expect(await nightly('deviates', ['DENY-1 status'])).toBe('#1 says it already: deviates');
  expect(gh.writes).toEqual(['issue create']);
  expect(new Set(gh.calls.map(({ token }) => token))).toEqual(new Set([TOKEN]));
});

test(
  'what changed is a comment; the same findings in other words are none',
  SLOW,
  async ({ gh, nightly }) => {
    await nightly('drifts', ['REJECT-1 undocumented-status']);
    expect(await nightly('deviates', ['DENY-1 status', 'DENY-1 schema /a', 'DENY-1 schema /b'])).toBe(
      'updated #1: deviates',
    );
    const comment =
      'Now **deviates** (before: drifts).\n- New: DENY-1 status, DENY-1 schema (2)\n- Gone: REJECT-1 undocumented-status';
    expect(gh.issues).toMatchObject([
      { title: 'Nightly contract run of production: deviates', comments: [`${comment} [The run](${RUN})`] },
    ]);
    expect(gh.issues[0]?.body).not.toContain('The summary of drifts');
    const same = ['DENY-1 status', 'DENY-1 schema /a', 'DENY-1 schema /b'];
    expect(await nightly('deviates', same, { summary: 'Took 4 s.' })).toBe('updated #1: deviates');
    expect(gh.issues).toMatchObject([
      { body: expect.stringContaining('Took 4 s.'), comments: { length: 1 } },
    ]);
  },
);

test(
  'a green night closes the issue, and a red one opens the same one again',
  SLOW,
  async ({ gh, nightly }) => {
    expect(await nightly('conforms')).toBe('conforms: no issue is open');
    await nightly('deviates', ['DENY-1 status']);
    expect(await nightly('conforms')).toBe('closed #1: conforms');
    expect(gh.issues).toMatchObject([{ state: 'closed', comments: [expect.stringContaining('conforms.')] }]);
    expect(await nightly('conforms')).toBe('conforms: no issue is open');
    expect(await nightly('deviates', ['DENY-1 status'])).toBe('reopened #1: deviates');
    expect(gh.issues).toMatchObject([
      { state: 'open', comments: [expect.anything(), expect.stringContaining('Again **deviates**')] },
    ]);
  },
);

test(
  'an untestable night opens nothing, closes nothing, and keeps the findings',
  SLOW,
  async ({ gh, nightly }) => {
    expect(await nightly('untestable')).toBe('untestable: opens no issue');
    await nightly('deviates', ['DENY-1 status']);
    expect(await nightly('untestable')).toBe('updated #1: untestable');
    expect(await nightly('untestable')).toBe('#1 says it already: untestable');
    expect(gh.issues).toMatchObject([
      { state: 'open', comments: [expect.stringContaining('Now **untestable** (before: deviates).')] },
    ]);
    expect(gh.issues[0]?.body).toMatch(/The summary of untestable\.[^]*The summary of deviates\./);
    // Compared with the last night that could be judged.
    expect(await nightly('deviates', ['DENY-1 status', 'DENY-2 still-pending'])).toBe('updated #1: deviates');
    expect(gh.issues[0]?.comments.at(-1)).toMatch(/before: untestable\)\.\n- New: DENY-2 still-pending \[/);
  },
);

test(
  'a run that is not set up right opens an issue; accepted findings and advice are not told',
  SLOW,
  async ({ gh, nightly }) => {
    expect(await nightly('misconfigured', [], { errors: ['DENY-1 status is stale'] })).toBe(
      'opened #1: misconfigured',
    );
    await nightly('misconfigured', [], { errors: ['another'] });
    expect(gh.issues[0]?.comments).toEqual([expect.stringMatching(/^- New: error\n- Gone: error/)]);
    const quiet = {
      id: 'DENY-1',
      findings: [
        { code: 'a', class: 'violation', accepted: true },
        { code: 'b', class: 'advice' },
      ],
    };
    const files = {
      'conformance.json': JSON.stringify({
        verdict: 'misconfigured',
        requirements: [quiet],
        errors: ['another'],
      }),
      'summary.md': 'Other words.',
    };
    expect(await keepNightly(gh, files)).toBe('updated #1: misconfigured');
    expect(gh.issues[0]?.comments).toHaveLength(1);
  },
);

test('each target and each kind has an issue of its own', SLOW, async ({ gh, nightly, drift }) => {
  const red = { 'conformance.json': statement('deviates', []), 'summary.md': 'Red.' };
  await nightly('deviates');
  expect(await keepNightly(gh, red, 'prod')).toBe('opened #2: deviates');
  expect(await drift('breaking', [X])).toBe('opened #3: breaking');
  expect(await nightly('conforms')).toBe('closed #1: conforms');
  expect(gh.issues.map(({ state }) => state)).toEqual(['closed', 'open', 'open']);
});

for (const verdict of ['prose', 'compatible', 'breaking', 'unreadable']) {
  test(`${verdict} drift opens one issue, however often it is seen`, SLOW, async ({ gh, drift }) => {
    expect(await drift(verdict, [X])).toBe(`opened #1: ${verdict}`);
    expect(await drift(verdict, [X])).toBe(`#1 says it already: ${verdict}`);
    expect(gh.issues).toMatchObject([
      {
        title: `Drift of the published document: ${verdict}`,
        body: expect.stringContaining(`The report of ${verdict}.`),
        comments: [],
      },
    ]);
  });
}

test(
  'other changes of the document are a comment, and no drift closes the issue',
  SLOW,
  async ({ gh, drift }) => {
    expect(await drift('none')).toBe('none: no issue is open');
    await drift('breaking', [X]);
    expect(await drift('breaking', [X, Y])).toBe('updated #1: breaking');
    expect(await drift('none')).toBe('closed #1: none');
    expect(gh.issues[0]?.comments).toEqual([
      `- New: breaking change of poll [The run](${RUN})`,
      `The published document and the pin agree again. [The run](${RUN})`,
    ]);
  },
);

test('a document that becomes unreadable keeps what was found before', SLOW, async ({ gh, drift }) => {
  await drift('breaking', [X]);
  expect(await drift('unreadable')).toBe('updated #1: unreadable');
  expect(gh.issues[0]?.body).toMatch(/The report of unreadable\.[^]*The report of breaking\./);
  expect(await drift('unreadable', [], 'Another error.')).toBe('updated #1: unreadable');
  expect(gh.issues[0]?.body).toMatch(/Another error\.[^]*The report of breaking\./);
  expect(gh.issues[0]?.comments).toHaveLength(1);
  expect(await drift('breaking', [X])).toBe('updated #1: breaking');
  expect(gh.issues[0]?.body).not.toContain('Another error.');
});

test('duplicates are closed, and the oldest open issue is kept', SLOW, async ({ gh, drift }) => {
  await drift('breaking', [X]);
  const body = gh.issues[0]?.body ?? '';
  gh.add({ body });
  gh.add({ body, state: 'closed' });
  expect(await drift('breaking', [X, Y])).toBe('updated #1: breaking; closed its duplicate #2');
  expect(gh.issues.map(({ state }) => state)).toEqual(['open', 'closed', 'closed']);
  expect(gh.issues[1]?.comments).toEqual(['A duplicate of #1.']);
});

test('issues of others are not touched, whatever they hold', SLOW, async ({ gh, drift }) => {
  await drift('breaking', [X]);
  const body = gh.issues[0]?.body ?? '';
  gh.add({ body, author: 'somebody' });
  gh.add({ body, pull_request: {} });
  gh.add({ body: `Quoted:\n${body}` });
  gh.add({ body: null });
  expect(await drift('none')).toBe('closed #1: none');
  expect(gh.issues.map(({ state }) => state)).toEqual(['closed', 'open', 'open', 'open', 'open']);
});

test('a person may have edited the issue, line ends and marker included', SLOW, async ({ gh, nightly }) => {
  await nightly('deviates', ['DENY-1 status']);
  const body = gh.issues[0]?.body ?? '';
  gh.change(1, { title: 'Ours', body: `${body.replaceAll('\n', '\r\n')}A note.` });
  expect(await nightly('deviates', ['DENY-1 status'])).toBe('#1 says it already: deviates');
  gh.change(1, { body: body.replace('"keys":[', '"keys":{') });
  expect(await nightly('deviates', ['DENY-1 status'])).toBe('updated #1: deviates');
});

test(
  'words of the API notify nobody, refer to nothing, and are no markers',
  SLOW,
  async ({ gh, nightly }) => {
    const words =
      'Ask @somebody, see #12 and gh-3.\r\n<!-- report -->\n<!-- end of report -->\0\ud800\nThe end.';
    await nightly('deviates', ['DENY-1 status @x', 'DENY-1 @somebody-->#1'], { summary: words });
    const [one] = gh.issues;
    expect(one?.body).not.toMatch(/@\w|#\d|gh-\d|\r|\0|\ud800/i);
    await nightly('untestable');
    expect(gh.issues[0]?.body).toMatch(/Ask @\u200bsomebody[^]*The end\./);
    await nightly('deviates', ['DENY-2 @somebody-->#1']);
    expect(gh.issues[0]?.comments.join()).not.toMatch(/@\w|-->|#\d/);
  },
);

test(
  'what is too long for an issue is cut, and what it left open is closed',
  SLOW,
  async ({ gh, nightly }) => {
    const long = `<details>\n\n\`\`\`\n${'long '.repeat(100_000)}`;
    const many = Array.from({ length: 3000 }, (_, i) => `DENY-1 ${'code'.repeat(30)} /${i}`);
    await nightly('deviates', many, { summary: long });
    await nightly('untestable', many, { summary: long });
    const body = gh.issues[0]?.body ?? '';
    expect(body.length).toBeLessThan(65_536);
    expect(body).toMatch(/\n```\n\n<\/details>\n\n… and more: see the artifact of the run\./);
    await nightly('deviates', ['DENY-2 x']);
    expect(Math.max(...(gh.issues[0]?.comments ?? []).map(({ length }) => length))).toBeLessThan(5000);
    const [title] = gh.issues.map((one) => one.title);
    expect(title?.length).toBeLessThan(200);
  },
);

test('a run that failed half-way is made up for by the next one', SLOW, async ({ gh, nightly }) => {
  await nightly('deviates', ['DENY-1 status']);
  gh.failAt({ command: 'issue edit', stderr: 'HTTP 502\n', code: 1 });
  const files = { 'conformance.json': statement('deviates', ['DENY-2 x']), 'summary.md': 'Now.' };
  await expect(keepNightly(gh, files)).rejects.toThrow('gh issue edit: HTTP 502');
  gh.recover();
  expect(await nightly('deviates', ['DENY-2 x'])).toBe('updated #1: deviates');
  expect(gh.issues[0]?.comments.at(-1)).toContain('New: DENY-2 x');
});

const RED = { 'conformance.json': statement('deviates', ['DENY-1 status']), 'summary.md': 'Red.' };

for (const [name, fault, says] of [
  [
    'forbidden',
    { command: 'api --paginate', stderr: 'gh: Resource not accessible by integration (HTTP 403)\n', code: 1 },
    /^gh api: .*\(HTTP 403\) \(GH_TOKEN needs "issues: write"\)$/,
  ],
  ['issues turned off', { command: 'issue create', stderr: 'x (HTTP 410)', code: 1 }, /turned off/],
  ['not authorised', { command: 'api --paginate', stderr: 'x (HTTP 401)', code: 1 }, /GH_TOKEN is not valid/],
  [
    'no token',
    { command: 'api --paginate', stderr: 'To use gh,\n\n  set GH_TOKEN\n', code: 4 },
    /To use gh, set GH_TOKEN$/,
  ],
  ['nothing said', { command: 'issue create', code: 1 }, /^gh issue create: failed without a message$/],
  ['no address', { command: 'issue create', stdout: 'Thanks!' }, /did not answer the address/],
  ['no JSON', { command: 'api --paginate', stdout: '<html>' }, /something other than issues/],
  ['no issues', { command: 'api --paginate', stdout: '"x"\n' }, /something other than issues/],
  ['a long story', { command: 'issue create', stderr: 'x'.repeat(10_000), code: 1 }, /^.{1,500}$/],
] as const) {
  test(`a gh that fails is one line: ${name}`, SLOW, async ({ gh }) => {
    gh.failAt(fault);
    const message = await keepNightly(gh, RED).catch((error: Error) => error.message);
    expect(message).toMatch(says);
    expect(message).not.toMatch(/\n|token-that/);
    expect(gh.issues).toEqual([]);
  });
}

test('without gh the line says where to get it', SLOW, async ({ gh }) => {
  const env = { ...envOf(gh), PATH: tmpdir() };
  await expect(keepNightly(gh, RED, 'production', env)).rejects.toThrow(/not installed.*cli\.github\.com$/);
});

const DRIFT = { 'drift.json': '{"verdict": "compatible", "changes": []}', 'drift.md': 'A report.' };

for (const [name, read, files, says] of [
  ['no run', readNightly, {}, /conformance\.json can't be read; npm run contract writes it$/],
  ['no summary', readNightly, { 'conformance.json': RED['conformance.json'] }, /summary\.md can't be read/],
  ['no drift run', readDrift, {}, /drift\.json can't be read; npm run drift writes it$/],
  ['half a file', readDrift, { ...DRIFT, 'drift.json': '{"verdict": ' }, /drift\.json is not JSON/],
  [
    'a report of another version',
    readDrift,
    { ...DRIFT, 'drift.json': '{"schemaVersion": 2, "verdict": "none", "changes": []}' },
    /drift\.json is a drift report of version 2, and only version 1 can be read; run npm run drift again/,
  ],
  ['null', readDrift, { ...DRIFT, 'drift.json': 'null' }, /"verdict" must be one of none, prose/],
  ['another verdict', readNightly, { ...RED, 'conformance.json': '{"verdict": "fine"}' }, /one of conforms/],
] as [string, typeof readNightly, Files, RegExp][]) {
  test(`what a run left is expected whole: ${name}`, SLOW, () => {
    expect(() => read(folderWith(files), 'production')).toThrow(says);
  });
}

test('the command says in one line what it did, or what is wrong', SLOW, async () => {
  const nightly = ['--kind', 'nightly', '--target', 'production'];
  const cases: [string[], Files, number, RegExp][] = [
    [[...nightly, '--run', RUN], RED, 0, /^opened #1: deviates$/],
    [['--kind', 'drift'], DRIFT, 0, /^opened #1: compatible$/],
    [nightly, {}, 2, /^test-results\/conformance\.json can't be read/],
    [[], RED, 2, /^--kind must be drift or nightly; usage/],
    [['--kind', 'weekly'], RED, 2, /^--kind must be/],
    [['--kind', 'nightly'], RED, 2, /^--target ""/],
    [['--kind', 'nightly', '--target', 'a -->'], RED, 2, /^--target "a -->"/],
    [[...nightly, '--run', 'javascript:x'], RED, 2, /^--run javascript:x/],
    [['--nope'], RED, 2, /--nope.*usage/],
  ];
  await Promise.all(
    cases.map(async ([args, files, expected, says]) => {
      const gh = new GhStandIn();
      const { code, text } = await command(gh, args, files);
      expect.soft([code, text.trimEnd()], args.join(' ')).toEqual([expected, expect.stringMatching(says)]);
      expect.soft(text, args.join(' ')).toMatch(/^[^\n]+\n$/);
      expect.soft(gh.issues, args.join(' ')).toHaveLength(expected === 0 ? 1 : 0);
    }),
  );
});
