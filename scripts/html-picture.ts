import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { drawReport, runAgainst } from '../src/run/html-picture';
import { fail, runCommand } from './command';

const USAGE =
  'usage: npm run picture -- [--variant NAME] [--output FILE]   (runs the contract against a faulty stand-in and takes a picture of a finding in the HTML report, docs/html-report.png by default; needs Chromium: CHROMIUM_PATH, or /usr/bin/chromium)';

runCommand(USAGE, async () => {
  const { values } = parseArgs({
    options: {
      variant: { type: 'string', default: 'denial-204' },
      output: { type: 'string', default: join(__dirname, '..', 'docs', 'html-report.png') },
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'html-report-'));
  try {
    const report = await runAgainst(values.variant, folder);
    if (report === undefined) fail(`--variant ${values.variant}: no such variant, or it failed no test`);
    await drawReport(pathToFileURL(report), values.output);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
