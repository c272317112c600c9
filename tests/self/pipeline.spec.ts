import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { load } from 'js-yaml';
import { outputsOf } from '../../src/report/outputs';
import { SLOW } from './slow';
import { temporaryFolder } from './temporary-folder';

/*
 * The scripts that every pipeline runs, on GitHub and on another service, with an npm, a Playwright and a gh that do
 * nothing but say how they were called.
 */

test.describe.configure({ mode: 'parallel' });

const ROOT = join(__dirname, '..', '..');
const FOLDER = join(ROOT, '.github', 'workflows');

interface Step {
  run?: string;
}

const action = load(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as { runs: { steps: Step[] } };
const CONTRACT_STEP = action.runs.steps.find(({ run }) => run !== undefined)?.run ?? 'exit 9';

function stepOf(workflow: string, words: string): string {
  const { jobs } = load(readFileSync(join(FOLDER, workflow), 'utf8')) as {
    jobs: Record<string, { steps: Step[] }>;
  };
  const steps = Object.values(jobs).flatMap(({ steps: all }) => all);
  return steps.find(({ run }) => run?.includes(words))?.run ?? 'exit 9';
}

/** As GitHub calls a step whose shell is bash. */
const BASH = ['--noprofile', '--norc', '-eo', 'pipefail', '-c'];

interface Pipeline {
  folder: string;
  project: string;
  env: Record<string, string | undefined>;
}

const PLAYWRIGHT = [
  '#!/usr/bin/env bash',
  'trap "echo denied; kill \\$! 2>&-; exit 130" TERM',
  'results=test-results',
  '[ "$1" = test ] || results=test-results/explore',
  'mkdir -p $results && echo "# the summary" > $results/summary.md',
  'for name in BASE_URL PROFILE KNOWN_DEVIATIONS REQUIRE DRIFT PREVIOUS; do echo "$name=${!name-unset}"; done',
  '[ "$EXTRA_HTTP_HEADERS" = "$EXPECTED_HEADERS" ] || exit 9',
  '[ -z "$STATEMENT" ] || echo "$STATEMENT" > $results/conformance.json',
  'echo "playwright $*"',
  '[ -z "$HANGS" ] || { sleep 300 >&- 2>&- & wait; }',
  'exit "${CONTRACT_EXIT_CODE:-0}"',
];

/** The scripts in a copy of the project. */
function copyPipeline(): Pipeline {
  const folder = temporaryFolder();
  const [project, bin] = [join(folder, 'project'), join(folder, 'bin')];
  for (const path of [join(project, 'test-results'), bin]) mkdirSync(path, { recursive: true });
  cpSync(join(ROOT, 'scripts'), join(project, 'scripts'), { recursive: true });
  const scripts = { contract: 'playwright test --project=contract', explore: 'playwright walk' };
  writeFileSync(join(project, 'package.json'), JSON.stringify({ scripts }));
  for (const name of ['.env.example', 'tsconfig.json', 'src'])
    symlinkSync(join(ROOT, name), join(project, name));
  writeFileSync(join(project, 'test-results', 'summary.md'), '# an earlier summary\n');
  const npm = [
    '#!/usr/bin/env bash',
    'echo "npm $*"',
    '[ -z "$INSTALL_EXIT_CODE" ] || exit "$INSTALL_EXIT_CODE"',
    `mkdir -p node_modules/.bin && cp "$0.playwright" node_modules/.bin/playwright`,
    `ln -s ${join(ROOT, 'node_modules', '.bin', 'tsx')} node_modules/.bin/tsx`,
  ];
  writeFileSync(join(bin, 'npm'), npm.join('\n'), { mode: 0o755 });
  writeFileSync(join(bin, 'npm.playwright'), PLAYWRIGHT.join('\n'), { mode: 0o755 });
  const env = {
    PATH: `${bin}:${process.env.PATH}`,
    BASE_URL: 'https://api.example.com/api',
    GITHUB_ACTION_PATH: project,
  };
  return { folder, project, env };
}

function onGitHub({ folder }: Pipeline): Record<string, string> {
  return {
    GITHUB_ACTIONS: 'true',
    GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
    GITHUB_OUTPUT: join(folder, 'output'),
  };
}

interface Ran {
  code: number | null;
  /** Standard output and error, with "." for the caller's folder. */
  text: string;
  /** The text of a file in the caller's folder; empty if there is no such file. */
  file: (path: string) => string;
}

function run(pipeline: Pipeline, given: Record<string, string> = {}): Ran {
  const { folder, env } = pipeline;
  const { status, stdout, stderr } = spawnSync('bash', [...BASH, CONTRACT_STEP], {
    cwd: folder,
    env: { ...env, ...given },
    encoding: 'utf8',
  });
  return {
    code: status,
    text: `${stdout}${stderr}`.replaceAll(folder, '.'),
    file: (path) => (existsSync(join(folder, path)) ? readFileSync(join(folder, path), 'utf8') : ''),
  };
}

function runOnGitHub(given: Record<string, string> = {}): Ran {
  const pipeline = copyPipeline();
  return run(pipeline, { ...onGitHub(pipeline), ...given });
}

const STATEMENT = JSON.stringify({
  verdict: 'deviates',
  counts: { judged: 33, expected: 43 },
  requirements: [
    {
      id: 'DENY-1',
      findings: [
        { code: 'status', accepted: false },
        { code: 'schema', accepted: true },
      ],
    },
    { id: 'POLL-6', findings: [{ code: 'not-expired', class: 'advice', accepted: false }], moreFindings: 2 },
  ],
});

for (const target of ['', '  ']) {
  test(`an empty target (${JSON.stringify(target)}) is an error of the pipeline, never a run`, SLOW, () => {
    const { code, text, file } = runOnGitHub({ BASE_URL: target });
    expect({ code, earlier: file('project/test-results/summary.md') }).toEqual({ code: 2, earlier: '' });
    expect(text).toMatch(/^::error title=No target::BASE_URL is empty.*\n$/);
    const elsewhere = run(copyPipeline(), { BASE_URL: target });
    expect(elsewhere.code).toBe(2);
    expect(elsewhere.text).toMatch(/^error: No target: BASE_URL is empty.*\n$/);
  });
}

test('a pipeline installs, runs, and adds the summary to the page of the job', SLOW, () => {
  const { code, text, file } = runOnGitHub({
    PROFILE: 'full',
    DRIFT: '',
    REQUIRE: 'all',
    KNOWN_DEVIATIONS: 'known.yaml',
  });
  expect([code, file('summary.md')]).toEqual([0, '# the summary\n']);
  // A variable that is empty is not set; a file is the caller's.
  expect(text).toContain('::notice title=Not set::DRIFT');
  const settings = [
    'BASE_URL=https://api.example.com/api',
    'PROFILE=full',
    'KNOWN_DEVIATIONS=./known.yaml',
    'REQUIRE=all',
    'DRIFT=unset',
    'PREVIOUS=unset',
  ];
  expect(text).toContain(['npm ci', ...settings, 'playwright test --project=contract', ''].join('\n'));
});

test(
  'a pipeline runs what npm would run, and explores in place of the contract tests only where it is told to',
  SLOW,
  () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(scripts.contract).toBe('playwright test --project=contract');
    expect(runOnGitHub({ EXPLORE: 'false' }).text).toContain('playwright test --project=contract\n');
    const { text, file } = runOnGitHub({ EXPLORE: 'true', STATEMENT });
    expect([file('summary.md'), file('output')]).toEqual([
      '# the summary\n',
      'verdict=deviates\njudged=33\nfindings=4\n',
    ]);
    expect(text).toContain('playwright walk\n');
    expect(text).not.toContain('playwright test');
    const pipeline = copyPipeline();
    writeFileSync(join(pipeline.project, 'package.json'), '{"scripts": {}}');
    const missing = run(pipeline, { ...onGitHub(pipeline), EXPLORE: 'true' });
    expect(missing.code).toBe(2);
    expect(missing.text).toContain('::error title=No such script::package.json has no script "explore"\n');
  },
);

