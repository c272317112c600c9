import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { StandIn } from '../../src/stand-in/server';
import { variantNamed } from '../../src/stand-in/variants';
import { SETTING_NAMES } from '../../src/run/settings';
import { runContract } from './command';
import { SLOW } from './slow';

/*
 * The outputs in the README are those of its commands, but for counts, which grow with the suite, for durations, and for
 * what it leaves out ("…"). Its tables, and those of other documents, are complete.
 */

const ROOT = join(__dirname, '..', '..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** The lines that the README shows as the output of a command. */
function shown(command: string): string[] {
  const [, text = ''] = README.split(`<!-- output: ${command} -->`)[1]?.match(/```text\n([^]*?)\n```/) ?? [];
  return text.split('\n').filter((line) => line.trim() !== '');
}

/** What a line of the README matches: any number for a duration or a count, anything for "…". */
function pattern(line: string): RegExp {
  const escaped = line
    .replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('…', '.+')
    .replace(/\d+\\\.\d+ s\b/, String.raw`\d+\.\d+ s`)
    .replace(/\d+ of \d+\b/, String.raw`\d+ of \d+`)
    .replace(/\d+(?= requests)|(?<=all )\d+/, String.raw`\d+`);
  return new RegExp(`^${escaped}$`);
}

/** The lines stand in the output, in this order. */
function expectShown(lines: string[], output: string): void {
  expect(lines.length).toBeGreaterThan(5);
  let rest = output.split('\n');
  for (const line of lines) {
    const at = rest.findIndex((one) => pattern(line).test(one));
    expect(at, `"${line}" in\n${output}`).toBeGreaterThanOrEqual(0);
    rest = rest.slice(at + 1);
  }
}

test('a run prints what the README shows', async () => {
  const { text } = await runContract({});
  expectShown(shown('npm run contract'), text);
});

test('a red run prints what the README explains line by line', SLOW, async () => {
  const variant = variantNamed('denial-204');
  if (!variant) throw new Error('no variant is called denial-204');
  const standIn = await StandIn.start({ variant });
  const { text } = await runContract({
    BASE_URL: standIn.baseUrl.href,
    PROVIDER_STATE_URL: standIn.providerStateUrl?.href ?? '',
    SETTLE_MS: '0',
  });
  await standIn.close();
  expectShown(shown('npm run contract against denial-204'), text);
});

/** The names in the first column of a table, which begins with this head. */
function firstColumn(document: string, head: string): string[] {
  const [, table = ''] = document.split(new RegExp(`^\\| ${head} .*\\n`, 'm'));
  const rows = /^(?:\|.*\n)+/.exec(table)?.[0].split('\n').slice(1) ?? [];
  return rows.flatMap((row) => (row.split('|')[1]?.match(/`[^`]+`/g) ?? []).map((name) => name.slice(1, -1)));
}

test('the settings in the README are all that there are, each once', () => {
  const proxies = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'];
  expect(firstColumn(README, 'setting').sort()).toEqual([...SETTING_NAMES, ...proxies].sort());
});

test('the dependencies in SECURITY.md are all that there are, each once', () => {
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  const security = readFileSync(join(ROOT, 'SECURITY.md'), 'utf8');
  expect(firstColumn(security, 'package').sort()).toEqual(Object.keys(devDependencies).sort());
});

test('what a polite run leaves out is what the documentation names', SLOW, async () => {
  const { statement } = await runContract({ PROFILE: 'polite', MAX_REQUESTS_PER_SECOND: '1000' });
  const left = (statement?.requirements ?? [])
    .filter(({ outcome }) => outcome === 'not-judged')
    .map(({ id }) => id);
  expect(left.length).toBeGreaterThan(0);
  for (const path of ['.env.example', 'docs/ci/README.md']) {
    const text = readFileSync(join(ROOT, path), 'utf8').replace(/\n#? ?/g, ' ');
    expect(text, path).toContain(`can't judge ${left.slice(0, -1).join(', ')} and ${left.at(-1)}`);
  }
});
