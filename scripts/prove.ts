import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { VARIANT_VARIABLE } from '../src/run/environment-variables';
import { nearestVariants, variantNamed } from '../src/stand-in/variants';
import { fail, runCommand } from './command';

const USAGE =
  'usage: npm run prove -- NAME…   (runs the contract tests against variants of the stand-in, and compares what they find with what each declares)';
const CLI = join(__dirname, '..', 'node_modules', '@playwright', 'test', 'cli.js');

runCommand(USAGE, () => {
  const { positionals: names } = parseArgs({ allowPositionals: true });
  if (names.length === 0) fail(USAGE);
  const unknown = names.find((name) => !variantNamed(name));
  if (unknown !== undefined)
    fail(
      `there is no variant ${JSON.stringify(unknown)}; near it: ${nearestVariants(unknown).join(', ')} (npm run stand-in -- --list)`,
    );
  const args = [CLI, 'test', '--project=self', '--workers=1', '--reporter=list', 'tests/self/variants-'];
  const env = { ...process.env, [VARIANT_VARIABLE]: names.join(',') };
  const child = spawn(process.execPath, args, { stdio: 'inherit', env });
  child.on('exit', (code) => (process.exitCode = code ?? 1));
});
