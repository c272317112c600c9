/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-return --
   documents are edited as a person would, by name, wherever the edit is */
import { execFile } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { dump } from 'js-yaml';
import { COMPARISON_MS_VARIABLE } from '../../src/run/environment-variables';
import { SETTING_NAMES } from '../../src/run/settings';
import type { Statement } from '../../src/report/statement';
import type { Comparison } from '../../src/openapi/diff/change';
import { performBounded } from '../../src/openapi/bounded';
import { compareDocuments } from '../../src/openapi/diff/documents';
import { readPin } from '../../src/contract/pin';
import { parseSource } from '../../src/openapi/parse';
import {
  CASES,
  placesOf,
  published,
  SAME,
  SAME_TREES,
  SESSION,
  SESSIONS,
  type Case,
  type Json,
} from './diff-cases';
import { SLOW } from './slow';
import { expectValid } from './stated';
import { temporaryFolder } from './temporary-folder';

test.describe.configure({ mode: 'parallel' });

const BASE = published();
const ROOT = join(__dirname, '..', '..');
const folder = temporaryFolder();

function source(document: Json, form: 'json' | 'page' = 'json'): Parameters<typeof compareDocuments>[0] {
  return { document: document as never, form, name: 'test' };
}

function beforeOf({ before }: Pick<Case, 'before'>): Json {
  return before ? edited(before) : BASE;
}

function edited(edit: (places: ReturnType<typeof placesOf>) => unknown, from: Json = BASE): Json {
  const document = structuredClone(from);
  edit(placesOf(document));
  return document;
}

function page(document: Json): string {
  return `# A page\n\n\`\`\`\`yaml /openapi.json\n${dump(document)}\`\`\`\`\n\nMore words.\n`;
}

test('a change is called what it is, at its place', SLOW, () => {
  for (const [name, { verdict, pointer, direction, affects, ...one }] of Object.entries(CASES)) {
    const { changes, ...said } = compareDocuments(
      source(beforeOf(one)),
      source(edited(one.edit, beforeOf(one))),
    );
    expect.soft(said.verdict, `${name}: ${JSON.stringify(changes)}`).toBe(verdict);
    expect.soft(changes.map((change) => change.pointer).sort(), name).toEqual([pointer].flat().sort());
    if (direction) expect.soft(changes[0]?.direction, name).toBe(direction);
    if (affects) expect.soft(changes[0]?.affects, name).toEqual(affects);
    if (name.startsWith('undecided')) expect.soft(changes[0]?.reason, name).toMatch(/^undecided: /);
  }
});

test('a rewrite that says the same is no change, whichever way it is read', () => {
  for (const [name, edit] of Object.entries(SAME)) {
    const document = edited(edit);
    expect.soft(compareDocuments(source(BASE), source(document)).changes, name).toEqual([]);
    expect.soft(compareDocuments(source(document), source(BASE)).changes, `${name}, back`).toEqual([]);
  }
  const forms = [
    JSON.stringify(BASE, undefined, 4).replaceAll('\n', '\r\n'),
    `\ufeff${dump(BASE)}`,
    page(BASE),
  ];
  for (const text of forms)
    expect(compareDocuments(source(BASE), { ...parseSource(text), name: 'test' }).verdict).toBe('none');
});

test('schemas that contain themselves are compared by what they mean, however they are written', () => {
  const trees = Object.entries(SAME_TREES);
  for (const [name, edit] of trees)
    for (const [other, otherEdit] of trees) {
      const { changes } = compareDocuments(source(edited(edit)), source(edited(otherEdit)));
      expect.soft(changes, `${name} -> ${other}`).toEqual([]);
    }
});

