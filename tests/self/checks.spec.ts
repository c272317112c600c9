import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { SLOW } from './slow';

/*
 * What has to be clean before anything is tested is checked beside the tests: that takes less time than one after the other.
 */
for (const script of ['types', 'lint']) {
  test(`npm run ${script} reports nothing`, SLOW, async () => {
    const said = await new Promise<string>((resolve) => {
      execFile('npm', ['run', '-s', script], { cwd: join(__dirname, '..', '..') }, (error, stdout, stderr) =>
        resolve(error ? `${stdout}${stderr}` || error.message : ''),
      );
    });
    expect(said).toBe('');
  });
}
