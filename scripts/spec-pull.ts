import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { renderComparison } from '../src/report/drift-report';
import { compareHere } from '../src/openapi/diff/compare';
import { PIN_PATH, readPin } from '../src/contract/pin';
import { readSource } from '../src/openapi/source';
import { UnreadableSource } from '../src/contract/unreadable-source';
import { fail, runCommand } from './command';
import { pinFrom, writePin } from '../src/openapi/pull';

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
    fail(`--date ${date}: not a day of the form YYYY-MM-DD`);
  try {
    const read = await readSource(source);
    const former = existsSync(PIN_PATH) ? readPin() : undefined;
    const pin = pinFrom(read, date, former);
    if (former) {
      const comparison = await compareHere({
        before: { document: former, form: 'json', name: 'the pin' },
        after: read,
      });
      if (comparison.error !== undefined) throw new UnreadableSource(comparison.error);
      process.stdout.write(renderComparison(comparison, 'the pin', read.name));
      if (comparison.verdict === 'breaking' && !values['accept-breaking']) {
        console.error(
          `${read.name} breaks what is pinned; the pin is untouched; --accept-breaking pins it all the same`,
        );
        process.exitCode = 1;
        return;
      }
    }
    writePin(pin);
    const shown = pin['x-origin'].at(-1)?.operations.join(', ');
    console.log(
      `pinned ${shown} from ${read.name} (${read.form}, ${date}, sha256 ${read.sha256.slice(0, 12)}…)`,
    );
  } catch (error) {
    if (error instanceof UnreadableSource) fail(`${error.message}; the pin is untouched`);
    throw error;
  }
});