test('what really happened to the document was compatible', () => {
  const withErrors = edited(({ create, poll, deny }) => {
    for (const { responses } of [create, poll, deny])
      responses['500'].content['application/json'].schema.properties.error = { type: 'string' };
  });
  const lost = compareDocuments(source(withErrors), source(BASE));
  expect(lost).toMatchObject({ verdict: 'compatible' });
  expect(lost.changes.map(({ pointer, operation }) => [operation, pointer])).toEqual(
    [
      ['create', `${SESSIONS}/post`],
      ['poll', `${SESSION}/get`],
      ['deny', `${SESSION}/delete`],
    ].map(([name, at]) => [name, `${at}/responses/500/content/application~1json/schema/properties/error`]),
  );
  expect(lost.changes[2]?.requirements).toContain('REJECT-5');

  const without = edited(({ request, polled }) => {
    delete request.properties.callbackUrl;
    delete polled.oneOf[0].properties.callbackUrl;
  });
  const arrived = compareDocuments(source(without), source(BASE));
  expect(arrived).toMatchObject({
    verdict: 'compatible',
    changes: [{ side: 'request' }, { side: 'response' }],
  });
  expect(arrived.changes.every(({ pointer }) => pointer.endsWith('/properties/callbackUrl'))).toBe(true);
});

test('a page is compared in what it shows, a whole document in all', () => {
  const shown = edited(({ document, item }) => {
    document.paths = { [`/v1/api/auth/sessions/{sessionId}`]: { delete: item.delete } };
  });
  expect(compareDocuments(source(BASE), source(shown, 'page')).verdict).toBe('none');
  expect(compareDocuments(source(shown, 'page'), source(BASE)).verdict).toBe('none');
  const { changes } = compareDocuments(source(BASE), source(shown));
  expect(changes.map(({ operation, verdict }) => [operation, verdict])).toEqual([
    ['create', 'breaking'],
    ['poll', 'breaking'],
  ]);
  const nothing = edited(({ document }) => (document.paths = {}));
  expect(() => compareDocuments(source(BASE), source(nothing, 'page'))).toThrow(/nothing to compare/);
});

test('the pin knows the words of the published document by their hashes', () => {
  const { verdict, changes } = compareDocuments(source(readPin()), source(readPin()));
  expect([verdict, changes]).toEqual(['none', []]);
});

test('changes that are harmless one by one, and not together, are found', () => {
  const branch = (kind: string[], x: number[]): Json => ({
    type: 'object',
    properties: { kind: { enum: kind }, x: { enum: x } },
    required: ['kind', 'x'],
  });
  const withBranch = (one: Json): Json => edited(({ polled }) => (polled.oneOf = [one, branch(['b'], [2])]));
  const before = source(withBranch(branch(['a'], [1])));
  const verdict = (one: Json): string => compareDocuments(before, source(withBranch(one))).verdict;
  expect(verdict(branch(['a', 'b'], [1]))).toBe('compatible');
  expect(verdict(branch(['a'], [1, 2]))).toBe('compatible');
  expect(verdict(branch(['a', 'b'], [1, 2]))).toBe('breaking');
});

interface Said {
  code: number;
  stdout: string;
  stderr: string;
}

function run(script: string, args: string[], env: Record<string, string> = {}, root = ROOT): Promise<Said> {
  return node(['--import', 'tsx', join(root, 'scripts', script), ...args], env, root);
}

