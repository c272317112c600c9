import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { boundedFinding } from '../../src/report/bounded';
import { findingName, historyOf } from '../../src/report/history';
import { readPrevious } from '../../src/run/previous-file';
import { stateNothing } from '../../src/report/no-run';
import { StandIn } from '../../src/stand-in/server';
import type { Variant } from '../../src/stand-in/variant';
import { variantNamed } from '../../src/stand-in/variants/index';
import type { StatedFinding, Statement } from '../../src/report/statement';
import { shownTransitions, stateDiagram, TRANSITIONS } from '../../src/report/session-states';
import { code, renderSummary } from '../../src/report/summary';
import { renderStatement } from '../../src/report/terminal';
import { CODES } from '../../src/catalogue/codes';
import { requirement, type RequirementId } from '../../src/catalogue/requirements';
import { runContract } from './command';
import { SLOW } from './slow';
import { temporaryFolder } from './temporary-folder';

test.describe.configure({ mode: 'parallel' });

function finding(requirement: RequirementId, rest: Partial<StatedFinding> = {}): StatedFinding {
  const found = {
    code: 'status',
    class: 'violation',
    message: 'another status',
    expected: 'status 200',
    actual: 'status 204',
    seen: 2,
    of: 2,
    among: 'denials of pending sessions',
    states: ['pending'],
    accepted: false,
    source: '/paths',
  } as const;
  const entry = { requirement, code: 'status', reason: '', owner: '', expires: '' } as const;
  return { ...found, states: [...found.states], entry, ...rest };
}

/** A statement in which all requirements are kept but those given. */
function statementWith(
  changes: Partial<Record<RequirementId, Partial<Statement['requirements'][number]>>>,
): Statement {
  const statement = stateNothing([], false);
  return {
    ...statement,
    verdict: 'deviates',
    target: { kind: 'remote', url: 'https://api.example.com/api/' },
    requirements: statement.requirements.map(({ id, topic, durationMs, level, title, source }) => ({
      id,
      topic,
      durationMs,
      level,
      title,
      source,
      findings: [],
      outcome: 'pass',
      ...changes[id],
    })),
  };
}

function failing(requirement: RequirementId, ...rest: Partial<StatedFinding>[]): object {
  return { outcome: 'fail', findings: rest.map((one) => finding(requirement, one)) };
}

/** The cells of a row of a GFM table: bars end cells unless they are escaped. */
function cellsOf(row: string): string[] {
  return row
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.replaceAll(String.raw`\|`, '|').trim());
}

test('whatever a target says stands in one cell, as a code span', () => {
  const actual = 'a | b `c` ``d`` \r\n<script>alert(1)</script> @someone $x$ **bold** \u0000';
  const curl = `curl -d '{"a":"\`|\`"}' | jq -r .sessionId\ncurl -i`;
  const statement = statementWith({ 'DENY-1': failing('DENY-1', { actual, curl, pointer: '/a|b' }) });
  const rows = renderSummary(statement)
    .split('\n')
    .filter((line) => line.startsWith('| '));
  expect(rows).toHaveLength(3);
  const cells = cellsOf(rows[2] ?? '');
  expect(cells).toHaveLength(5);
  expect(cells[0]).toContain('`/a|b`');
  expect(cells[2]).toContain(
    '``` a | b `c` ``d`` ␍␊<script>alert(1)</script> @someone $x$ **bold** ␀ ```'
      .replace('``` a', '```a')
      .replace('␀ ```', '␀```'),
  );
  expect(cells[4]).toBe('``curl -d \'{"a":"`|`"}\' | jq -r .sessionId␊curl -i``');
});

test('a code span begins and ends with its text', () => {
  expect(code('a')).toBe('`a`');
  expect(code('`a`')).toBe('`` `a` ``');
  expect(code(' a ')).toBe('`  a  `');
  expect(code('')).toBe('(nothing)');
});