for (const code of [0, 1, 2, 130]) {
  test(`exit code ${code} of a run is that of the pipeline`, SLOW, () => {
    expect(runOnGitHub({ CONTRACT_EXIT_CODE: String(code) })).toMatchObject({ code });
  });
}

test('a failed installation is no verdict about the API', SLOW, () => {
  const { code, file } = runOnGitHub({ INSTALL_EXIT_CODE: '7' });
  expect([code, file('summary.md'), file('output')]).toEqual([2, '', '']);
});

test('the results are outputs of the step, and elsewhere a file', SLOW, () => {
  const given = { STATEMENT, CONTRACT_EXIT_CODE: '1' };
  const { code, file } = runOnGitHub(given);
  expect([code, file('output')]).toEqual([1, 'verdict=deviates\njudged=33\nfindings=4\n']);
  const elsewhere = run(copyPipeline(), given);
  expect([elsewhere.code, elsewhere.file('project/test-results/outputs.env')]).toEqual([
    1,
    'CONTRACT_VERDICT=deviates\nCONTRACT_JUDGED=33\nCONTRACT_FINDINGS=4\n',
  ]);
  // Only GitHub reads its commands.
  expect(elsewhere.text).not.toContain('::');
});

test('a file that is not a statement gives no outputs, and changes no exit code', SLOW, () => {
  for (const statement of ['{', 'null', '{"verdict": "x\\nverdict=conforms", "counts": {"judged": 1}}']) {
    const { code, text, file } = runOnGitHub({ STATEMENT: statement });
    expect([code, file('output')]).toEqual([0, '']);
    expect(text).toMatch(/conformance\.json: is not/);
    expect(() => outputsOf(statement)).toThrow(/^is not/);
  }
});

