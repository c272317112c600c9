import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { withoutSettings } from '../../src/run/clean-environment';
import { SLOW } from './slow';
import { temporaryFolder } from './temporary-folder';

/*
 * The example in CONTRIBUTING.md is real: it is applied to a copy of the project, which then proves its variants.
 */

const ROOT = join(__dirname, '..', '..');
const FAULT = 'poll-takes-query';
const BENIGN = 'poll-slowly';

interface Block {
  file: string;
  /** Where it goes: before the last place of this text; without it, at the end of the file. */
  before: string | undefined;
  code: string;
}

function blocks(): Block[] {
  const text = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
  const fences = text.matchAll(/^( *)```ts (\S+)(?: before="(.*)")?\n([^]*?)^ *```$/gm);
  return [...fences].map(([, indent = '', file = '', before, code = '']) => ({
    file,
    before,
    code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }));
}

function apply(root: string, { file, before, code }: Block): void {
  const path = join(root, file);
  const old = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const at = before === undefined ? old.length : old.lastIndexOf(before);
  expect(at, `${before} in ${file}`).toBeGreaterThanOrEqual(0);
  writeFileSync(path, `${old.slice(0, at)}${code}${old.slice(at)}`);
}

function copyOfProject(): string {
  const root = temporaryFolder();
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  for (const file of files.split('\n').filter((name) => name !== '' && existsSync(join(ROOT, name)))) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    cpSync(join(ROOT, file), join(root, file));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  return root;
}

function run(root: string, ...command: string[]): Promise<{ code: unknown; output: string }> {
  const options = { cwd: root, env: withoutSettings(process.env), maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve) => {
    execFile('npm', ['run', '-s', ...command], options, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, output: `${stdout}${stderr}` }),
    );
  });
}

test(
  'the example of a requirement in CONTRIBUTING.md works, and its proof notices when the fault does nothing',
  SLOW,
  async () => {
    test.slow();
    const root = copyOfProject();
    const example = blocks();
    expect(example.length).toBeGreaterThan(3);
    for (const block of example) apply(root, block);
    expect(await run(root, 'types')).toEqual({ code: 0, output: '' });
    const proof = await run(root, 'prove', '--', FAULT, BENIGN);
    expect(proof.code, proof.output).toBe(0);
    expect(proof.output).toContain('skipped: no session was left to expire: set WAIT_FOR_EXPIRY_MS\n');

    const variants = join(root, 'src', 'stand-in', 'variants', 'poll.ts');
    writeFileSync(variants, readFileSync(variants, 'utf8').replace("call.query.get('deviceName') ?? ", ''));
    const idle = await run(root, 'prove', '--', FAULT);
    expect(idle.code, idle.output).toBe(1);
    expect(idle.output).toContain('POLL-99/other-device');
  },
);
