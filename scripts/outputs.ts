import { readFileSync } from 'node:fs';
import { outputsOf } from '../src/report/outputs';
import { fail, runCommand } from './command';

const USAGE = 'usage: tsx scripts/outputs.ts STATEMENT   (a conformance.json; prints NAME=VALUE lines)';

runCommand(USAGE, () => {
  const [path, ...more] = process.argv.slice(2);
  if (path === undefined || more.length > 0) fail(USAGE);
  try {
    for (const [name, value] of Object.entries(outputsOf(readFileSync(path, 'utf8'))))
      console.log(`${name}=${value}`);
  } catch (error) {
    fail(`${path}: ${(error as Error).message}`);
  }
});