test('a folder that the service keeps gives the run its history, and gets its statement', SLOW, () => {
  const pipeline = copyPipeline();
  const history = join(pipeline.folder, 'history');
  mkdirSync(history);
  for (let day = 10; day < 25; day++) writeFileSync(join(history, `201001${day}T000000Z.json`), '{}');
  const given = { CONTRACT_HISTORY: 'history', STATEMENT };
  expect(run(pipeline, given).text).toContain('PREVIOUS=./history\n');
  const kept = readdirSync(history).sort();
  expect(kept).toHaveLength(14);
  expect(kept[0]).toBe('20100112T000000Z.json');
  expect(JSON.parse(readFileSync(join(history, kept.at(-1) ?? ''), 'utf8'))).toEqual(JSON.parse(STATEMENT));
  // The first run has no folder yet.
  expect(run(copyPipeline(), given).text).toContain('PREVIOUS=./history\n');
});

test('a secret reaches the run unchanged, and no line of the pipeline', SLOW, () => {
  const secret = '{"authorization": "a$(touch x) `touch y` \\" \'z\' %0A ::error::"}';
  const { code, text } = runOnGitHub({ EXTRA_HTTP_HEADERS: secret, EXPECTED_HEADERS: secret });
  expect({ code, text }).toEqual({ code: 0, text: expect.not.stringContaining('authorization') });
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(
    `a job that is cancelled with ${signal} lets the run clean up, and keeps its summary`,
    SLOW,
    async () => {
      const pipeline = copyPipeline();
      const child = spawn('bash', [...BASH, CONTRACT_STEP], {
        cwd: pipeline.folder,
        env: { ...pipeline.env, ...onGitHub(pipeline), HANGS: '1' },
      });
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        if (chunk.includes('playwright test')) child.kill(signal);
      });
      const code = await new Promise((resolve) => child.on('close', resolve));
      expect(text).toMatch(/denied\n$/);
      expect(code).toBe(130);
      expect(readFileSync(join(pipeline.folder, 'summary.md'), 'utf8')).toBe('# the summary\n');
    },
  );
}

function service(args: string[], env: Record<string, string>): { code: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync(join(ROOT, 'scripts', 'ci-service.sh'), args, {
    env: { PATH: process.env.PATH, ...env },
    encoding: 'utf8',
  });
  return { code: status, text: `${stdout}${stderr}` };
}

test('an annotation stays one command, whatever is in it', SLOW, () => {
  const { text } = service(['error', 'a: b, c', '100%\r\n::warning::x'], { GITHUB_ACTIONS: 'true' });
  expect(text).toBe('::error title=a%3A b%2C c::100%25%0D%0A::warning::x\n');
});

