import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { renderCtrf } from './ctrf';
import { renderJunit } from './junit';
import type { Statement } from './statement';
import { renderSummary } from './summary';

export const STATEMENT_FILE = 'conformance.json';
export const SUMMARY_FILE = 'summary.md';

/** Writes a file; what can't be written is told in one line and stops nothing. */
export class Artifacts {
  /** Files that could not be written, and why. */
  readonly failures = new Map<string, string>();

  constructor(readonly folder: string) {}

  pathOf(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, render: () => string): void {
    const path = this.pathOf(name);
    try {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, render());
      this.failures.delete(name);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      this.failures.set(name, code ?? message);
      // Half a report is worse than none.
      remove(path);
    }
  }

  /** The statement, and what is rendered from it. */
  writeAll(statement: Statement): void {
    // The most telling first, where space runs out.
    this.write(STATEMENT_FILE, () => jsonText(statement));
    this.write(SUMMARY_FILE, () => renderSummary(statement));
    this.write('junit.xml', () => renderJunit(statement));
    this.write('ctrf-report.json', () => jsonText(renderCtrf(statement)));
  }

  /** One line on what could not be written; undefined where all was. */
  failureText(): string | undefined {
    return this.failures.size === 0 ? undefined : `not written to ${this.folder}: ${listed(this.failures)}`;
  }
}

/** @param failures names of what could not be written, each with the code of its error */
export function listed(failures: ReadonlyMap<string, string>): string {
  const reasons = [...new Set(failures.values())].map(reasonText);
  return `${[...failures.keys()].join(', ')} (${reasons.join(', ')})`;
}

function jsonText(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

const REASONS: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'no permission',
  EPERM: 'no permission',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'a file has this name',
  EIO: 'the disk fails',
};

function reasonText(code: string): string {
  return REASONS[code] === undefined ? code : `${REASONS[code]}, ${code}`;
}

/** More than a block, so that a disk that is full says so. */
const PROBE_BYTES = 8192;

/**
 * Whether files can be written to a folder, which is made if need be.
 * @param what the folder is for, and what names another one
 * @returns one line on what is wrong; undefined where nothing is
 */
export function unwritable(folder: string, what: NamedFolder = OUTPUT_FOLDER): string | undefined {
  const problem = probeFolder(folder);
  return problem === undefined
    ? undefined
    : `${what.name} ${folder} can't be written to (${problem}); ${what.setBy === undefined ? 'free it' : `free it, or give another one with ${what.setBy}`}`;
}

interface NamedFolder {
  name: string;
  setBy?: string;
}

const OUTPUT_FOLDER: NamedFolder = { name: 'the output folder', setBy: '--output' };
export const DRIFT_FOLDER: NamedFolder = { name: 'the output folder' };
export const HTML_FOLDER: NamedFolder = {
  name: "the HTML report's folder",
  setBy: 'PLAYWRIGHT_HTML_OUTPUT_DIR',
};

function probeFolder(folder: string): string | undefined {
  const probe = join(folder, `.probe-${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(probe, Buffer.alloc(PROBE_BYTES, 0x20));
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return reasonText(code ?? message);
  } finally {
    remove(probe);
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It could not be made, and so need not go.
  }
}
