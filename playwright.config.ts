import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig, type ReporterDescription } from '@playwright/test';
import { pace } from './src/openapi/pace';
import { current } from './src/report/current-run';
import { loadDotenv } from './src/run/dotenv';
import { rememberPrevious } from './src/run/previous-file';
import { endInGoodOrder } from './src/run/signals';
import { SELF_TEST_VARIABLE } from './src/run/environment-variables';
import { SLOW_TAG } from './src/run/slow-tag';

/** Names of the projects that the command line asks for; none means all. Workers are not asked. */
function namedProjects(argv: string[]): string[] {
  const names: string[] = [];
  argv.forEach((word, i) => {
    if (word.startsWith('--project=')) names.push(word.slice('--project='.length));
    if (word === '--project') names.push(argv[i + 1] ?? '');
  });
  return names;
}

/** On a quiet machine. */
const SELF_TEST_TIMEOUT_MS = 5 * 60_000;

const SLOW_TESTS = new RegExp(String.raw`${SLOW_TAG}\b`);

const isRunner = process.env.TEST_WORKER_INDEX === undefined;
const named = namedProjects(process.argv);
/** The suite's own tests: they know no target, and must not come to know one. */
const isSelfTest = isRunner
  ? ['self', 'self-slow'].some((name) => named.includes(name))
  : !!process.env[SELF_TEST_VARIABLE];

/** The published document is compared with the pinned one, and no target is judged. */
const isDriftOnly = named.length > 0 && named.every((name) => name === 'drift');

if (isRunner) {
  if (isSelfTest) process.env[SELF_TEST_VARIABLE] = '1';
  else {
    try {
      loadDotenv();
    } catch (error) {
      // Said by the global setup, so that a report says it too.
      current.whyNoRun = [{ kind: 'misconfigured', message: (error as Error).message }];
    }
    // Playwright empties its output directory, where it may lie, before it asks for the settings.
    rememberPrevious(process.env.PREVIOUS);
  }
  // Workers start faster where Node.js keeps what it has compiled (from 22 on), in the folder where it would by itself.
  process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'node-compile-cache');
  // --reporter replaces the reporters below; the conformance statement is not to be lost that way.
  if (!isSelfTest && !isDriftOnly)
    process.env.PW_TEST_REPORTER = join(__dirname, 'src', 'report', 'reporter.ts');
  endInGoodOrder();
}

const requestTimeoutMs = Number(process.env.REQUEST_TIMEOUT_MS) || 10_000;
const waitsMs = (Number(process.env.SETTLE_MS) || 3000) + (Number(process.env.WAIT_FOR_EXPIRY_MS) || 0);

const html: ReporterDescription = ['html', { open: 'never', outputFolder: 'playwright-report' }];
const driftReporters: ReporterDescription[] = [
  ['list'],
  html,
  ['junit', { outputFile: 'test-results/drift/junit.xml' }],
];
/** Rows of requirements, in JUnit's XML too, are the conformance reporter's. */
const contractReporters: ReporterDescription[] = [['./src/report/progress.ts'], html];

export default defineConfig({
  testDir: 'tests',
  outputDir: isSelfTest ? 'test-results/self' : 'test-results',
  // The suite's own tests often wait, for an API that hangs or a session that expires. On the way to one target a second
  // worker takes longer to start than it saves.
  workers: isSelfTest ? '150%' : 1,
  retries: 0,
  forbidOnly: !!process.env.CI,
  // The gateway bounds every request; this is for a test that waits for something else in error.
  timeout: isSelfTest ? SELF_TEST_TIMEOUT_MS * pace() : 30 * requestTimeoutMs + waitsMs,
  ...(!isSelfTest && {
    globalSetup: isDriftOnly ? './src/run/drift-setup.ts' : './src/run/global-setup.ts',
  }),
  reporter: isSelfTest ? [['dot']] : isDriftOnly ? driftReporters : contractReporters,
  projects: isSelfTest
    ? [
        { name: 'self', testDir: 'tests/self', grepInvert: SLOW_TESTS },
        // A folder of its own: Playwright empties that of a project that it runs.
        { name: 'self-slow', testDir: 'tests/self', outputDir: 'test-results/self-slow', grep: SLOW_TESTS },
      ]
    : [
        { name: 'contract', testDir: 'tests/contract' },
        { name: 'explore', testDir: 'tests/explore', outputDir: 'test-results/explore' },
        // Playwright empties the folder of a project that it runs; what a contract run left is to stay.
        { name: 'drift', testDir: 'tests/drift', outputDir: 'test-results/drift' },
      ],
});
