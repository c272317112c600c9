import { statSync } from 'node:fs';
import { isStatement } from '../report/history';
import { SCHEMA_VERSION, type Statement } from '../report/statement';
import { jsonFilesIn } from './json-files';
import { readSmallFile, UnreadableFile } from './small-file';

/**
 * The statements of shards, from files and folders; other JSON files in the folders are passed over.
 * @throws UnreadableFile, also for a statement of another version
 */
export function readShards(paths: readonly string[]): Statement[] {
  return paths.flatMap((path) => {
    const found = filesOf(path).flatMap((file) => statementIn(file) ?? []);
    if (found.length === 0) throw new UnreadableFile(`${path}: there is no conformance statement`);
    return found;
  });
}

function filesOf(path: string): string[] {
  try {
    return statSync(path).isFile() ? [path] : jsonFilesIn(path);
  } catch (error) {
    const reason = error instanceof UnreadableFile ? error.message : 'no such file or folder';
    throw new UnreadableFile(`${path}: ${reason}`);
  }
}

function statementIn(file: string): Statement | undefined {
  let value: unknown;
  try {
    value = JSON.parse(readSmallFile(file));
  } catch (error) {
    // Another report may be larger than any statement.
    if (!file.endsWith('conformance.json')) return undefined;
    throw new UnreadableFile(`${file}: ${error instanceof UnreadableFile ? error.message : 'is not JSON'}`);
  }
  if (!isStatement(value)) return undefined;
  const { schemaVersion = 1 } = value as { schemaVersion?: unknown };
  if (schemaVersion !== SCHEMA_VERSION)
    throw new UnreadableFile(
      `${file}: is a statement of version ${String(schemaVersion)}, and only those of version ${SCHEMA_VERSION} can be merged; run the shard again`,
    );
  return value as unknown as Statement;
}
