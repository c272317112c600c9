import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { VARIANT_VARIABLE } from '../src/run/environment-variables';
import { nearestVariants, variantNamed, VARIANTS } from '../src/stand-in/variants';
import { fail, runCommand } from './command';

const USAGE =
  "usage: npm run prove -- NAME…   (runs the contract tests against the plain stand-in and these variants of it, and compares what they find with what each declares; in a name, * stands for anything: 'poll-*')";
const CLI = join(__dirname, '..', 'node_modules', '@playwright', 'test', 'cli.js');
const SKIP_REASONS = join(__dirname, '..', 'src', 'report', 'skip-reasons.ts');

function namesLike(pattern: string): string[] {
  const words = pattern.split('*').map((word) => word.replace(/[^\w\s-]/g, '\\$&'));
  const likeIt = new RegExp(`^${words.join('.*')}$`);
  const found = VARIANTS.map(({ name }) => name).filter((name) => likeIt.test(name));
  if (found.length > 0) return found;
  if (variantNamed(pattern))
    return fail(
      `${pattern} is for explore, the contract tests need not find it: npm run prove:explore -- ${pattern}`,
    );
  return fail(
    `there is no variant ${JSON.stringify(pattern)}; near it: ${nearestVariants(pattern).join(', ')} (npm run stand-in -- --list)`,
  );
}

runCommand(USAGE, () => {
  const { positionals: patterns } = parseArgs({ allowPositionals: true });
  if (patterns.length === 0) fail(USAGE);
  // The plain one shows what the others share: the number of requests, and that all is judged.
  const names = new Set(['plain', ...patterns.flatMap(namesLike)]);
  const args = [
    CLI,
    'test',
    '--project=self',
    '--project=self-slow',
    '--workers=1',
    `--reporter=list,${SKIP_REASONS}`,
    'tests/self/variants-',
  ];
  const env = { ...process.env, [VARIANT_VARIABLE]: [...names].join(',') };
  const child = spawn(process.execPath, args, { stdio: 'inherit', env });
  child.on('exit', (code) => (process.exitCode = code ?? 1));
});
