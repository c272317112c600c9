import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { printable } from '../../src/judging/printable';
import { StandIn } from '../../src/stand-in/server';
import type { Hook, Reply } from '../../src/stand-in/variant';
import { artifactsIn } from './artifacts';
import { runContract } from './command';
import { ctrfTests, junitRows } from './reports';
import { SLOW } from './slow';
import { stated } from './stated';
import { temporaryFolder } from './temporary-folder';

/*
 * An API that puts control characters, commands to CI services, markup and megabytes wherever it may put a text. No report
 * takes any of it for anything but text, and each has a bounded size.
 */

test.describe.configure({ mode: 'parallel' });

const NAMES = [
  'a\n::error file=x::owned',
  'b\r\n##[error]owned',
  '##vso[task.complete result=Succeeded]',
  '##teamcity[buildStatus text=owned]',
  'nul\0 \u0001 \u001b[2J\u001b]0;owned\u0007 \u009b31m',
  '\ufffe\uffff\ufdd0',
  '\ud800 lone, \udc00 lone',
  '\u202egnp.exe \u2066 \u200b \u2028 \u2029 \ufeff',
  '<script>alert(1)</script> ]]> &amp; "quoted" \'too\'',
  '| a | `b` \n# heading\n- [x] @someone',
  '~1~0/~',
  '__proto__',
  'n'.repeat(400_000),
];

/** Adds what it says to each body, as properties and in texts, as careless servers escape it. */
function hostile(more: Record<string, unknown>): Hook {
  return (call, next): Reply => {
    const reply = next(call);
    if (reply.status >= 400 && call.operation === 'poll') return { ...reply, body: `${NAMES.join(' ')}` };
    if (String(reply.body) === '') return reply;
    const body = JSON.parse(String(reply.body)) as object;
    const added = Object.fromEntries(NAMES.map((name) => [name, name.slice(0, 200)]));
    const text = JSON.stringify({ ...body, ...added, ...more });
    const headers = { ...reply.headers, 'x-note': '::error::owned ##[error]owned' };
    return { ...reply, headers, body: text };
  };
}

/** A line that GitHub, Azure or TeamCity would take for a command, however far it is indented. */
const COMMAND = /^\s*::[\w-]+.*::|##\w*\[/m;
const UNPRINTABLE = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufffe\uffff]/;

for (const { what, more } of [
  { what: 'hostile names and values', more: {} },
  {
    what: 'thousands of undocumented properties',
    more: Object.fromEntries(Array.from({ length: 8000 }, (_, i) => [`property ${i}`, i])),
  },
])
  test(`an API with ${what}: every report is well-formed, bounded and without commands`, SLOW, async () => {
    const standIn = await StandIn.start({
      variant: { name: 'hostile', kind: 'fault', description: 'hostile texts', every: hostile(more) },
    });
    const html = temporaryFolder();
    const env = {
      BASE_URL: standIn.baseUrl.href,
      SETTLE_MS: '0',
      PLAYWRIGHT_HTML_OUTPUT_DIR: html,
      PLAYWRIGHT_HTML_OPEN: 'never',
    };
    // Two tests see each operation, a race too; every red one costs a worker.
    const some = ['--grep', '@POLL-3\\b|of many concurrent denials'];
    const result = await runContract(env, ['--reporter=list,html', ...some]);
    const statement = stated(result);
    expect(statement.verdict).toBe('deviates');
    const file = (name: string): string => readFileSync(join(result.folder, 'results', name), 'utf8');
    const reports = {
      'standard output': result.text,
      'conformance.json': file('conformance.json'),
      'summary.md': file('summary.md'),
      'junit.xml': file('junit.xml'),
      'ctrf-report.json': file('ctrf-report.json'),
    };
    const limits: Record<string, number> = { 'conformance.json': 2_000_000, 'summary.md': 1_048_576 };
    for (const [name, text] of Object.entries(reports)) {
      expect.soft(COMMAND.exec(text)?.[0], name).toBeUndefined();
      expect.soft(UNPRINTABLE.exec(text.replaceAll(/\u001b\[[\d;]*[mAKG]/g, ''))?.[0], name).toBeUndefined();
      expect.soft(Buffer.byteLength(text), name).toBeLessThan(limits[name] ?? 4_000_000);
    }
    await junitRows(reports['junit.xml']);
    ctrfTests(reports['ctrf-report.json']);
    // Errors of tests stand in the HTML report's data.
    for (const { path, bytes } of artifactsIn(html).filter((one) => /\.json$/.test(one.path))) {
      expect.soft(bytes.length, path).toBeLessThan(4_000_000);
      expect.soft(bytes.toString('utf8'), path).not.toMatch(/::error file|##\[error|##vso\[/);
    }

    const previous = join(result.folder, 'results', 'conformance.json');
    const next = await runContract({ ...env, PREVIOUS: previous }, some);
    expect(stated(next).history).toMatchObject({ runs: 1, unreadable: [] });
    expect(stated(next).history?.findings.filter(({ change }) => change !== 'still')).toEqual([]);
    await standIn.close();
  });

test('a text is one printable line of a bounded length', () => {
  expect(printable('a\tb\nc\0d\u202e')).toBe('a\\tb\\nc\\u0000d\\u202e');
  expect(printable('Zoë ☕ 🚀 日本')).toBe('Zoë ☕ 🚀 日本');
  expect(printable('\ud83d lone')).toBe('\\ud83d lone');
  expect(printable('::error::x')).toBe('\\u003a:error::x');
  expect(printable('http://[2001:db8::1]:80/')).toBe('http://[2001:db8::1]:80/');
  expect(printable('x'.repeat(1000), 10)).toBe('xxxxxxxxxx… (1000 characters)');
  // What was cut once is not cut again, and an emoji is not cut in two.
  expect(printable(printable('x'.repeat(1000), 10), 10 + 30)).toBe('xxxxxxxxxx… (1000 characters)');
  expect(printable('🚀'.repeat(9), 5)).toBe('🚀🚀… (18 characters)');
  expect(printable(`/a~1${'b'.repeat(9)}`, 3)).toBe('/a… (13 characters)');
});
