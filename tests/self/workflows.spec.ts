import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { load } from 'js-yaml';

/*
 * The workflows, the action and the examples for other services, as far as they can be checked without the service that
 * runs them: pins, permissions, secrets, artifacts, schedules. Their scripts are those of pipeline.spec.ts.
 */

const ROOT = join(__dirname, '..', '..');
const FOLDER = join(ROOT, '.github', 'workflows');

interface Step {
  id?: string;
  uses?: string;
  run?: string;
  with?: Record<string, string>;
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
const action = load(actionText) as {
  inputs: Record<string, { default?: string; required?: boolean }>;
  outputs: Record<string, { value: string }>;
  runs: { steps: Step[] };
};
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
      for (const [path] of (run ?? '').matchAll(/(?<![\w-])scripts\/[\w./-]+/g))
        expect(existsSync(join(ROOT, path)), path).toBe(true);
      // What a service calls its files is known to one script.
      expect(run ?? '').not.toMatch(/GITHUB_(?!ACTION_PATH)/);
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
        ...(job.steps.some(({ run }) => run?.includes('npm run issue')) && { issues: 'write' }),
        ...(job.steps.some(({ run }) => run?.includes('ci-previous.sh')) && { actions: 'read' }),
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

test('only one script knows a service by name', () => {
  const scriptsFolder = join(ROOT, 'scripts');
  const knowing = readdirSync(scriptsFolder)
    .filter((name) => name.endsWith('.sh'))
    .filter((name) =>
      /GITHUB_|GITLAB|JENKINS|\bgh \w|::\w+/.test(readFileSync(join(scriptsFolder, name), 'utf8')),
    );
  expect(knowing).toEqual(['ci-service.sh']);
});

test('the action hands on the results of its run, and explores only when it is asked to', () => {
  expect(Object.keys(action.outputs)).toEqual(['verdict', 'judged', 'findings']);
  const step = action.runs.steps.find(({ run }) => run !== undefined);
  for (const [name, { value }] of Object.entries(action.outputs))
    expect(value).toBe(`\${{ steps.${step?.id}.outputs.${name} }}`);
  expect(action.inputs.explore?.default).toBe('false');
  expect(step?.env).toMatchObject({ REQUIRE: '${{ inputs.require }}', EXPLORE: '${{ inputs.explore }}' });
});

test('the pre-release gate judges everything, and needs everything judged', () => {
  const text = readFileSync(join(FOLDER, 'pre-release.yml'), 'utf8');
  const workflow = load(text) as { on: { workflow_call: { inputs: Record<string, { default?: string }> } } };
  expect(workflow.on.workflow_call.inputs.require?.default).toBe('all');
  const step = stepsOf(text).find(({ uses }) => uses === './');
  expect(step?.with).toMatchObject({ profile: 'full', require: '${{ inputs.require }}' });
});

test('the nightly run compares with earlier ones, keeps an issue for each target, and explores only if it is told to', () => {
  const { jobs } = parsed(readFileSync(join(FOLDER, 'nightly.yml'), 'utf8')) as {
    jobs: Record<string, Job & { if?: string }>;
  };
  const [fetch, contract, keep] = jobs.contract?.steps.slice(1) ?? [];
  expect(fetch?.run).toBe('scripts/ci-previous.sh nightly.yml "$ARTIFACT"');
  expect(fetch?.env?.ARTIFACT).toBe(contract?.with?.artifact);
  expect(contract?.with?.require).toBe('${{ vars.REQUIRE }}');
  expect(keep?.run).toContain('--kind nightly --target "$TARGET"');
  expect(jobs.explore?.if).toContain("vars.EXPLORE == 'true'");
  expect(jobs.explore?.steps.at(-1)?.with).toMatchObject({ explore: 'true' });
});

interface GitLabJob {
  extends?: string;
  script?: string[];
  rules?: { if: string }[];
  variables?: Record<string, string>;
  allow_failure?: { exit_codes: number };
  cache?: { paths: string[]; when: string };
  artifacts?: { when: string; paths: string[]; reports: Record<string, string> };
}

test('the example for GitLab: JUnit, artifacts, exit codes, schedule', () => {
  const text = readFileSync(join(ROOT, 'docs', 'ci', 'gitlab-ci.yml'), 'utf8');
  const jobs = load(text) as Record<string, GitLabJob>;
  const base = jobs['.contract'];
  expect(base?.script).toEqual(['scripts/ci-contract.sh']);
  expect(base?.artifacts).toMatchObject({
    when: 'always',
    paths: ['test-results/', 'playwright-report/'],
    reports: { junit: 'test-results/junit.xml', dotenv: 'test-results/outputs.env' },
  });
  const nightly = jobs['contract-nightly'];
  expect(nightly?.rules?.[0]?.if).toBe('$CI_PIPELINE_SOURCE == "schedule"');
  expect(nightly?.allow_failure).toEqual({ exit_codes: 2 });
  expect(nightly?.cache?.paths).toEqual([`${nightly?.variables?.CONTRACT_HISTORY}/`]);
  expect(nightly?.cache?.when).toBe('always');
  expect(jobs['contract-pre-release']?.variables).toMatchObject({ PROFILE: 'full', REQUIRE: 'all' });
  for (const [name, job] of Object.entries(jobs)) {
    if (name !== '.contract') expect(job.extends).toBe('.contract');
    expectSettings(Object.keys(job.variables ?? {}));
  }
});

test('the example for Jenkins: JUnit, artifacts, exit codes, schedule', () => {
  const text = readFileSync(join(ROOT, 'docs', 'ci', 'Jenkinsfile'), 'utf8');
  // What npm has is no parser of Groovy, but a linter that runs one in Java: this checks the structure only.
  const blocks = blocksOf(text);
  const pipeline = blocks.pipeline as Blocks;
  expect(Object.keys(pipeline)).toEqual([
    'agent',
    'triggers',
    'parameters',
    'options',
    'environment',
    'stages',
    'post',
  ]);
  expect(text).toMatch(/cron\('H 3 \* \* \*'\)/);
  expect(text).toContain("sh(script: 'scripts/ci-contract.sh', returnStatus: true)");
  expect(text).toMatch(/if \(status == 2\) \{\s+unstable\(.*\)\s+\} else if \(status != 0\) \{\s+error\(/);
  expect(pipeline.post).toHaveProperty('always');
  expect(text).toContain("junit testResults: 'test-results/junit.xml', allowEmptyResults: true");
  expect(text).toContain("archiveArtifacts artifacts: 'test-results/**, playwright-report/**'");
  const parameters = [...text.matchAll(/^ +(?:string|choice)\(name: '(\w+)'/gm)].map(([, name = '']) => name);
  const variables = [...text.matchAll(/^ +([A-Z_]+) = /gm)].map(([, name = '']) => name);
  expect(parameters).toEqual(['BASE_URL', 'PROFILE', 'REQUIRE']);
  expectSettings([...parameters, ...variables]);
});

/** Variables that a pipeline sets are settings of the suite, or of its script. */
function expectSettings(names: string[]): void {
  const known = readFileSync(join(ROOT, '.env.example'), 'utf8').match(/(?<=^#)[A-Z_]+(?==)/gm) ?? [];
  for (const name of names) expect([...known, 'CONTRACT_HISTORY'], name).toContain(name);
}

interface Blocks {
  [name: string]: Blocks;
}

/** The named blocks of a text with braces, without comments and strings; fails where braces do not match. */
function blocksOf(text: string): Blocks {
  const bare = text.replace(/\/\/.*$|'(?:[^'\\\n]|\\.)*'/gm, (part) => (part.startsWith("'") ? "''" : ''));
  const root: Blocks = {};
  const open = [root];
  for (const [, name, brace] of bare.matchAll(/(?:(\w+)(?:\([^)]*\))?\s*)?([{}])/g)) {
    if (brace === '}') open.pop();
    else open.push(((open.at(-1) ?? root)[name ?? ''] = {}));
    expect(open.length, 'closing braces').toBeGreaterThan(0);
  }
  expect(open, 'open braces').toEqual([root]);
  return root;
}
