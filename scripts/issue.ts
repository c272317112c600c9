import { parseArgs } from 'node:util';
import { readDrift } from '../src/report/issue/drift';
import { GhIssues, WORKFLOW_ACCOUNT } from '../src/report/issue/gh';
import { keepIssue } from '../src/report/issue/keep-issue';
import { readNightly } from '../src/report/issue/nightly';
import { fail, runCommand } from './command';

const USAGE =
  'usage: npm run issue -- --kind drift|nightly [--target NAME] [--run URL] [--account LOGIN]   (after npm run drift or npm run contract; over gh, with GH_TOKEN and GH_REPO)';
const RESULTS = 'test-results';

runCommand(USAGE, async () => {
  const { values } = parseArgs({
    options: {
      kind: { type: 'string' },
      target: { type: 'string' },
      run: { type: 'string' },
      account: { type: 'string', default: WORKFLOW_ACCOUNT },
    },
  });
  const { kind, target = kind === 'drift' ? 'document' : '', run, account } = values;
  if (kind !== 'drift' && kind !== 'nightly') fail(`--kind must be drift or nightly; ${USAGE}`);
  if (!/^[\w.-]{1,60}$/.test(target))
    fail(`--target ${JSON.stringify(target)}: must be up to 60 letters, digits, dots, hyphens, underscores`);
  if (run !== undefined && !/^https?:\/\/[^\s()<>]+$/.test(run)) fail(`--run ${run}: must be an http(s) URL`);
  const report = kind === 'drift' ? readDrift(RESULTS) : readNightly(RESULTS, target);
  console.log(await keepIssue(new GhIssues(account), { kind, target }, report, run));
});
