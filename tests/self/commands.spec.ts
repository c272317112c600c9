import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { runContract } from './command';
import { SLOW } from './slow';

/*
 * What all commands have in common: their usage, and output that nobody reads to the end.
 */

const ROOT = join(__dirname, '..', '..');
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
const commands = Object.entries(scripts).flatMap(([name, command]) => {
  const path = /^tsx (scripts\/[\w-]+\.ts)$/.exec(command)?.[1];
  return path === undefined ? [] : [{ name, path }];
});

interface Said {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** @param readsAll false closes standard output after the first piece of it */
function run(path: string, args: string[], readsAll = true): Promise<Said> {
  const child = spawn(join(ROOT, 'node_modules', '.bin', 'tsx'), [path, ...args], { cwd: ROOT });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    if (!readsAll) child.stdout.destroy();
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

test('every script that is run by tsx is a command', () => {
  const files = readdirSync(join(ROOT, 'scripts')).filter((name) => name.endsWith('.ts'));
  // Shared by commands, and run by a pipeline.
  const others = ['command.ts', 'comparison.ts', 'outputs.ts'];
  expect(commands.map(({ path }) => path.replace('scripts/', '')).sort()).toEqual(
    files.filter((name) => !others.includes(name)).sort(),
  );
});

for (const { name, path } of commands) {
  test(`npm run ${name} -- --help shows its usage`, SLOW, async () => {
    const { code, stdout, stderr } = await run(path, ['--help']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(new RegExp(`^usage: npm run ${name}( --|\\b)[^]*\\n$`));
  });
}

test('a reader that has had enough ends a command quietly', SLOW, async () => {
  const { code, stdout, stderr } = await run('scripts/stand-in.ts', ['--list'], false);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^fault /);
});

for (const { variant, grep, finding } of [
  { variant: 'denial-undone-after-a-while', grep: '@DENY-2', finding: 'DENY-2/still-pending' },
  { variant: 'expired-by-itself-can-be-denied', grep: '@POLL-8', finding: 'REJECT-4/accepted' },
]) {
  test(`the command that a faulty stand-in prints shows its fault (${variant})`, SLOW, async () => {
    const args = ['scripts/stand-in.ts', '--variant', variant, '--port', '0'];
    const child = spawn(process.execPath, ['--import', 'tsx', ...args], { cwd: ROOT });
    try {
      let printed = '';
      const env = await new Promise<Record<string, string>>((resolve) =>
        child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
          printed += chunk;
          const settings = /^ +(BASE_URL=.*) npm run contract$/m.exec(printed)?.[1]?.split(' ');
          if (settings)
            resolve(Object.fromEntries(settings.map((one) => one.split('=') as [string, string])));
        }),
      );
      const { statement } = await runContract(env, ['--grep', grep]);
      expect(
        statement?.requirements.flatMap(({ id, findings }) => findings.map(({ code }) => `${id}/${code}`)),
      ).toEqual([finding]);
    } finally {
      child.kill();
    }
  });
}
