import { readFileSync } from 'node:fs';
import { fail, runCommand } from './command';
import { GitHubIssues } from './drift-issue/github';
import { keepIssue, VERDICTS, type Drift } from './drift-issue/keep';

const USAGE =
  'usage: npm run drift:issue   (after npm run drift; wants GITHUB_TOKEN, GITHUB_REPOSITORY and GITHUB_API_URL)';

runCommand(USAGE, async () => {
  if (process.argv.length > 2) fail(USAGE);
  const drift = readDrift('test-results/drift.json');
  const report = read('test-results/drift.md');
  const repository = variable('GITHUB_REPOSITORY');
  const issues = new GitHubIssues(variable('GITHUB_API_URL'), repository, variable('GITHUB_TOKEN'));
  const { GITHUB_SERVER_URL: server, GITHUB_RUN_ID: id } = process.env;
  const run = server && id ? `${server}/${repository}/actions/runs/${id}` : undefined;
  console.log(await keepIssue(issues, drift, report, run));
});

function readDrift(path: string): Drift {
  let drift: Partial<Drift> | null;
  try {
    drift = JSON.parse(read(path)) as Partial<Drift> | null;
  } catch {
    fail(`${path} is not JSON; npm run drift writes it`);
  }
  const verdict = VERDICTS.find((one) => one === drift?.verdict);
  if (verdict === undefined) fail(`${path} holds none of the verdicts ${VERDICTS.join(', ')}`);
  return { verdict, changes: drift?.changes ?? [] };
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    fail(`${path} can't be read; npm run drift writes it`);
  }
}

function variable(name: string): string {
  return process.env[name] || fail(`${name} is not set; ${USAGE}`);
}