test('a transition is broken by what breaks it, and judged only by what shows it', () => {
  const shownBy = (statement: Statement): Record<string, string> =>
    Object.fromEntries(
      shownTransitions(statement.requirements).map(({ from, to, shown }) => [`${from} to ${to}`, shown]),
    );
  const kept = Object.fromEntries(TRANSITIONS.map(({ from, to }) => [`${from} to ${to}`, 'kept']));
  expect(shownBy(statementWith({}))).toEqual(kept);
  expect(shownBy(statementWith({ 'DENY-1': failing('DENY-1', {}) }))).toEqual({
    ...kept,
    'pending to denied': 'broken',
  });
  // One requirement, two transitions: only the one that it was seen in.
  expect(shownBy(statementWith({ 'REJECT-8': failing('REJECT-8', { states: ['expired'] }) }))).toEqual({
    ...kept,
    'expired to expired': 'broken',
  });
  expect(shownBy(statementWith({ 'REJECT-8': failing('REJECT-8', { states: ['denied'] }) }))).toEqual({
    ...kept,
    'denied to denied': 'broken',
  });
  expect(shownBy(statementWith({ 'REJECT-4': { outcome: 'not-judged', reason: 'why' } }))).toEqual({
    ...kept,
    'expired to expired': 'not judged',
  });
  expect(
    shownBy(statementWith({ 'REJECT-1': { outcome: 'known', findings: [finding('REJECT-1')] } })),
  ).toEqual({ ...kept, 'unknown to unknown': 'accepted' });
});

test('the diagram colours each transition once', () => {
  const diagram = stateDiagram(statementWith({ 'DENY-2': failing('DENY-2', {}) }).requirements);
  expect(diagram).toMatch(/^stateDiagram-v2\n/);
  for (const [i, { shown }] of shownTransitions(
    statementWith({ 'DENY-2': failing('DENY-2', {}) }).requirements,
  ).entries())
    expect(diagram).toContain(`\n  class t${i + 1} ${shown}`);
  expect(diagram).toContain('class t3 broken');
});

test('the terminal and the summary name the same requirements as judged in part, whatever blocked the rest', () => {
  const blocked = { reason: 'blocked by DENY-1/status: status 204', blockedBy: 'DENY-1/status' } as const;
  const unset = { reason: 'set WAIT_FOR_EXPIRY_MS', cause: 'setting' } as const;
  const statement = statementWith({
    'DENY-1': { ...failing('DENY-1', {}), ...blocked },
    'REJECT-2': blocked,
    'REJECT-4': { ...failing('REJECT-4', {}), ...unset },
    'POLL-6': unset,
  });
  const inPart = (text: string): string[] =>
    text.split('\n').flatMap((line) => line.split('judged in part: ')[1]?.replaceAll('`', '') ?? []);
  expect(inPart(renderStatement(statement))).toEqual([
    'DENY-1, REJECT-2: blocked by DENY-1',
    'REJECT-4, POLL-6: set WAIT_FOR_EXPIRY_MS',
  ]);
  expect(inPart(renderSummary(statement))).toEqual(inPart(renderStatement(statement)));
});

test('two runs are compared by requirement, code and pointer', () => {
  const before = statementWith({
    'DENY-1': failing('DENY-1', {}),
    'DENY-3': failing('DENY-3', { code: 'schema', pointer: '/success' }),
    'REJECT-1': failing('REJECT-1', {}),
    'POLL-5': failing('POLL-5', { code: 'schema' }),
  });
  const now = statementWith({
    'DENY-1': failing('DENY-1', { actual: 'status 202' }),
    'DENY-3': failing('DENY-3', { code: 'schema', pointer: '/other' }),
    'POLL-5': { outcome: 'not-judged', reason: 'why' },
  });
  const change = {
    new: ['DENY-3 schema at /other'],
    still: ['DENY-1 status'],
    gone: ['DENY-3 schema at /success', 'REJECT-1 status'],
    unknown: ['POLL-5 schema'],
  };
  const history = historyOf({ statements: [before], unreadable: [] }, now);
  const named = (kind: string): string[] =>
    history.findings.filter((one) => one.change === kind).map((one) => findingName(one.requirement, one));
  expect({
    new: named('new'),
    still: named('still'),
    gone: named('gone'),
    unknown: named('unknown'),
  }).toEqual(change);
  const summary = renderSummary({ ...now, history });
  expect(summary).toContain('- new: `DENY-3 schema at /other`\n');
  expect(summary).toContain('- not judged this time: `POLL-5 schema`');
  expect(renderStatement({ ...now, history })).toContain('1 new (DENY-3 schema at /other), 2 gone');
});

