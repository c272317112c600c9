import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { StandIn } from '../../src/stand-in/server';
import type { Variant } from '../../src/stand-in/variant';
import { variantNamed } from '../../src/stand-in/variants/index';
import { openerFor } from '../../src/run/terminal-person';
import { APPROVE, startContract, type CommandResult } from './command';
import { SLOW } from './slow';

/*
 * A run that asks a person to approve a session, in a process of its own. The test plays the person.
 */

test.describe.configure({ mode: 'parallel' });

const COMPLETED = ['POLL-5', 'REJECT-3', 'REJECT-7'];
const PAGE = /^\s*(http:\S+)$/m;

/** Runs against a stand-in that only a person can bring a session to completed in, who acts when the terminal says so. */
async function run(
  name: string,
  within: number,
  when: RegExp,
  person: (page: string) => Promise<void>,
): Promise<CommandResult & { page: string }> {
  const standIn = await StandIn.start({
    variant: { ...(variantNamed(name) as Variant), noProviderStates: true },
  });
  const args = ['--within', String(within), '--grep', COMPLETED.map((id) => `@${id}\\b`).join('|')];
  const env = { BASE_URL: standIn.baseUrl.href, SETTLE_MS: '0', REQUEST_TIMEOUT_MS: '60000' };
  const { child, result } = startContract(env, args, APPROVE);
  let shown = '';
  let acts: Promise<void> | undefined;
  child.stderr?.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
    if (when.test(shown)) acts ??= person(PAGE.exec(shown)?.[1] ?? '');
  });
  const ended = await result;
  await acts;
  await standIn.close();
  return { ...ended, page: PAGE.exec(shown)?.[1] ?? '' };
}

function outcomes({ statement, text }: CommandResult): Record<string, string | undefined> {
  expect(statement, text).toBeDefined();
  const concerned = statement?.requirements.filter(({ id }) => COMPLETED.includes(id)) ?? [];
  return Object.fromEntries(concerned.map(({ id, outcome }) => [id, outcome]));
}

/** Approves the session, as a person does on its page. */
async function approve(page: string): Promise<void> {
  const form = await (await fetch(page)).text();
  expect(form).toContain('<form method="post">');
  expect((await fetch(page, { method: 'POST' })).status).toBe(200);
}

test(
  'a session that a person approves is judged as completed, and its secrets stay on the terminal',
  SLOW,
  async () => {
    let key = '';
    const result = await run('completed-409', 60, /s left/, async (page) => {
      await approve(page);
      const { origin, searchParams } = new URL(page);
      const polled = await fetch(`${origin}/api/v1/api/auth/sessions/${searchParams.get('session') ?? ''}`);
      key = ((await polled.json()) as { apiKey: string }).apiKey;
    });
    expect(outcomes(result)).toEqual({ 'POLL-5': 'pass', 'REJECT-3': 'fail', 'REJECT-7': 'pass' });
    expect(result.exitCode).toBe(1);
    expect(result.statement?.left.leftBehind).toBe(0);
    expect(result.text).toMatch(/waiting for approval: \d+ s left/);
    expect(key).toMatch(/^pk_standin_/);
    const id = new URL(result.page).searchParams.get('session') ?? '';
    expect(id).not.toBe('');
    const folder = join(result.folder, 'results');
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    expect(files.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['conformance.json', 'summary.md', 'exchanges.har']),
    );
    for (const { parentPath, name } of files) {
      const text = readFileSync(join(parentPath, name), 'utf8');
      expect(text, name).not.toContain(id);
      expect(text, name).not.toContain(key);
    }
  },
);

test(
  'without an approval in time nothing is judged of it, and the session is not left behind',
  SLOW,
  async () => {
    let late = 0;
    const result = await run('plain', 1, /goes on without/, async (page) => {
      // The tests may meet this session: nobody is to change it under them.
      late = (await fetch(page, { method: 'POST' })).status;
    });
    expect(late).toBe(409);
    expect(outcomes(result)).toEqual({
      'POLL-5': 'not-judged',
      'REJECT-3': 'not-judged',
      'REJECT-7': 'not-judged',
    });
    expect(result.statement?.requirements.find(({ id }) => id === 'REJECT-3')?.reason).toContain(
      'no session was approved within 1 s',
    );
    expect(result.statement?.left.leftBehind).toBe(0);
  },
);

test('a browser is opened only where somebody sits in front of it', () => {
  const desk = { DISPLAY: ':0' };
  expect(openerFor('linux', desk, true)).toEqual(['xdg-open']);
  expect(openerFor('linux', { WAYLAND_DISPLAY: 'wayland-0' }, true)).toEqual(['xdg-open']);
  expect(openerFor('darwin', {}, true)).toEqual(['open']);
  expect(openerFor('win32', {}, true)?.[0]).toBe('rundll32');
  expect(openerFor('linux', {}, true)).toBeUndefined();
  expect(openerFor('linux', { ...desk, CI: 'true' }, true)).toBeUndefined();
  expect(openerFor('darwin', {}, false)).toBeUndefined();
});
