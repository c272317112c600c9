import { dirname, resolve } from 'node:path';
import type { FullConfig } from '@playwright/test';
import { CONTRACT_PROJECT } from '../report/annotations';
import { HTML_FOLDER, unwritable } from '../report/artifacts';
import { current } from '../report/current-run';
import { readEnvironment, type Environment } from './environment';
import { APPROVAL_VARIABLE, GATEWAY_VARIABLE } from './environment-variables';
import { GatewayServer } from './gateway-server';
import { Run } from './run';
import { WrongSettings } from './settings';
import { TerminalPerson } from './terminal-person';

/** Reads what a run rests on, and opens the door to it. Sends nothing, unless a person is to approve a session. */
export default async function globalSetup(config: FullConfig): Promise<() => Promise<void>> {
  const environment = readOrRefuse(config);
  current.previous = environment.previous;
  let opened: Promise<Run> | undefined;
  const open = (): Promise<Run> => (opened ??= openRun(environment));
  current.open = open;
  const seconds = Number(process.env[APPROVAL_VARIABLE]);
  if (seconds > 0) await (await open()).haveApproved(new TerminalPerson(), 1000 * seconds);
  const server = new GatewayServer(open);
  process.env[GATEWAY_VARIABLE] = await server.listen();
  return async () => {
    // Also after an interruption, and where no reporter of ours asks for it (--ui).
    await (await opened)?.close();
    await server.close();
    const told = await current.beforeReports?.();
    if (told !== undefined) throw withoutStack(new Error(told));
  };
}

/** @throws WrongSettings without a stack, which Playwright would show: just the lines */
function readOrRefuse(config: FullConfig): Environment {
  try {
    if (current.whyNoRun) throw new WrongSettings(current.whyNoRun.map(({ message }) => message));
    requireOutputFolders(config);
    return readEnvironment();
  } catch (error) {
    if (!(error instanceof WrongSettings)) throw error;
    current.whyNoRun = error.lines.map((message) => ({ kind: 'misconfigured', message }));
    throw withoutStack(error);
  }
}

/** Playwright shows a stack in place of the message. */
function withoutStack<T extends Error>(error: T): T {
  error.stack = '';
  return error;
}

/** A run whose reports can't be written is not begun: it would leave nothing but requests. */
function requireOutputFolders(config: FullConfig): void {
  const folder = config.projects.find(({ name }) => name === CONTRACT_PROJECT)?.outputDir ?? '';
  const html = htmlFolder(config);
  const problems = [
    folder === '' ? undefined : unwritable(folder),
    html === undefined ? undefined : unwritable(html, HTML_FOLDER),
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) throw new WrongSettings(problems);
}

/** Where Playwright will write its HTML report; undefined where the command line asks for other reporters. */
function htmlFolder({ reporter, configFile = '' }: FullConfig): string | undefined {
  const html = reporter.find(([name]) => name === 'html');
  if (!html) return undefined;
  const fromEnvironment = process.env.PLAYWRIGHT_HTML_OUTPUT_DIR || process.env.PLAYWRIGHT_HTML_REPORT;
  if (fromEnvironment) return resolve(fromEnvironment);
  const { outputFolder = 'playwright-report' } = (html[1] ?? {}) as { outputFolder?: string };
  return resolve(dirname(configFile), outputFolder);
}

async function openRun({ settings, known }: Environment): Promise<Run> {
  const run = await Run.open({ settings, known });
  current.run = run;
  return run;
}
