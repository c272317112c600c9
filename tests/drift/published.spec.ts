import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from '@playwright/test';
import { readEnvironment } from '../../src/run/environment';
import { comparePublished, failOn } from '../../src/run/published';
import { renderComparison, renderJson, renderMarkdown } from '../../src/report/drift-report';
import { isAtLeast } from '../../src/openapi/diff/change';

test('the published document says what is pinned', async ({}, testInfo) => {
  // Reading and comparing have bounds of their own.
  testInfo.setTimeout(60_000);
  const { comparison, source } = await comparePublished(readEnvironment().settings);
  const reports = [
    ['drift.json', 'application/json', renderJson(comparison)],
    ['drift.md', 'text/markdown', renderMarkdown(comparison, 'the pin', source)],
  ] as const;
  // Beside the contract run's reports, not in the folder that Playwright empties for this project.
  const folder =
    testInfo.config.projects.find(({ name }) => name === 'contract')?.outputDir ?? testInfo.project.outputDir;
  mkdirSync(folder, { recursive: true });
  for (const [name, contentType, body] of reports) {
    writeFileSync(join(folder, name), body);
    await testInfo.attach(name, { body, contentType });
  }
  if (!isAtLeast(comparison.verdict, failOn())) return;
  const error = new Error(renderComparison(comparison, 'the pin', source));
  // There is nothing to be seen in this file.
  error.stack = error.message;
  throw error;
});
