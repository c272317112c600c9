import { parseArgs } from 'node:util';
import { renderStatement } from '../src/report/terminal';
import { EXIT_CODES } from '../src/report/verdict';
import { loadDotenv } from '../src/run/dotenv';
import { readEnvironment } from '../src/run/environment';
import { rejudgeFile } from '../src/run/rejudge-command';
import { fail, runCommand } from './command';

const USAGE =
  "usage: npm run rejudge -- RECORDING [--spec SOURCE] [--json]   (RECORDING: the exchanges.har of a contract run, or a HAR file of a browser's developer tools or a proxy)";

runCommand(USAGE, async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { spec: { type: 'string' }, json: { type: 'boolean' } },
  });
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) fail(USAGE);
  loadDotenv();
  const { statement, notes } = await rejudgeFile(path, values.spec, readEnvironment());
  for (const note of notes) console.error(note);
  process.stdout.write(
    values.json ? `${JSON.stringify(statement, undefined, 2)}\n` : renderStatement(statement),
  );
  process.exitCode = EXIT_CODES[statement.verdict];
});
