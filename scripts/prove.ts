import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { VARIANT_VARIABLE } from '../src/run/environment-variables';
import { nearestVariants, variantNamed } from '../src/stand-in/variants';
import { fail, runCommand } from './command';

const USAGE =
  'usage: npm run prove -- NAME   (runs the contract tests against one variant of the stand-in, and compares what they find with what it declares)';
const CLI = join(__dirname, '..', 'node_modules', '@playwright', 'test', 'cli.js');

runCommand(USAGE, () => {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) fail(USAGE);
  const variant = variantNamed(name);
  if (!variant)
    fail(
      `there is no variant ${JSON.stringify(name)}; near it: ${nearestVariants(name).join(', ')} (npm run stand-in -- --list)`,
    );
  const args = [CLI, 'test', '--project=self', '--workers=1', '--reporter=list', 'tests/self/variants-'];
  const env = { ...process.env, [VARIANT_VARIABLE]: name };
  const child = spawn(process.execPath, args, { stdio: 'inherit', env });
  child.on('exit', (code) => (process.exitCode = code ?? 1));
});
