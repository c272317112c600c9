import { parseArgs } from 'node:util';
import { Artifacts } from '../src/report/artifacts';
import { historyOf } from '../src/report/history';
import { mergeStatements } from '../src/report/merge';
import { Output } from '../src/report/output';
import { styleFor } from '../src/report/style';
import { renderStatement } from '../src/report/terminal';
import { EXIT_CODES } from '../src/report/verdict';
import { readPrevious } from '../src/run/previous-file';
import { readShards } from '../src/run/shards';
import { fail, runCommand } from './command';

const USAGE =
  'usage: npm run contract:merge -- FOLDER… [--output FOLDER]   (folders or files with the conformance.json of each shard; writes one statement, summary.md, junit.xml and ctrf-report.json to --output, test-results by default; PREVIOUS is read as by a run)';

runCommand(USAGE, () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { output: { type: 'string', default: 'test-results' } },
  });
  if (positionals.length === 0) fail(USAGE);
  const merged = mergeStatements(readShards(positionals));
  const { PREVIOUS } = process.env;
  const statement =
    PREVIOUS === undefined ? merged : { ...merged, history: historyOf(readPrevious(PREVIOUS), merged) };
  const artifacts = new Artifacts(values.output);
  artifacts.writeAll(statement);
  const output = new Output(process.stdout);
  output.write(renderStatement(statement, styleFor({ colours: output.hasColours(), width: output.width })));
  const failure = artifacts.failureText();
  if (failure !== undefined) fail(failure);
  process.exitCode = EXIT_CODES[statement.verdict];
});