function node(args: string[], env: Record<string, string>, root: string): Promise<Said> {
  const clean = Object.entries(process.env).filter(
    ([name]) =>
      !(SETTING_NAMES as readonly string[]).includes(name) &&
      !/^(PW_|PLAYWRIGHT_|TEST_|SESSION_CONTRACT_)/.test(name),
  );
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      args,
      {
        cwd: root,
        env: {
          ...Object.fromEntries(clean),
          DOTENV_CONFIG_PATH: join(folder, 'no.env'),
          // What is tested is the result, not how quick a busy machine is.
          [COMPARISON_MS_VARIABLE]: '300000',
          ...env,
        },
      },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function json({ stdout }: Said): Comparison {
  return JSON.parse(stdout) as Comparison;
}

const base = file('base.json', JSON.stringify(BASE));

test('spec:diff exits as its verdict is, and says it as one object', SLOW, async () => {
  const compatible = file(
    'compatible.yaml',
    dump(edited(({ denied }) => (denied.properties.at = { type: 'string' }))),
  );
  const breaking = file('breaking.md', page(edited(({ denied }) => denied.required.push('at'))));
  const [same, fits, strict, breaks, rows] = await Promise.all([
    run('spec-diff.ts', [base, base, '--json', '--fail-on', 'prose']),
    run('spec-diff.ts', [base, compatible, '--json']),
    run('spec-diff.ts', [base, compatible, '--fail-on', 'compatible']),
    run('spec-diff.ts', [base, breaking, '--json']),
    run('spec-diff.ts', [base, breaking]),
  ]);
  expect([same.code, json(same)]).toEqual([0, { schemaVersion: 1, verdict: 'none', changes: [] }]);
  expect([fits.code, json(fits).verdict]).toEqual([0, 'compatible']);
  expect(strict.code).toBe(1);
  expect([breaks.code, breaks.stderr]).toEqual([1, '']);
  expect(json(breaks)).toMatchObject({
    verdict: 'breaking',
    changes: [
      {
        pointer: `${SESSION}/delete/responses/200/content/application~1json/schema/required`,
        verdict: 'breaking',
        operation: 'deny',
        before: ['success'],
        after: ['at', 'success'],
        side: 'response',
        direction: 'narrow',
        affects: ['suite'],
        requirements: expect.arrayContaining(['DENY-1', 'DENY-3']) as unknown,
      },
    ],
  });
  expect(rows.stdout).toMatch(/before {2}\["success"\][^]*\nbreaking: 1 breaking change from /);
});

test('--help shows the usage of each command that reads documents', SLOW, async () => {
  for (const script of ['spec-diff.ts', 'spec-pull.ts', 'drift.ts', 'rejudge.ts']) {
    const [long, short] = await Promise.all([run(script, ['--help']), run(script, ['-h'])]);
    expect(long).toEqual({ code: 0, stdout: expect.stringMatching(/^usage: npm run [^\n]+\n$/), stderr: '' });
    expect(short).toEqual(long);
  }
});

test('what cannot be read is one line and exit code 2', SLOW, async () => {
  const server = http.createServer((_request, response) => {
    response.write('{');
    setTimeout(() => response.destroy(), 300);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const dangling = edited(({ denied }) => (denied.properties.x = { $ref: '#/nowhere' }));
  const given: [string[], RegExp][] = [
    [[base, file('cut.json', JSON.stringify(BASE).slice(0, -9))], /breaks off|not JSON/],
    [[base, file('dangling.json', JSON.stringify(dangling))], /leads nowhere/],
    [[base, file('large.json', ' '.repeat(20_000_001))], /larger than 20 MB/],
    [[base, url], /can't be fetched/],
    [[base], /^usage/],
    [[base, base, '--fail-on', 'words'], /--fail-on words/],
    [[base, base, '--nope'], /--nope/],
  ];
  const all = given.map(async ([args, says], i) => {
    const said = await run('spec-diff.ts', i % 2 ? [...args, '--json'] : args);
    const line = i % 2 ? json(said).error : said.stderr.replace(/^unreadable: /, '');
    expect.soft([said.code, line], args.join(' ')).toEqual([2, expect.stringMatching(says)]);
    expect.soft(line?.trim(), args.join(' ')).not.toContain('\n');
    if (i % 2) expect.soft(json(said)).toMatchObject({ verdict: 'unreadable', changes: [] });
    else expect.soft(said.stdout).toBe('');
  });
  await Promise.all(all);
  server.close();
});

test('work on documents is ended where it takes too long or too much memory', async () => {
  const server = http.createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const hanging = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const late = await performBounded({ before: base, after: hanging }, { timeoutMs: 10 });
  expect(late.comparison).toMatchObject({
    verdict: 'unreadable',
    error: 'reading and comparing take more than 0.01 s',
  });
  server.closeAllConnections();
  server.close();
  const huge = edited(
    ({ denied }) =>
      (denied.properties.success = { enum: Array.from({ length: 600_000 }, (_, i) => `v${i}`) }),
  );
  const large = await performBounded(
    { before: base, after: file('huge.json', JSON.stringify(huge)) },
    { timeoutMs: 300_000, heapMb: 24 },
  );
  expect(large.comparison).toMatchObject({
    verdict: 'unreadable',
    error: 'reading and comparing take more than 24 MB: a document contains too much',
  });
});

test.describe('in a copy of the project', () => {
  // One after another: in each copy all has to be transpiled anew.
  test.describe.configure({ mode: 'default' });
  const root = join(folder, 'copy');
  test.beforeAll(() => {
    for (const part of [
      'schemas',
      'scripts',
      'fixtures',
      'src',
      'tests/contract',
      'tests/drift',
      'package.json',
      'playwright.config.ts',
    ])
      cpSync(join(ROOT, part), join(root, part), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  });

  test('drift compares the pin with what is published, and leaves its reports', SLOW, async () => {
    const breaking = file('drifted.json', JSON.stringify(edited(({ denied }) => denied.required.push('at'))));
    const standIn = await run('drift.ts', ['--json'], {}, root);
    expect([standIn.code, json(standIn)]).toEqual([0, { schemaVersion: 1, verdict: 'none', changes: [] }]);
    const drifted = await run('drift.ts', ['--json'], { SPEC_URL: breaking }, root);
    expect([drifted.code, json(drifted).verdict]).toEqual([1, 'breaking']);
    const report = (name: string): string => readFileSync(join(root, 'test-results', name), 'utf8');
    expect(JSON.parse(report('drift.json'))).toEqual(json(drifted));
    expect(report('drift.md')).toMatch(/## Published document: breaking[^]*\| breaking \| DELETE/);
    expect(readFileSync(join(root, 'playwright-report', 'index.html'), 'utf8').length).toBeGreaterThan(1000);
    const wrong = await run('drift.ts', [], { BASE_URL: '' }, root);
    expect(wrong).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^unreadable: BASE_URL is set but empty[^\n]*\n$/),
    });
  });

  test('spec:pull shows what it would pin, and refuses what breaks', SLOW, async () => {
    const pin = join(root, 'schemas', 'contract.openapi.json');
    const before = readFileSync(pin, 'utf8');
    const breaking = file('pulled.json', JSON.stringify(edited(({ denied }) => denied.required.push('at'))));
    const refused = await run('spec-pull.ts', [breaking], {}, root);
    expect([refused.code, readFileSync(pin, 'utf8')]).toEqual([1, before]);
    expect(refused.stdout).toMatch(/breaking: 1 breaking/);
    expect(refused.stderr).toMatch(/^pulled\.json has breaking changes; the pin is unchanged[^\n]*\n$/);
    const accepted = await run('spec-pull.ts', [breaking, '--accept-breaking'], {}, root);
    expect([accepted.code, readFileSync(pin, 'utf8') === before]).toEqual([0, false]);
  });

  test('a pin that somebody has broken is one clear line, and nothing is sent', SLOW, async () => {
    const pin = join(root, 'schemas', 'contract.openapi.json');
    const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
    const good = readFileSync(pin, 'utf8');
    const broken = {
      '<<<<<<< HEAD': /: not JSON; restore it, or/,
      [good.replaceAll('"string"', '"strin"')]:
        /: the schema at \/paths\/\S+ can't be used: [^;]*; restore it, or/,
    };
    for (const [text, line] of Object.entries(broken)) {
      writeFileSync(pin, text);
      const { code, stdout, stderr } = await node([cli, 'test', '--project=contract'], {}, root);
      const written = readFileSync(join(root, 'test-results', 'conformance.json'), 'utf8');
      const statement = JSON.parse(written) as Statement;
      expectValid(statement, stdout);
      expect.soft([code, stderr, statement.verdict, statement.requests]).toEqual([2, '', 'misconfigured', 0]);
      expect.soft(statement.errors).toEqual([expect.stringMatching(line)]);
      expect.soft(stdout).toMatch(line);
      expect.soft(stdout).not.toMatch(/^ +at /m);
    }
    writeFileSync(pin, good);
  });
});

/** A document whose denial returns a tree, by way of these components. */
function withTree(schemas: Json): Json {
  const document = edited(({ denied }) => (denied.properties.tree = { $ref: '#/components/schemas/Tree' }));
  document.components = { ...document.components, schemas: { ...document.components?.schemas, ...schemas } };
  return document;
}

/** A tree that refers to itself by a keyword. */
function tree(anchor: Json, kid: Json, value: Json = { type: 'integer' }): Json {
  return withTree({
    Tree: { ...anchor, type: 'object', properties: { value, kids: { type: 'array', items: kid } } },
  });
}

test('a dynamic reference that nothing overrides is a reference', () => {
  const dynamic = tree({ $dynamicAnchor: 'node' }, { $dynamicRef: '#node' });
  const verdict = (one: Json, other: Json): string => compareDocuments(source(one), source(other)).verdict;
  for (const [same, other] of Object.entries({
    'another name': tree({ $dynamicAnchor: 'tree' }, { $dynamicRef: '#tree' }),
    'an anchor': tree({ $anchor: 'node' }, { $ref: '#node' }),
    'a pointer': tree({}, { $ref: '#/components/schemas/Tree' }),
    'a dynamic pointer': tree({}, { $dynamicRef: '#/components/schemas/Tree' }),
  })) {
    expect.soft(verdict(dynamic, other), same).toBe('none');
    expect.soft(verdict(other, dynamic), same).toBe('none');
  }
  const narrower = tree(
    { $dynamicAnchor: 'node' },
    { $dynamicRef: '#node' },
    { type: 'integer', minimum: 0 },
  );
  expect(compareDocuments(source(dynamic), source(narrower)).changes).toEqual([
    expect.objectContaining({
      verdict: 'breaking',
      reason: expect.stringMatching(/ was valid and is not now$/),
    }),
  ]);
  const dangling = tree({ $dynamicAnchor: 'node' }, { $dynamicRef: '#nobody' });
  expect(() => verdict(dynamic, dangling)).toThrow(/leads nowhere: #nobody/);
  // Members, values and statuses may have the names of keywords.
  const named = (kid: Json): Json =>
    withTree({
      Tree: {
        $dynamicAnchor: 'node',
        type: 'object',
        properties: { $dynamicRef: { const: { $dynamicRef: '#node' } }, default: kid, enum: kid },
      },
    });
  expect(verdict(named({ $dynamicRef: '#node' }), named({ $ref: '#/components/schemas/Tree' }))).toBe('none');
});

test('a cycle of 300 schemas is compared: equal, wider, narrower', SLOW, async () => {
  const cycle = (value: Json = { type: 'integer' }): Json =>
    withTree(
      Object.fromEntries(
        Array.from({ length: 300 }, (_, i) => [
          i === 0 ? 'Tree' : `Tree${i}`,
          {
            type: 'object',
            properties: {
              [`value${i}`]: i === 5 ? value : { type: 'integer' },
              next: { $ref: `#/components/schemas/Tree${i === 299 ? '' : i + 1}` },
            },
          },
        ]),
      ),
    );
  const before = source(cycle());
  const said = async (value?: Json): Promise<unknown> => {
    const { comparison } = await performBounded({ before, after: source(cycle(value)) });
    return [comparison.verdict, comparison.changes[0]?.reason?.split(' ').slice(-3).join(' ')];
  };
  expect(await said()).toEqual(['none', undefined]);
  expect(await said({ type: ['integer', 'null'] })).toEqual(['compatible', 'and was not']);
  expect(await said({ type: 'integer', minimum: 0 })).toEqual(['breaking', 'is not now']);
});
