import { basename, dirname } from 'node:path';
import type { FullConfig } from '@playwright/test/reporter';
import { listed } from './artifacts';

/** How Node.js begins the message of an error of the file system. */
const FILE_ERROR = /^(E[A-Z]{2,}): /;
/** Reporters of Playwright that write no files. */
const PRINTING = ['list', 'line', 'dot', 'null', 'github'];

/** The reports of the reporters that the user asks for, and which of them could not be written. */
export class OtherReports {
  private readonly reporters: string[];
  private isWriting = false;
  /** Names of reports, each with the code of its error. */
  private readonly unwritten = new Map<string, string>();

  constructor(reporters: FullConfig['reporter']) {
    this.reporters = reporters.flatMap(([name]) => (isOwnOrPrints(name) ? [] : [basename(name)]));
  }

  get areUnwritten(): boolean {
    return this.unwritten.size > 0;
  }

  /** All tests have ended, and the reporters write. */
  begin(): void {
    this.isWriting = true;
  }

  /** @returns whether an error of Playwright says that a report could not be written */
  noteError(message: string): boolean {
    const code = this.isWriting ? FILE_ERROR.exec(message)?.[1] : undefined;
    if (code === undefined) return false;
    // The error does not say whose it is.
    this.unwritten.set(this.reporters.join(' or '), code);
    return true;
  }

  /** One line on what could not be written; undefined where all was. */
  failureText(): string | undefined {
    return this.areUnwritten ? `not written whole: the report of ${listed(this.unwritten)}` : undefined;
  }
}

function isOwnOrPrints(reporter: string): boolean {
  return PRINTING.includes(reporter) || dirname(reporter) === __dirname;
}
