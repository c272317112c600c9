import type { FailingWalk } from '../explore/explorer';
import { describeWalk } from '../explore/describe';
import type { TraceEntry } from '../explore/trace';
import type { ProviderStep } from '../gateway/provider-states';
import type { Exchange } from '../judging/exchange';
import type { Journal } from './reproduce/journal';
import { Shell } from './reproduce/shell';
import type { Step } from './reproduce/steps';
import { setUnknownId, setVariables } from './reproduce/variables';

/** What does not show each time is done so often. */
const ROUNDS = 10;

/** A script of bash, with curl and jq, that walks a failing walk again and prints each response. */
export function walkScript(failing: FailingWalk, journal: Journal): string {
  const exchanges = failing.trace.flatMap((entry) =>
    entry.did === 'request' ? (journal.exchanges[entry.exchange - 1] ?? []) : [],
  );
  const groups = groupsOf(failing.trace);
  const isRace = groups.some((group) => group.some(isOfBatch) && group.length > 1);
  const isRepeated = isRace || failing.failed < failing.attempts;
  const shell = new Shell(journal, failing.failure.code, isRepeated);
  const provider = groups.flat().find((entry) => entry.did === 'provide');
  const provided: Step[] = provider ? [{ kind: 'provider', step: stepOf(provider), path: undefined }] : [];
  const commands = groups.flatMap((group) => commandsOf(group, exchanges, shell, journal));
  return [
    '#!/usr/bin/env bash',
    ...describeWalk(failing).map((line) => `# ${line}`),
    'set -u',
    ...setVariables(exchanges, provided, journal),
    ...(isRepeated
      ? [
          `for round in {1..${ROUNDS}}; do`,
          `  echo "--- round $round"`,
          ...commands.map((one) => `  ${one}`),
          'done',
        ]
      : commands),
    '',
  ].join('\n');
}

/** Entries that are sent at once, and those that follow one another over the kept connection, stay together. */
function groupsOf(trace: readonly TraceEntry[]): TraceEntry[][] {
  const groups: TraceEntry[][] = [];
  for (const entry of trace) {
    const last = groups.at(-1);
    const [first] = last ?? [];
    if (last && first && belongTogether(first, entry)) last.push(entry);
    else groups.push([entry]);
  }
  return groups;
}

function isOfBatch(entry: TraceEntry): boolean {
  return entry.did !== 'wait' && entry.batch !== undefined;
}

function belongTogether(one: TraceEntry, other: TraceEntry): boolean {
  if (one.did === 'wait' || other.did === 'wait') return false;
  if (one.batch !== undefined || other.batch !== undefined) return one.batch === other.batch;
  return one.did === 'request' && other.did === 'request' && one.keptConnection && other.keptConnection;
}

function commandsOf(
  group: TraceEntry[],
  exchanges: readonly Exchange[],
  shell: Shell,
  journal: Journal,
): string[] {
  const [first] = group;
  if (!first) return [];
  if (first.did === 'wait') return shell.wait(first.ms);
  const sent = group.flatMap((entry) =>
    entry.did === 'request' ? (journal.exchanges[entry.exchange - 1] ?? []) : [],
  );
  const provide = group.find((entry) => entry.did === 'provide');
  if (first.batch !== undefined)
    return [
      shell.send(
        {
          kind: 'requests',
          exchanges: sent,
          areConcurrent: true,
          waitMs: 0,
          alongside: provide && stepOf(provide),
        },
        true,
      ),
    ];
  if (provide) return shell.provide(stepOf(provide), undefined);
  const [exchange] = sent;
  if (!exchange) return [];
  if (exchange.operation === 'create' && exchange.session !== undefined)
    return [...shell.create(exchange, true), ...setUnknownId(exchange, exchanges, journal)];
  // Requests of one command share a connection.
  const requests = sent.map((one) => `-i -w '\\n' ${shell.request(one)}`);
  const version = exchange.base.startsWith('https') ? ' --http1.1' : '';
  return [`curl -sS${version} ${requests.join(` --next -sS${version} `)}`];
}

function stepOf({ session, state }: Extract<TraceEntry, { did: 'provide' }>): ProviderStep {
  return { after: 0, session, state, result: 'done' };
}
