import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { historyOf, type PreviousStatement } from '../../src/report/history';
import { changeText } from '../../src/report/history-text';
import { stateNothing } from '../../src/report/no-run';
import type { Statement } from '../../src/report/statement';
import { readPrevious } from '../../src/run/previous-file';
import { temporaryFolder } from './temporary-folder';

const TARGET = 'https://api.example.com/api/';

/** A run of one night, of which only DENY-1, DENY-2 and POLL-1 count; "-": it was not judged. */
function night(day: number, found: string[], unjudged: string[] = []): Statement {
  const statement = stateNothing([], false);
  const finding = (name: string): Statement['requirements'][number]['findings'][number] => {
    const [requirement = '', code = ''] = name.split('/');
    return {
      code: code as never,
      class: 'violation',
      message: '',
      seen: 1,
      of: 1,
      among: 'denials',
      states: [],
      accepted: false,
      source: '',
      entry: { requirement: requirement as never, code: code as never, reason: '', owner: '', expires: '' },
    };
  };
  return {
    ...statement,
    verdict: found.length > 0 ? 'deviates' : 'conforms',
    target: { kind: 'remote', url: TARGET },
    startedAt: `2026-11-${String(day).padStart(2, '0')}T02:00:00.000Z`,
    requirements: statement.requirements.map(({ id, topic, level, title, source, durationMs }) => {
      const one = { id, topic, level, title, source, durationMs };
      const findings = found.filter((name) => name.startsWith(`${one.id}/`)).map(finding);
      const outcome = unjudged.includes(one.id) ? 'not-judged' : findings.length > 0 ? 'fail' : 'pass';
      return { ...one, outcome, findings };
    }),
  };
}

function folderOf(statements: (PreviousStatement | string)[]): string {
  const folder = temporaryFolder();
  statements.forEach((statement, i) => {
    const below = join(folder, `run-${(i * 7) % 10}`, 'artifact');
    mkdirSync(below, { recursive: true });
    const text = typeof statement === 'string' ? statement : JSON.stringify(statement);
    writeFileSync(join(below, `statement-${i}.json`), text);
  });
  return folder;
}

test('fourteen nights in a folder: new, still, gone, not judged, flaky', () => {
  const nights = Array.from({ length: 14 }, (_, i) => {
    const day = i + 1;
    return night(
      day,
      [
        // From the tenth night on.
        ...(day >= 10 ? ['DENY-1/status'] : []),
        // Every third night.
        ...(day % 3 === 0 ? ['DENY-2/still-pending'] : []),
        // Until the last one, and found but not judged on the fifth.
        ...(day !== 5 ? ['POLL-1/not-pending'] : []),
        ...(day === 14 ? ['POLL-6/not-expired'] : []),
        // Went long ago.
        ...(day === 1 ? ['POLL-3/not-404'] : []),
      ],
      day === 5 ? ['POLL-1'] : [],
    );
  });
  const other = {
    ...night(13, ['DENY-3/schema']),
    target: { kind: 'remote', url: 'https://other.example.com/' },
  };
  const previous = readPrevious(
    folderOf([
      ...nights.reverse(),
      other,
      // A copy, another report, and files that should be statements.
      nights[3] as Statement,
      '{"results":{}}',
      '{"verdict":"conforms","requirements":[]}',
      '{"verdict":',
    ]),
  );
  const now = night(15, ['DENY-1/status', 'REJECT-1/accepted', 'DENY-2/still-pending'], ['POLL-6']);
  const history = historyOf(previous, now);
  expect(history).toMatchObject({
    runs: 14,
    first: '2026-11-01T02:00:00.000Z',
    last: '2026-11-14T02:00:00.000Z',
    lastVerdict: 'deviates',
  });
  expect(history.unreadable).toEqual([
    expect.stringMatching(/^run-6\/.*\.json is not JSON$/),
    expect.stringMatching(/^run-9\/.*\.json is not a whole conformance statement$/),
  ]);
  const of = (requirement: string): object | undefined =>
    history.findings.find((one) => one.requirement === requirement);
  expect(history.findings).toHaveLength(5);
  expect(of('DENY-1')).toMatchObject({
    change: 'still',
    flaky: false,
    since: '2026-11-10T02:00:00.000Z',
    foundIn: 5,
    of: 14,
  });
  expect(of('DENY-2')).toMatchObject({ change: 'new', flaky: true, foundIn: 4, of: 14 });
  expect(of('POLL-1')).toMatchObject({ change: 'gone', flaky: false, foundIn: 13, of: 13 });
  expect(of('POLL-6')).toMatchObject({ change: 'unknown', flaky: false });
  expect(of('REJECT-1')).toMatchObject({ change: 'new', flaky: false, foundIn: 0, of: 14 });
  const [line] = changeText(history);
  expect(line).toMatch(
    /^since 14 runs, the last of 2026-11-14T02:00:00.000Z \(deviates\): 2 new .*1 gone \(POLL-1 not-pending\).*1 flaky/,
  );
});

test('the statements of an older version are compared with, too', () => {
  const old = { ...night(1, ['DENY-1/status']), schemaVersion: undefined, latency: undefined };
  const text = JSON.stringify(old).replaceAll('"expected"', '"wanted"').replaceAll('"actual"', '"got"');
  const previous = readPrevious(folderOf([`\ufeff${text}`]));
  expect(historyOf(previous, night(2, ['DENY-1/status'])).findings).toEqual([
    expect.objectContaining({ requirement: 'DENY-1', change: 'still', foundIn: 1, of: 1 }),
  ]);
});

test('the first night has an empty folder; a folder without a readable statement is an error', () => {
  expect(historyOf(readPrevious(folderOf([])), night(1, ['DENY-1/status']))).toMatchObject({
    runs: 0,
    findings: [{ requirement: 'DENY-1', change: 'new', foundIn: 0, of: 0 }],
  });
  expect(() => readPrevious(folderOf(['{"verdict":', 'null']))).toThrow(
    expect.objectContaining({
      lines: [
        expect.stringMatching(/^PREVIOUS .*: none of its 1 statements can be read: run-0.* is not JSON/),
      ],
    }),
  );
});
