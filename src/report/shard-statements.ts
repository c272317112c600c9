import { readFileSync } from 'node:fs';
import type { TestResult } from '@playwright/test/reporter';
import { STATEMENT_FILE } from './artifacts';
import { mergeStatements } from './merge';
import type { Statement } from './statement';

/** The statements of shards, each of which is attached to a test in the blob report of its shard. */
export class ShardStatements {
  private readonly paths: string[] = [];

  take({ attachments }: TestResult): void {
    this.paths.push(
      ...attachments.flatMap(({ name, path }) => (name === STATEMENT_FILE ? (path ?? []) : [])),
    );
  }

  /** The statement of all shards; undefined where none has one. */
  merged(): Statement | undefined {
    if (this.paths.length === 0) return undefined;
    return mergeStatements(this.paths.map((path) => JSON.parse(readFileSync(path, 'utf8')) as Statement));
  }
}
