import { parseArgs } from 'node:util';
import { explain, namedBy, nearestNames, retiredNamed } from '../src/report/explain';
import { listRequirements } from '../src/report/requirements-list';
import { fail, runCommand } from './command';

const USAGE =
  'usage: npm run explain [-- NAME]   (a requirement such as DENY-4, or the code of a finding such as still-pending; without a name all requirements are listed)';

runCommand(USAGE, () => {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [name, ...more] = positionals;
  if (more.length > 0) fail(USAGE);
  const retired = name === undefined ? undefined : retiredNamed(name);
  if (retired !== undefined) return void process.stdout.write(`${retired}\n`);
  const named = name === undefined ? undefined : namedBy(name);
  if (name !== undefined && !named)
    fail(
      `${JSON.stringify(name)} is neither a requirement nor the code of a finding; near it: ${nearestNames(name).join(', ')}`,
    );
  process.stdout.write(`${named ? explain(named) : listRequirements()}\n`);
});