test('the summary of the drift watch is added where there is one', SLOW, () => {
  const folder = temporaryFolder();
  symlinkSync(join(ROOT, 'scripts'), join(folder, 'scripts'));
  const summary = join(folder, 'summary.md');
  const add = (): number | null =>
    spawnSync('bash', [...BASH, stepOf('drift.yml', 'ci-service.sh summary')], {
      cwd: folder,
      env: { PATH: process.env.PATH, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary },
    }).status;
  expect([add(), existsSync(summary)]).toEqual([0, false]);
  mkdirSync(join(folder, 'test-results'));
  writeFileSync(join(folder, 'test-results', 'drift.md'), 'changed\n');
  expect([add(), readFileSync(summary, 'utf8')]).toEqual([0, 'changed\n']);
});

/** The step of the nightly run that fetches earlier statements, with a gh that has these files of each run. */
function fetchEarlier(kept: Record<string, string[]>): {
  code: number | null;
  text: string;
  fetched: string[];
} {
  const folder = temporaryFolder();
  for (const [id, files] of Object.entries(kept))
    for (const file of files) {
      mkdirSync(join(folder, 'kept', id, file, '..'), { recursive: true });
      writeFileSync(join(folder, 'kept', id, file), id);
    }
  const gh = [
    '#!/usr/bin/env bash',
    '[ "$GH_TOKEN" = token ] && [ -n "$RUNS" ] || { echo "HTTP 403" >&2; exit 1; }',
    'case "$1 $2" in',
    '"run list") [ "$*" = "run list --workflow nightly.yml --branch main --status completed --limit 28 --json databaseId --jq .[].databaseId" ] && echo $RUNS | tr " " "\\n" ;;',
    '"run download") [ "$4 $5 $6" = "--name contract-staging --dir" ] && cp -r "$KEPT/$3" "$7" ;;',
    'esac',
  ];
  writeFileSync(join(folder, 'gh'), gh.join('\n'), { mode: 0o755 });
  const { status, stdout, stderr } = spawnSync('bash', [...BASH, stepOf('nightly.yml', 'ci-previous.sh')], {
    cwd: ROOT,
    env: {
      PATH: `${folder}:${process.env.PATH}`,
      GITHUB_ACTIONS: 'true',
      GITHUB_REF_NAME: 'main',
      GITHUB_ENV: join(folder, 'env'),
      GH_TOKEN: 'token',
      ARTIFACT: 'contract-staging',
      KEPT: join(folder, 'kept'),
      RUNS: Object.keys(kept).sort().reverse().join(' '),
    },
    encoding: 'utf8',
  });
  const named = existsSync(join(folder, 'env')) ? readFileSync(join(folder, 'env'), 'utf8') : '';
  const previous = /^PREVIOUS=(.*)\n$/.exec(named)?.[1];
  return {
    code: status,
    text: `${stdout}${stderr}`,
    fetched: previous === undefined ? [] : readdirSync(previous).sort(),
  };
}

const KEPT = 'test-results/conformance.json';

test('a nightly run is compared with the last 14 that have kept a statement', SLOW, () => {
  // One was cancelled early, another has kept nothing at all.
  const kept: Record<string, string[]> = { 30: ['test-results/junit.xml'], 31: [] };
  for (let id = 10; id < 30; id++) kept[id] = [KEPT, 'playwright-report/index.html'];
  const { code, fetched } = fetchEarlier(kept);
  expect(code).toBe(0);
  expect(fetched).toEqual(Array.from({ length: 14 }, (_, i) => `${i + 16}.json`));
});

test(
  'without earlier statements, or without access to them, the API is judged without a history',
  SLOW,
  () => {
    for (const kept of [{ 13: ['test-results/junit.xml'] }, {}]) {
      const { code, text, fetched } = fetchEarlier(kept);
      expect({ code, fetched }).toEqual({ code: 0, fetched: [] });
      expect(text).toContain(
        '::notice title=No earlier statement::none of the last runs has kept contract-staging',
      );
    }
  },
);
