import { parseArgs } from 'node:util';
import { loadDotenv } from '../src/run/dotenv';
import { readEnvironment } from '../src/run/environment';
import { KnownDeviations } from '../src/judging/known-deviations';
import { readRecording, rejudge } from '../src/report/recording';
import { FindingsCollector } from '../src/judging/collector';
import { statementOf } from '../src/report/statement-of';
import { renderStatement } from '../src/report/terminal';
import { EXIT_CODES } from '../src/report/verdict';
import { Contract } from '../src/contract/contract';
import { readPin } from '../src/contract/pin';
import { readSource } from '../src/openapi/source';
import { fail, runCommand } from './command';
import { pinFrom } from '../src/openapi/pull';

const USAGE =
  'usage: npm run rejudge -- RECORDING [--spec SOURCE] [--json]   (RECORDING: the exchanges.har of a contract run)';

runCommand(USAGE, async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { spec: { type: 'string' }, json: { type: 'boolean' } },
  });
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) fail(USAGE);
  loadDotenv();
  const { settings, known } = readEnvironment();
  const today = new Date().toISOString().slice(0, 10);
  const pin =
    values.spec === undefined ? readPin() : pinFrom(await readSource(values.spec), today, readPin());
  const recording = readRecording(path);
  const url = recording.exchanges[0]?.base ?? '';
  const accepted = new KnownDeviations(known, URL.canParse(url) ? new URL(url).host : '', today);
  const collector = new FindingsCollector(accepted, settings.drift === 'fail');
  rejudge(recording, new Contract(pin, values.spec === undefined), collector);
  const statement = statementOf({
    target: { kind: 'remote', url },
    pin,
    startedAt: new Date(recording.exchanges[0]?.startedAt ?? Date.now()),
    requests: recording.exchanges.length,
    rateLimited: 0,
    driftFails: settings.drift === 'fail',
    results: collector.results(),
    selected: collector.expected,
    left: { created: 0, denied: 0, leftBehind: 0, sessions: [] },
    outage: undefined,
    required: settings.require,
    errors: accepted
      .errors((id) => collector.wasJudged(id))
      .map((message) => ({ kind: 'misconfigured', message })),
    exchanges: recording.exchanges,
    journal: { ...recording, providerSteps: [], settleMs: settings.settleMs },
  });
  process.stdout.write(
    values.json ? `${JSON.stringify(statement, undefined, 2)}\n` : renderStatement(statement),
  );
  process.exitCode = EXIT_CODES[statement.verdict];
});
