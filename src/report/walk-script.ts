import type { FailingWalk } from '../explore/explorer';
import { describeWalk } from '../explore/describe';
import type { TraceEntry } from '../explore/trace';
import type { ProviderStep } from '../gateway/provider-states';
import type { Exchange } from '../judging/exchange';
import { labelsIn } from '../judging/labels';
import type { Journal } from './reproduce/journal';
import { Shell } from './reproduce/shell';
import type { Step } from './reproduce/steps';
import { setUnknownId, setVariables } from './reproduce/variables';

/** An intermittent failure is repeated so often. */
const ROUNDS = 10;

/** A script of bash, with curl and jq, that walks a failing walk again and prints each response. */
export function walkScript(failing: FailingWalk, journal: Journal): string {
  const exchanges = failing.trace.flatMap((entry) =>
    entry.did === 'request' ? (journal.exchanges[entry.exchange - 1] ?? []) : [],
  );
  const groups = groupsOf(failing.trace, journal);
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

/**
 * Entries that are sent at once, and those over the kept connection, stay together. A connection lasts as long as one
 * command, so that creates between requests over the kept one come before them, and provider states go with them.
 */
function groupsOf(trace: readonly TraceEntry[], { exchanges }: Journal): TraceEntry[][] {
  const groups: TraceEntry[][] = [];
  const exchangeOf = (entry: TraceEntry): Exchange | undefined =>
    entry.did === 'request' ? exchanges[entry.exchange - 1] : undefined;
  let between: TraceEntry[] = [];
  const close = (): void => {
    groups.push(...between.map((entry) => [entry]));
    between = [];
  };
  for (const entry of trace) {
    const last = groups.at(-1) ?? [];
    const isOverKept = last.some(isKept) && !usesCreated(entry, last.map(exchangeOf), exchangeOf(entry));
    if (isOverKept && isKept(entry)) {
      groups.splice(-1, 0, ...between.filter(({ did }) => did === 'request').map((create) => [create]));
      last.push(...between.filter(({ did }) => did === 'provide'), entry);
      between = [];
    } else if (isOverKept && mayMove(entry, exchangeOf(entry))) {
      between.push(entry);
    } else if (isOfBatch(entry) && between.length === 0 && last.some((one) => isOfSameBatch(one, entry))) {
      last.push(entry);
    } else {
      close();
      groups.push([entry]);
    }
  }
  close();
  return groups;
}

function isKept(entry: TraceEntry): boolean {
  return entry.did === 'request' && entry.keptConnection;
}

function isOfBatch(entry: TraceEntry): boolean {
  return entry.did !== 'wait' && entry.batch !== undefined;
}

function isOfSameBatch(one: TraceEntry, other: TraceEntry): boolean {
  return one.did !== 'wait' && other.did !== 'wait' && one.batch === other.batch;
}

/** A create or a provider state between requests over the kept connection. */
function mayMove(entry: TraceEntry, exchange: Exchange | undefined): boolean {
  return !isOfBatch(entry) && (entry.did === 'provide' || exchange?.operation === 'create');
}

/** It needs an id that is known only when all requests of a command have been answered. */
function usesCreated(
  entry: TraceEntry,
  group: readonly (Exchange | undefined)[],
  exchange: Exchange | undefined,
): boolean {
  const created = group.flatMap((one) => (one?.operation === 'create' ? (one.session ?? []) : []));
  const used = entry.did === 'provide' ? [entry.session] : labelsIn(exchange?.path ?? '');
  // An unknown id is made from one of a session.
  return used.some(
    (label) => created.includes(label) || (label.startsWith('$UNKNOWN') && created.length > 0),
  );
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
      shell.race({
        kind: 'requests',
        exchanges: sent,
        areConcurrent: true,
        waitMs: 0,
        alongside: provide && stepOf(provide),
      }),
    ];
  if (provide && group.length === 1) return shell.provide(stepOf(provide), undefined);
  const [exchange] = sent;
  if (!exchange) return [];
  if (group.length === 1 && exchange.operation === 'create' && exchange.session !== undefined)
    return [...shell.create(exchange, true), ...setUnknownId(exchange, exchanges, journal)];
  return [
    ...shell.sendOver(
      group.flatMap((entry) =>
        entry.did === 'provide'
          ? stepOf(entry)
          : entry.did === 'request'
            ? (journal.exchanges[entry.exchange - 1] ?? [])
            : [],
      ),
    ),
    ...sent.flatMap((one) => (one.operation === 'create' ? setUnknownId(one, exchanges, journal) : [])),
  ];
}

function stepOf({ session, state, batch }: Extract<TraceEntry, { did: 'provide' }>): ProviderStep {
  const step: ProviderStep = { after: 0, session, state, result: 'done' };
  // A walk sends the approval of a race after the requests.
  return batch === undefined ? step : { ...step, race: { batch, isFirst: false } };
}
