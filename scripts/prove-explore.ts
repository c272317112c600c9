import { parseArgs } from 'node:util';
import { proveExploration } from '../src/run/prove-exploration';
import { VARIANTS } from '../src/stand-in/variants';
import { HISTORY } from '../src/stand-in/variants/history';
import { fail, runCommand } from './command';

const USAGE =
  'usage: npm run prove:explore -- [--seeds N] [--benign] [NAME]   (explores variants of the stand-in: faults that only a history shows must be found by nine of ten seeds; with --benign those that keep the contract, in which nothing must be found)';

runCommand(USAGE, async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seeds: { type: 'string', default: '10' }, benign: { type: 'boolean' } },
  });
  const seeds = Number(values.seeds);
  if (!Number.isInteger(seeds) || seeds < 1)
    fail(`--seeds ${values.seeds}: must be a whole number of at least 1`);
  const [name, ...more] = positionals;
  if (more.length > 0) fail(USAGE);
  const all = values.benign ? VARIANTS.filter(({ kind }) => kind === 'benign') : HISTORY;
  const chosen = name === undefined ? all : all.filter((variant) => variant.name === name);
  if (chosen.length === 0) fail(`there is no such variant: ${name}; npm run stand-in -- --list shows all`);
  for (const variant of chosen) {
    const { row, problem } = await proveExploration(variant, seeds);
    console.log(problem === undefined ? row : `${row}  ${problem}`);
    if (problem !== undefined) process.exitCode = 1;
  }
});
