import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { StandIn } from '../stand-in/server';
import { variantNamed } from '../stand-in/variants/index';
import { withoutSettings } from './clean-environment';

const ROOT = join(__dirname, '..', '..');
const CLI = join(ROOT, 'node_modules', '@playwright', 'test', 'cli.js');
const VIEWPORT = { width: 1100, height: 900 };

/**
 * Runs the contract against a variant of the stand-in.
 * @returns the page of its HTML report; undefined where there is no such variant
 */
export async function runAgainst(name: string, folder: string): Promise<string | undefined> {
  const variant = variantNamed(name);
  if (!variant) return undefined;
  const standIn = await StandIn.start({ variant });
  const states = standIn.providerStateUrl;
  const html = join(folder, 'html');
  const env = {
    ...withoutSettings(process.env),
    DOTENV_CONFIG_PATH: join(folder, 'no.env'),
    BASE_URL: standIn.baseUrl.href,
    ...(states && { PROVIDER_STATE_URL: states.href }),
    SETTLE_MS: '0',
    PLAYWRIGHT_HTML_OUTPUT_DIR: html,
  };
  const args = [CLI, 'test', '--project=contract', '--output', join(folder, 'results')];
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: 'inherit' });
  await new Promise((resolve) => child.on('exit', resolve));
  await standIn.close();
  const page = join(html, 'index.html');
  return existsSync(page) ? page : undefined;
}

/** Opens the first red test of an HTML report, and takes a picture of it. */
export async function drawReport(report: URL, output: string): Promise<void> {
  const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
  if (!existsSync(executablePath))
    throw new Error(`${executablePath} is not there; install Chromium, or give its path in CHROMIUM_PATH`);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: VIEWPORT });
    await page.goto(`${report.href}#?q=s:failed`);
    await page.locator('.test-file-test-outcome-unexpected a').first().click();
    await page.getByText('Errors', { exact: false }).first().waitFor();
    // Paths begin at the project.
    await page.evaluate(withoutFolder(`${ROOT}/`));
    await page.screenshot({ path: output });
  } finally {
    await browser.close();
  }
}

/** A script for the page: its texts without a folder of this machine. */
function withoutFolder(folder: string): string {
  return `{
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode())
      texts.currentNode.nodeValue = texts.currentNode.nodeValue.replaceAll(${JSON.stringify(folder)}, '');
  }`;
}
