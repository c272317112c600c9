import { spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { load } from 'js-yaml';

/*
 * The workflows and the action, as far as they can be tried without the service that runs them: pins, permissions and
 * secrets, and their shell steps.
 */

const ROOT = join(__dirname, '..', '..');
const FOLDER = join(ROOT, '.github', 'workflows');

interface Step {
  uses?: string;
  run?: string;
  env?: Record<string, string>;
}

interface Job {
  permissions?: Record<string, string>;
  'timeout-minutes'?: number;
  steps: Step[];
}

interface Workflow {
  permissions?: Record<string, string>;
  jobs: Record<string, Job>;
}

const workflows = readdirSync(FOLDER).map((name) => ({
  name,
  text: readFileSync(join(FOLDER, name), 'utf8'),
}));
const actionText = readFileSync(join(ROOT, 'action.yml'), 'utf8');
const action = load(actionText) as { runs: { steps: Step[] } };
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

function parsed(text: string): Workflow {
  return load(text) as Workflow;
}

function stepsOf(text: string): Step[] {
  return Object.values(parsed(text).jobs).flatMap(({ steps }) => steps);
}

const all = [
  ...workflows.map(({ name, text }) => ({ name, text, steps: stepsOf(text) })),
  { name: 'action.yml', text: actionText, steps: action.runs.steps },
];

for (const { name, text, steps } of all) {
  test(`${name} pins what it uses, and runs what exists`, () => {
    expect(steps.length).toBeGreaterThan(0);
    for (const { uses, run } of steps) {
      if (uses !== undefined && uses !== './') expect(uses).toMatch(/^[\w.-]+\/[\w.-]+@[0-9a-f]{40}$/);
      // An expression would be put into the text of the shell, whatever it holds.
      expect(run ?? '').not.toContain('${{');
      for (const [, script = ''] of (run ?? '').matchAll(/npm run ([\w:-]+)/g))
        expect(Object.keys(scripts)).toContain(script);
      for (const [, path = ''] of (run ?? '').matchAll(/\$GITHUB_ACTION_PATH\/([\w./-]+)/g))
        expect(existsSync(join(ROOT, path)), path).toBe(true);
    }
    // A pin says which version it is.
    for (const line of text.split('\n').filter((one) => /^[^#]*uses: [^.]/.test(one)))
      expect(line).toMatch(/@[0-9a-f]{40} # v\d/);
  });
}

for (const { name, text } of workflows) {
  test(`${name} has the least permissions, and ends`, () => {
    const { permissions, jobs } = parsed(text);
    expect(permissions).toEqual({});
    for (const job of Object.values(jobs)) {
      expect(job.permissions).toEqual({
        contents: 'read',
        ...(name === 'drift.yml' && { issues: 'write' }),
        ...(name === 'nightly.yml' && { actions: 'read' }),
      });
      expect(job['timeout-minutes']).toBeGreaterThan(0);
    }
  });
}

test('secrets come through the environment only', () => {
  for (const { steps } of all)
    for (const step of steps) {
      expect(JSON.stringify({ ...step, env: {} })).not.toMatch(/secrets\b|github\.token/);
    }
});

/** The pipeline's script in a copy of the project, with an npm and a Playwright that only write down what they are asked. */
function copyPipeline(): {
  folder: string;
  env: Record<'PATH' | 'GITHUB_ACTION_PATH' | 'GITHUB_STEP_SUMMARY', string>;
} {
  const folder = mkdtempSync(join(tmpdir(), 'session-contract-'));
  const [project, bin] = [join(folder, 'project'), join(folder, 'bin')];
  for (const path of [join(project, 'scripts'), join(project, 'test-results'), bin])
    mkdirSync(path, { recursive: true });
  copyFileSync(join(ROOT, 'scripts', 'ci-contract.sh'), join(project, 'scripts', 'ci-contract.sh'));
  copyFileSync(join(ROOT, '.env.example'), join(project, '.env.example'));
  writeFileSync(join(project, 'test-results', 'summary.md'), '# an earlier summary\n');
  const playwright = [
    '#!/usr/bin/env bash',
    'trap "echo denied; kill \\$! 2>&-; exit 130" TERM',
    'mkdir -p test-results && echo "# the summary" > test-results/summary.md',
    'echo "playwright $*: BASE_URL=$BASE_URL PROFILE=$PROFILE KNOWN_DEVIATIONS=${KNOWN_DEVIATIONS-unset} DRIFT=${DRIFT-unset}"',
    '[ "$EXTRA_HTTP_HEADERS" = "$WANTED_HEADERS" ] || exit 9',
    '[ -z "$HANGS" ] || { sleep 20 >&- 2>&- & wait; }',
    'exit "${CONTRACT_EXIT_CODE:-0}"',
  ];
  const npm = [
    '#!/usr/bin/env bash',
    'echo "npm $*"',
    '[ -z "$INSTALL_EXIT_CODE" ] || exit "$INSTALL_EXIT_CODE"',
    'mkdir -p node_modules/.bin && cp "$0.playwright" node_modules/.bin/playwright',
  ];
  writeFileSync(join(bin, 'npm'), npm.join('\n'), { mode: 0o755 });
  writeFileSync(join(bin, 'npm.playwright'), playwright.join('\n'), { mode: 0o755 });
  const env = {
    PATH: `${bin}:${process.env.PATH}`,
    GITHUB_ACTION_PATH: project,
    GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
  };
  return { folder, env };
}

const CONTRACT_STEP = action.runs.steps.find(({ run }) => run !== undefined)?.run ?? 'exit 9';
/** As the service calls a step whose shell is bash. */
const BASH = ['--noprofile', '--norc', '-eo', 'pipefail', '-c'];

function runPipeline(given: Record<string, string>): {
  code: number | null;
  text: string;
  summary: string;
  /** What would go into the artifact. */
  left: string[];
} {
  const { folder, env } = copyPipeline();
  const results = join(env.GITHUB_ACTION_PATH, 'test-results');
  const { status, stdout, stderr } = spawnSync('bash', [...BASH, CONTRACT_STEP], {
    cwd: folder,
    env: { ...env, ...given },
    encoding: 'utf8',
  });
  return {
    code: status,
    text: `${stdout}${stderr}`.replaceAll(folder, '.'),
    summary: existsSync(env.GITHUB_STEP_SUMMARY) ? readFileSync(env.GITHUB_STEP_SUMMARY, 'utf8') : '',
    left: existsSync(results) ? readdirSync(results) : [],
  };
}

for (const base of [{}, { BASE_URL: '' }, { BASE_URL: '  ' }]) {
  test(`a target that is ${JSON.stringify(base)} is an error of the pipeline, never a run`, () => {
    const { code, text, left } = runPipeline(base);
    expect({ code, left }).toEqual({ code: 2, left: [] });
    expect(text).toMatch(/^::error title=No target::BASE_URL is empty.*\n$/);
  });
}

test('a pipeline installs, runs, hands on the exit code, and adds the summary', () => {
  const given = { BASE_URL: 'https://api.example.com/api', PROFILE: 'full', DRIFT: '' };
  const passed = runPipeline({ ...given, KNOWN_DEVIATIONS: 'known.yaml' });
  expect(passed).toMatchObject({ code: 0, summary: '# the summary\n' });
  // What a workflow names and nobody gave is not set; a file is the caller's.
  expect(passed.text).toContain('::notice title=Not given::DRIFT');
  expect(passed.text).toContain(
    'npm ci\nplaywright test --project=contract: BASE_URL=https://api.example.com/api PROFILE=full KNOWN_DEVIATIONS=./known.yaml DRIFT=unset',
  );
  const failed = runPipeline({ ...given, CONTRACT_EXIT_CODE: '1' });
  expect(failed).toMatchObject({ code: 1, summary: '# the summary\n' });
  expect(runPipeline({ ...given, INSTALL_EXIT_CODE: '7' })).toMatchObject({ code: 7, summary: '' });
  // What is run without npm is what npm would run.
  expect(scripts.contract).toBe('playwright test --project=contract');
});

test('a secret reaches the run as it is, and no line of the pipeline', () => {
  const secret = '{"authorization": "a$(touch x) `touch y` \\" \'z\' %0A ::error::"}';
  const given = {
    BASE_URL: 'https://api.example.com/api',
    EXTRA_HTTP_HEADERS: secret,
    WANTED_HEADERS: secret,
  };
  const { code, text } = runPipeline(given);
  expect({ code, text }).toEqual({ code: 0, text: expect.not.stringContaining('authorization') });
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`a job that is cancelled with ${signal} lets the run clean up, and keeps its summary`, async () => {
    const { folder, env } = copyPipeline();
    const given = { BASE_URL: 'https://api.example.com/api', HANGS: '1' };
    const child = spawn('bash', [...BASH, CONTRACT_STEP], { cwd: folder, env: { ...env, ...given } });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (chunk.includes('playwright test')) child.kill(signal);
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(text).toMatch(/denied\n$/);
    expect(code).toBe(130);
    expect(readFileSync(env.GITHUB_STEP_SUMMARY, 'utf8')).toBe('# the summary\n');
  });
}

test('the summary of the drift watch is added where there is one', () => {
  const step = stepsOf(readFileSync(join(FOLDER, 'drift.yml'), 'utf8')).find(({ run }) =>
    run?.includes('GITHUB_STEP_SUMMARY'),
  );
  const folder = mkdtempSync(join(tmpdir(), 'session-contract-'));
  const summary = join(folder, 'summary.md');
  const run = (): number | null =>
    spawnSync('bash', ['-e', '-c', step?.run ?? 'exit 9'], {
      cwd: folder,
      env: { PATH: process.env.PATH, GITHUB_STEP_SUMMARY: summary },
    }).status;
  expect(run()).toBe(0);
  expect(existsSync(summary)).toBe(false);
  mkdirSync(join(folder, 'test-results'));
  writeFileSync(join(folder, 'test-results', 'drift.md'), 'changed\n');
  expect(run()).toBe(0);
  expect(readFileSync(summary, 'utf8')).toBe('changed\n');
});

/** The step of the nightly run that fetches the statement of an earlier one, with a gh that has these artifacts by run. */
function fetchPrevious(kept: Record<string, string[]>): { code: number | null; text: string; named: string } {
  const folder = mkdtempSync(join(tmpdir(), 'session-contract-'));
  const step = stepsOf(readFileSync(join(FOLDER, 'nightly.yml'), 'utf8')).find(({ run }) => run);
  for (const [run, files] of Object.entries(kept)) {
    for (const file of files) {
      mkdirSync(join(folder, 'kept', run, file, '..'), { recursive: true });
      writeFileSync(join(folder, 'kept', run, file), run);
    }
  }
  const gh = [
    '#!/usr/bin/env bash',
    '[ "$GH_TOKEN" = token ] && [ -n "$RUNS" ] || { echo "HTTP 403" >&2; exit 1; }',
    'case "$1 $2" in',
    '"run list") [ "$*" = "run list --workflow nightly.yml --branch main --status completed --limit 5 --json databaseId --jq .[].databaseId" ] && echo $RUNS | tr " " "\\n" ;;',
    '"run download") [ "$4 $5 $6" = "--name contract-staging --dir" ] && cp -r "$KEPT/$3" "$7" ;;',
    'esac',
  ];
  writeFileSync(join(folder, 'gh'), gh.join('\n'), { mode: 0o755 });
  const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', step?.run ?? 'exit 9'], {
    cwd: ROOT,
    env: {
      PATH: `${folder}:${process.env.PATH}`,
      GH_TOKEN: 'token',
      ARTIFACT: 'contract-staging',
      GITHUB_REF_NAME: 'main',
      GITHUB_ENV: join(folder, 'env'),
      RUNNER_TEMP: folder,
      KEPT: join(folder, 'kept'),
      RUNS: Object.keys(kept).sort().reverse().join(' '),
    },
    encoding: 'utf8',
  });
  const named = existsSync(join(folder, 'env')) ? readFileSync(join(folder, 'env'), 'utf8') : '';
  return { code: status, text: `${stdout}${stderr}`, named: named.replaceAll(folder, '.') };
}

test('a nightly run is compared with the latest one that has kept a statement', () => {
  const statement = 'test-results/conformance.json';
  const found = { code: 0, named: `PREVIOUS=./previous-12/${statement}\n` };
  const before = fetchPrevious({ 11: [statement], 12: [statement, 'playwright-report/index.html'] });
  expect(before).toMatchObject(found);
  // One was cancelled early, another kept nothing at all.
  const skipped = fetchPrevious({ 12: [statement], 13: ['test-results/junit.xml'], 14: [] });
  expect(skipped).toMatchObject(found);
  for (const none of [fetchPrevious({ 13: ['test-results/junit.xml'] }), fetchPrevious({})]) {
    expect(none).toMatchObject({ code: 0, named: '' });
    expect(none.text).toContain(
      '::notice title=No earlier statement::none of the last runs has kept contract-staging',
    );
  }
});
