import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let parent: string | undefined;

/** Path of a new, empty folder outside of the checkout, which goes when the worker ends. */
export function temporaryFolder(): string {
  parent ??= removedAtExit(mkdtempSync(join(tmpdir(), 'session-contract-')));
  return mkdtempSync(join(parent, 'test-'));
}

function removedAtExit(folder: string): string {
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