test('the rows of a finding say what was expected, the actual value, how often, whose fault it likely is, where it is documented and how to reproduce it', () => {
  const curl = 'curl -i https://api.example.com/api/';
  const text = renderStatement(statementWith({ 'DENY-1': failing('DENY-1', { curl, seen: 1, of: 3 }) }));
  const rows = text.split('\n').slice(text.split('\n').indexOf(`DENY-1 MUST ${requirement('DENY-1').title}`));
  expect(rows.slice(1, 8).map((row) => row.trim().replace(/ +/, ' '))).toEqual([
    `violation status: ${CODES.status}`,
    'expected status 200',
    'actual status 204',
    'seen intermittent (1 of 3 denials of pending sessions)',
    expect.stringMatching(/^likely API bug, intermittent/),
    'source /paths',
    `reproduce ${curl}`,
  ]);
});

test('a line that would be too long is told, and where the requests are', () => {
  const request = { n: 1, method: 'GET', path: '/', startedAt: '2026-01-01T00:00:00.000Z' };
  const statement = (more: Partial<StatedFinding>): Statement =>
    statementWith({ 'DENY-1': failing('DENY-1', boundedFinding(finding('DENY-1', { request, ...more }))) });
  for (const render of [renderStatement, renderSummary]) {
    expect(render(statement({ curl: `curl ${'x'.repeat(20_000)}` }))).toContain('exchanges.har');
    expect(render(statement({ curl: 'curl x' }))).not.toContain('exchanges.har');
  }
});

test('of a finding that began during the run it is said that earlier responses did not show it', () => {
  const text = renderStatement(
    statementWith({ 'DENY-1': failing('DENY-1', { seen: 1, of: 13, cleanBefore: 12 }) }),
  );
  expect(text).toContain('intermittent (1 of 13 denials of pending sessions, after 12 that did not show it)');
  expect(text).toContain(
    'earlier requests may be the cause (a quota, a lock), which the line does not repeat',
  );
});

test('a topic of which something was not judged is not marked as kept', () => {
  const marks = renderStatement(
    statementWith({
      'DENY-7': { outcome: 'not-judged', reason: 'no race' },
      'POLL-1': failing('POLL-1', {}),
    }),
  );
  expect(marks).toMatch(/^– Denying a pending session +\d of \d {2}– DENY-7 {2}✓ DENY-1, /m);
  expect(marks).toMatch(/^✗ Polling sessions /m);
  expect(marks).toMatch(/^✓ Creating sessions +(\d+) of \1$/m);
});

test('a page in place of the documented body may be of a proxy', () => {
  const response = { n: 1, method: 'GET', path: '/', startedAt: '2026-01-01T00:00:00.000Z' };
  for (const [code, mediaType, fault] of [
    ['media-type', 'text/html', 'a proxy in front of it'],
    ['undocumented-body', 'text/html', 'a proxy in front of it'],
    ['status', 'text/html', 'a proxy in front of it'],
    ['status', 'application/json', 'API bug: fails every time'],
    ['still-pending', 'text/html', 'API bug: fails every time'],
  ] as const) {
    const finding = failing('WIRE-1', { code, request: { ...response, mediaType }, seen: 3, of: 3 });
    expect(renderStatement(statementWith({ 'WIRE-1': finding }))).toContain(fault);
  }
});

test('whose fault a finding likely is: a cache and a gateway are named where the response shows them', () => {
  const request = { n: 1, method: 'GET', path: '/', startedAt: '2026-01-01T00:00:00.000Z' };
  for (const [fault, change] of [
    ['or a cache in front of it: the response has an Age header (7 s)', { request: { ...request, age: 7 } }],
    ['or a gateway in front of it, whose status this is', { actual: 'status 503' }],
    ['API bug: in the only request that could show it', { seen: 1, of: 1 }],
    ['API bug: fails every time', { seen: 2, of: 2 }],
  ] as const) {
    const text = renderStatement(statementWith({ 'DENY-1': failing('DENY-1', change) }));
    expect(text.split('\n').find((row) => row.includes('likely '))).toContain(fault);
  }
});

test('a PREVIOUS that is no statement is one clear line', () => {
  const folder = temporaryFolder();
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  for (const [path, says] of [
    [join(folder, 'none.json'), 'no such file'],
    [join(file('file', ''), 'below'), 'no such file'],
    [file('text', 'no JSON'), 'is not JSON'],
    [file('list', '[]'), 'is not a conformance statement'],
    [file('other', '{"verdict":"conforms"}'), 'is not a conformance statement'],
    [
      file('half', JSON.stringify({ ...statementWith({}), requirements: [{ id: 'DENY-1' }] })),
      'is not a whole conf',
    ],
  ] as const)
    expect(() => readPrevious(path)).toThrow(
      expect.objectContaining({ lines: [expect.stringMatching(new RegExp(`^PREVIOUS .*: ${says}.*$`))] }),
    );
});

