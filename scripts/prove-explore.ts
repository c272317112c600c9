import { parseArgs } from 'node:util';
import { exploreVariant } from '../src/run/explore-variant';
import { BENIGN } from '../src/stand-in/variants/benign';
import { HISTORY } from '../src/stand-in/variants/history';
import { fail, runCommand } from './command';

const USAGE =
  'usage: npm run prove:explore -- [--benign] [--seeds N] [NAME]   (explores the faults of histories, or the benign variants, with N seeds: 10 unless it says otherwise)';

runCommand(USAGE, async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { benign: { type: 'boolean' }, seeds: { type: 'string', default: '10' } },
  });
  const [name, ...more] = positionals;
  const seeds = Number(values.seeds);
  const variants = (values.benign ? BENIGN : HISTORY).filter(
    (one) => name === undefined || one.name === name,
  );
  if (more.length > 0 || !Number.isInteger(seeds) || seeds < 1) fail(USAGE);
  if (variants.length === 0) fail(`there is no such variant: ${name}`);
  for (const variant of variants) {
    const declared: readonly string[] = variant.findings ?? [];
    let [found, others] = [0, new Set<string>()];
    for (let seed = 1; seed <= seeds; seed++) {
      const { findings } = await exploreVariant(variant, seed);
      if (findings.some((one) => declared.includes(one))) found++;
      others = new Set([...others, ...findings.filter((one) => !declared.includes(one))]);
    }
    const isProven = values.benign ? others.size === 0 : found >= 0.9 * seeds && others.size === 0;
    if (!isProven) process.exitCode = 1;
    console.log(
      `${isProven ? '✓' : '✗'} ${variant.name.padEnd(40)} ${declared.join(', ') || '-'}: ${found} of ${seeds} seeds${others.size > 0 ? `; also ${[...others].join(', ')}` : ''}`,
    );
  }
});
