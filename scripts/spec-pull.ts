import { parseArgs } from 'node:util';
import { pull } from '../src/run/pull-command';
import { fail, runCommand } from './command';

const USAGE =
  'usage: npm run spec:pull -- SOURCE [--date YYYY-MM-DD] [--accept-breaking]   (SOURCE: a file or URL; JSON, YAML or a documentation page)';

runCommand(USAGE, async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { date: { type: 'string' }, 'accept-breaking': { type: 'boolean' } },
  });
  const [source, ...more] = positionals;
  if (source === undefined || more.length > 0) fail(USAGE);
  const date = values.date ?? new Date().toISOString().slice(0, 10);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(Date.parse(date)))
    fail(`--date ${date}: must be a day of the form YYYY-MM-DD`);
  const { output, problem } = await pull(source, {
    date,
    acceptBreaking: values['accept-breaking'] ?? false,
  });
  process.stdout.write(output);
  if (!problem) return;
  console.error(problem.message);
  process.exitCode = problem.exitCode;
});
