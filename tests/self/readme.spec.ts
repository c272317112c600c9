import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { StandIn } from '../../src/stand-in/server';
import { variantNamed } from '../../src/stand-in/variants';
import { runContract } from './command';

/*
 * The outputs in the README are those of its commands, but for numbers and for what it leaves out ("…").
 */

const README = readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8');

/** The lines that the README shows as the output of a command. */
function shown(command: string): string[] {
  const [, text = ''] = README.split(`<!-- output: ${command} -->`)[1]?.match(/```text\n([^]*?)\n```/) ?? [];
  return text.split('\n').filter((line) => line.trim() !== '');
}

/** What a line of the README matches: any number for a duration, anything for "…". */
function pattern(line: string): RegExp {
  const escaped = line.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('…', '.+').replace(/\d+\\\.\d+ s\b/, String.raw`\d+\.\d+ s`)}$`);
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

test('a red run prints what the README explains line by line', async () => {
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
