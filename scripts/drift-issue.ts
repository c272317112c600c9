import { fail, runCommand } from './command';
import { GitHubIssues } from '../src/report/drift-issue/github';
import { keepIssue, readDrift } from '../src/report/drift-issue/keep';

const USAGE =
  'usage: npm run drift:issue   (after npm run drift; wants GITHUB_TOKEN, GITHUB_REPOSITORY and GITHUB_API_URL)';

runCommand(USAGE, async () => {
  if (process.argv.length > 2) fail(USAGE);
  const { drift, report } = readDrift('test-results');
  const repository = variable('GITHUB_REPOSITORY');
  const issues = new GitHubIssues(variable('GITHUB_API_URL'), repository, variable('GITHUB_TOKEN'));
  const { GITHUB_SERVER_URL: server, GITHUB_RUN_ID: id } = process.env;
  const run = server && id ? `${server}/${repository}/actions/runs/${id}` : undefined;
  console.log(await keepIssue(issues, drift, report, run));
});

function variable(name: string): string {
  return process.env[name] || fail(`${name} is not set; ${USAGE}`);
}