test(
  'the summary lies beside the statement and in the HTML report, and tells of an earlier run',
  SLOW,
  async () => {
    const standIn = await StandIn.start({ variant: variantNamed('denial-204') as Variant });
    const folder = temporaryFolder();
    // Where this run will write its own, which Playwright empties before.
    const output = join(folder, 'results');
    const previous = join(output, 'conformance.json');
    mkdirSync(output);
    writeFileSync(
      previous,
      JSON.stringify(statementWith({ 'DENY-3': failing('DENY-3', { code: 'schema' }) })),
    );
    const html = join(folder, 'html');
    const result = await runContract(
      {
        BASE_URL: standIn.baseUrl.href,
        SETTLE_MS: '0',
        PREVIOUS: previous,
        PLAYWRIGHT_HTML_OUTPUT_DIR: html,
        PLAYWRIGHT_HTML_OPEN: 'never',
      },
      ['--grep', '@DENY-1\\b', '--reporter=html', '--output', output],
    );
    await standIn.close();
    const summary = readFileSync(join(output, 'summary.md'), 'utf8');
    expect(summary).toMatch(/^# ❌ deviates, /);
    expect(summary).toContain('- new: `DENY-1 status`');
    expect(summary).toContain('- gone: none\n');
    expect(summary).toContain('```mermaid\nstateDiagram-v2\n');
    expect(result.text).toContain('1 new (DENY-1 status)');
    const attached = readdirSync(join(html, 'data')).map((name) =>
      readFileSync(join(html, 'data', name), 'utf8'),
    );
    expect(attached.filter((text) => text.startsWith('# ❌ deviates, '))).toHaveLength(1);
    expect(attached.filter((text) => text.startsWith('<svg '))).toHaveLength(1);
    expect(attached.find((text) => text.startsWith('<svg '))).toContain('broken (DENY-1)');
  },
);

interface JsonReport {
  suites: JsonSuite[];
  errors: { message: string }[];
}

interface JsonSuite {
  suites?: JsonSuite[];
  specs: {
    tests: { results: { errors: { message: string }[]; errorLocation?: { file: string; line: number } }[] }[];
  }[];
}

/** What Playwright's own reporters know of a run against a variant. */
async function reportedBy(name: string, args: string[]): Promise<JsonReport> {
  const standIn = await StandIn.start({ variant: variantNamed(name) as Variant });
  const path = join(temporaryFolder(), 'report.json');
  await runContract({ BASE_URL: standIn.baseUrl.href, SETTLE_MS: '0', PLAYWRIGHT_JSON_OUTPUT_FILE: path }, [
    '--reporter=json',
    ...args,
  ]);
  await standIn.close();
  return JSON.parse(readFileSync(path, 'utf8')) as JsonReport;
}

test('a finding is told in full once and briefly elsewhere, at the line that judged it', SLOW, async () => {
  const { suites, errors } = await reportedBy('all-accepted', ['--grep', '@REJECT-1\\b']);
  const resultsOf = ({
    suites: below = [],
    specs,
  }: JsonSuite): JsonSuite['specs'][0]['tests'][0]['results'] => [
    ...specs.flatMap(({ tests }) => tests.flatMap(({ results }) => results)),
    ...below.flatMap(resultsOf),
  ];
  const failed = suites.flatMap(resultsOf).filter((result) => result.errors.length > 0);
  expect(failed).toHaveLength(2);
  expect(failed.filter(({ errors: [error] }) => error?.message.includes('    reproduce '))).toHaveLength(1);
  expect(failed.filter(({ errors: [error] }) => error?.message.includes('(in full: '))).toHaveLength(1);
  for (const { errorLocation } of failed) {
    const line = readFileSync(errorLocation?.file ?? '', 'utf8').split('\n')[(errorLocation?.line ?? 0) - 1];
    expect(line).toMatch(/(?:judge|precondition)\('REJECT-1', /);
  }
  expect(errors).toEqual([]);
});

test('what no test can tell, such as an outage, all reports tell once', SLOW, async () => {
  const { errors } = await reportedBy('challenge', []);
  expect(errors.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^(Error: )?untestable, 0 of \d+ judged: .*\nnot judged: all \d+: status 403 /),
  ]);
});
