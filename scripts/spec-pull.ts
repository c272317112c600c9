import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { PIN_PATH, pinFrom, readPin, writePin } from '../schemas/pin';
import { readSource, UnreadableSource } from '../schemas/source';
import { fail, runCommand } from './command';

const USAGE =
  'usage: npm run spec:pull -- SOURCE [--date YYYY-MM-DD]   (SOURCE: a file or URL; JSON, YAML or a documentation page)';

runCommand(USAGE, async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { date: { type: 'string' } },
  });
  const [source, ...more] = positionals;
  if (source === undefined || more.length > 0) fail(USAGE);
  const date = values.date ?? new Date().toISOString().slice(0, 10);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(Date.parse(date)))
    fail(`--date ${date}: not a day of the form YYYY-MM-DD`);
  try {
    const read = await readSource(source);
    const pin = pinFrom(read, date, existsSync(PIN_PATH) ? readPin() : undefined);
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
