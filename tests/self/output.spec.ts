import { spawn, spawnSync } from 'node:child_process';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Output } from '../../src/report/output';
import { Artifacts } from '../../src/report/artifacts';
import { withoutSettings } from '../../src/run/clean-environment';
import { StandIn } from '../../src/stand-in/server';
import type { Variant } from '../../src/stand-in/variant';
import type { Statement } from '../../src/report/statement';
import { runContract } from './command';
import { SLOW } from './slow';
import { expectValid } from './stated';
import { temporaryFolder } from './temporary-folder';

/*
 * Nowhere to write: standard output that fails, output folders that can't be written to. Sessions are denied all the same.
 */

test.describe.configure({ mode: 'parallel' });

const ROOT = join(__dirname, '..', '..');
const CLI = join(ROOT, 'node_modules', '@playwright', 'test', 'cli.js');

/** Runs the command with its standard output and error on a file or device, or on a pipe that is closed at once. */
async function runInto(
  to: string,
  env: Record<string, string>,
  args: string[],
): Promise<{ code: number | null; statement: Statement }> {
  const folder = temporaryFolder();
  const stream = to === 'closed pipe' ? 'pipe' : openSync(to, 'w');
  const child = spawn(
    process.execPath,
    [CLI, 'test', '--project=contract', '--output', join(folder, 'results'), ...args],
    {
      cwd: ROOT,
      env: {
        ...withoutSettings(process.env),
        DOTENV_CONFIG_PATH: join(folder, 'no.env'),
        PLAYWRIGHT_HTML_OUTPUT_DIR: join(folder, 'html'),
        ...env,
      },
      stdio: ['ignore', stream, stream],
    },
  );
  child.stdout?.destroy();
  child.stderr?.destroy();
  const code = await new Promise<number | null>((resolve) => child.on('exit', resolve));
  return {
    code,
    statement: JSON.parse(readFileSync(join(folder, 'results', 'conformance.json'), 'utf8')) as Statement,
  };
}

for (const to of ['/dev/full', 'closed pipe'])
  for (const args of [[], ['--reporter=list']])
    test(
      `output into ${to} (${args[0] ?? 'default reporter'}): all sessions are denied, and the exit code is the verdict's`,
      SLOW,
      async () => {
        const standIn = await StandIn.start();
        const { code, statement } = await runInto(
          to,
          { BASE_URL: standIn.baseUrl.href, SETTLE_MS: '0' },
          args,
        );
        expectValid(statement);
        expect([statement.verdict, code, statement.left.leftBehind]).toEqual(['conforms', 0, 0]);
        expect(statement.left.created).toBeGreaterThan(5);
        expect(standIn.openSessions).toBe(0);
        await standIn.close();
      },
    );

/** A stand-in that counts its requests. */
async function countingStandIn(): Promise<{ standIn: StandIn; requests: () => number }> {
  let requests = 0;
  const counted: Variant = {
    name: 'counted',
    kind: 'benign',
    description: 'its requests are counted',
    every: (call, next) => {
      requests++;
      return next(call);
    },
  };
  return { standIn: await StandIn.start({ variant: counted }), requests: () => requests };
}

function emptyFile(): string {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  return file;
}

test('an output folder that cannot be made is one line, before anything is sent', SLOW, async () => {
  const { standIn, requests } = await countingStandIn();
  const file = emptyFile();
  const result = await runContract({ BASE_URL: standIn.baseUrl.href }, ['--output', join(file, 'below')]);
  expect(result.exitCode).toBe(2);
  expect(result.lastLine).toBe('misconfigured, nothing judged');
  expect(result.text).toMatch(
    /^error: the output folder .*\/file\/below can't be written to \(a part of the path is a file, ENOTDIR\)/m,
  );
  expect(result.text).not.toMatch(/^\s+at /m);
  expect(requests()).toBe(0);
  await standIn.close();
});

test(
  "the HTML report's folder is tried before anything is sent, where there is to be one",
  SLOW,
  async () => {
    const { standIn, requests } = await countingStandIn();
    const file = emptyFile();
    const env = { BASE_URL: standIn.baseUrl.href, SETTLE_MS: '0', PLAYWRIGHT_HTML_OUTPUT_DIR: file };
    const refused = await runContract(env, ['--reporter=html']);
    expect(refused.exitCode).toBe(2);
    expect(refused.lastLine).toBe('misconfigured, nothing judged');
    expect(refused.text.match(/^error: .*$/gm)).toEqual([
      expect.stringMatching(
        /^error: the HTML report's folder .*\/file can't be written to \(a file has this name/,
      ),
    ]);
    expect(requests()).toBe(0);
    const without = await runContract(env, ['--reporter=dot']);
    expect([without.exitCode, without.statement?.verdict]).toEqual([0, 'conforms']);
    await standIn.close();
  },
);

test(
  'a report that another reporter cannot write is told, and changes neither verdict nor exit code',
  SLOW,
  async () => {
    const reporter = join(temporaryFolder(), 'full.js');
    writeFileSync(
      reporter,
      "module.exports = class { onEnd() { require('node:fs').writeFileSync('/dev/full', 'report'); } };",
    );
    const standIn = await StandIn.start();
    const result = await runContract({ BASE_URL: standIn.baseUrl.href, SETTLE_MS: '0' }, [
      `--reporter=${reporter}`,
    ]);
    expect(result.text).toContain('not written whole: the report of full.js (the disk is full, ENOSPC)');
    expect([result.exitCode, result.statement?.verdict]).toEqual([0, 'conforms']);
    expect(standIn.openSessions).toBe(0);
    await standIn.close();
  },
);

test('what cannot be written is told in one line, and what can be is whole', () => {
  const folder = temporaryFolder();
  const artifacts = new Artifacts(folder);
  artifacts.write('good', () => 'text');
  artifacts.write('good/below', () => 'text');
  expect(readFileSync(join(folder, 'good'), 'utf8')).toBe('text');
  expect(artifacts.failureText()).toMatch(
    /^not written to .*: good\/below \(a (file has this name, EEXIST|part of the path is a file, ENOTDIR)\)$/,
  );
});

test('a command whose output cannot be written says so in one line', () => {
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/explain.ts'], {
    cwd: ROOT,
    stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([2, "standard output can't be written to (ENOSPC)\n"]);
});

test('colours are for terminals; NO_COLOR and FORCE_COLOR are obeyed', () => {
  const on = (isTTY: boolean, env: Record<string, string>): boolean =>
    new Output({ isTTY, columns: 80 } as NodeJS.WriteStream).hasColours(env);
  expect([on(true, {}), on(false, {})]).toEqual([true, false]);
  expect([on(true, { NO_COLOR: '1' }), on(true, { NO_COLOR: '' }), on(true, { TERM: 'dumb' })]).toEqual([
    false,
    true,
    false,
  ]);
  expect([
    on(false, { FORCE_COLOR: '1' }),
    on(true, { FORCE_COLOR: '0' }),
    on(true, { FORCE_COLOR: '1', NO_COLOR: '1' }),
  ]).toEqual([true, false, true]);
});
