import { parseArgs } from 'node:util';
import { explain, namedBy, nearestNames } from '../src/report/explain';
import { writeRequirementsTable } from '../src/report/requirements-table';
import { fail, runCommand } from './command';

const USAGE =
  'usage: npm run explain -- NAME   (a requirement such as DENY-4, or the code of a finding such as still-pending; --readme writes the table of all requirements into README.md)';

runCommand(USAGE, () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { readme: { type: 'boolean' } },
  });
  const [name, ...more] = positionals;
  if (values.readme && name === undefined) {
    writeRequirementsTable();
    return;
  }
  if (name === undefined || more.length > 0 || values.readme) fail(USAGE);
  const named = namedBy(name);
  if (!named)
    fail(
      `${JSON.stringify(name)} is neither a requirement nor the code of a finding; near it: ${nearestNames(name).join(', ')}`,
    );
  process.stdout.write(`${explain(named)}\n`);
});
