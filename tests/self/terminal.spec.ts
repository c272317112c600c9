import { expect, test } from '@playwright/test';
import { StandIn } from '../../src/stand-in/server';
import type { Variant } from '../../src/stand-in/variant';
import { variantNamed } from '../../src/stand-in/variants/index';
import { runContract, timeoutFor } from './command';
import { SLOW } from './slow';
import { stated } from './stated';
import { wrapped } from '../../src/report/style';

/*
 * The last lines of a run, as the default reporter prints them.
 */

test.describe.configure({ mode: 'parallel' });

const DEFAULT_REPORTER = '--reporter=./src/report/progress.ts';

async function lines(
  name: string,
  env: Record<string, string> = {},
): Promise<{ lines: string[]; verdict: string }> {
  const standIn = await StandIn.start({ variant: variantNamed(name) as Variant });
  const states = standIn.providerStateUrl;
  const result = await runContract(
    {
      BASE_URL: standIn.baseUrl.href,
      SETTLE_MS: '0',
      REQUEST_TIMEOUT_MS: timeoutFor(2000),
      ...(states && { PROVIDER_STATE_URL: states.href }),
      ...env,
    },
    [DEFAULT_REPORTER],
  );
  await standIn.close();
  return { lines: result.text.split('\n'), verdict: stated(result).verdict };
}

for (const { name, id } of [
  { name: 'denials-race', id: 'DENY-7' },
  { name: 'unknown-404', id: 'REJECT-1' },
])
  test(`${name}: one cause is at most 30 lines, and each finding is told once`, SLOW, async () => {
    const told = await lines(name);
    const text = told.lines.join('\n');
    expect(told.lines.length, text).toBeLessThanOrEqual(30);
    expect(
      told.lines.filter((line) => line.startsWith(`${id} `)),
      text,
    ).toHaveLength(1);
    const rows = told.lines
      .map((line) => /^ {4}(\w+) /.exec(line)?.[1])
      .filter((label) => label !== undefined);
    expect(rows).toEqual(
      ['expected', 'actual', 'also', 'seen', 'likely', 'source', 'request', 'reproduce'].filter((label) =>
        rows.includes(label),
      ),
    );
  });

test('an outage is one reason for all', SLOW, async () => {
  const told = await lines('challenge');
  expect(told.lines.length).toBeLessThanOrEqual(15);
  expect(told.lines.filter((line) => line.startsWith('not judged: all '))).toHaveLength(1);
  expect(told.lines.at(-2)).toMatch(/^untestable, 0 of \d+ judged: \d+ not judged \(/);
});

test('a green run is at most 15 lines, and says what it did not judge', SLOW, async () => {
  const told = await lines('plain', { PROFILE: 'polite', PROVIDER_STATE_URL: '' });
  expect(told.verdict).toBe('misconfigured');
  const green = await lines('plain', { PROFILE: 'polite' });
  expect(green.lines.length, green.lines.join('\n')).toBeLessThanOrEqual(15);
  expect(green.lines.filter((line) => line.startsWith('✓ ')).length).toBeGreaterThan(3);
  expect(green.lines.at(-2)).toMatch(/^conforms, \d+ of \d+ judged: \d+ left out by PROFILE=polite$/);
});

test('lines are broken between words, and never a word', () => {
  expect(wrapped('one two three', 4, 80)).toBe('one two three');
  expect(wrapped('a word and another word and a third one', 4, 30)).toBe(
    'a word and another word\n    and a third one',
  );
  expect(wrapped(`see ${'x'.repeat(40)} there`, 2, 30)).toBe(`see\n  ${'x'.repeat(40)}\n  there`);
});
