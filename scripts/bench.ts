import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchTable } from '../src/run/bench/bench-table';
import { measure } from '../src/run/bench/measure';
import { fail, runCommand } from './command';

const USAGE =
  'usage: npm run bench -- [--rounds N]   (compares contract runs with bare ones on this machine, against the budgets; writes test-results/bench.md)';
const RESULTS = join(__dirname, '..', 'test-results');

runCommand(USAGE, async () => {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    fail(`--rounds ${values.rounds}: must be a whole number of at least 1`);
  const measured = await measure(rounds, (round) => console.error(`round ${round} of ${rounds}`));
  const table = benchTable(measured);
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(join(RESULTS, 'bench.md'), table);
  console.log(table);
});
