import { OPERATION_NAMES, operationPointer, type OperationName } from '../../catalogue/operations';
import { cutOut } from '../../contract/cut/cut';
import { isObject, valueAt } from '../../contract/json';
import { UnreadableSource } from '../../contract/unreadable-source';
import type { SourceDocument } from '../source-document';
import { worst, type Comparison, type Found, type Side } from './change';
import { Collector, type OnWitness } from './collector';
import type { Holders } from './holders';
import { Normalizer } from './normal';
import { diffOperation } from './operation';
import { Witnesses } from './witnesses';
import { changedWords, type Worded } from './words';

/**
 * Compares two documents: what has changed in the session operations and in all that reaches them.
 * @param onWitness is told of each value that was valid and is not now
 * @throws UnreadableSource where that can't be said
 */
export function compareDocuments(before: Source, after: Source, onWitness?: OnWitness): Comparison {
  const began = { wall: performance.now(), cpu: process.cpuUsage() };
  const [old, now] = [compared(before), compared(after)];
  const both = OPERATION_NAMES.filter((name) => isSaid(old, name) && isSaid(now, name));
  if (both.length === 0)
    throw new UnreadableSource(
      `${before.name} and ${after.name} show no session operation in common: there is nothing to compare`,
    );
  const collector = new Collector(onWitness);
  const witnesses = new Witnesses(paceSince(began), MS_IN_ALL - (performance.now() - began.wall));
  for (const name of both) {
    const [one, other] = [old.cut.operations[name], now.cut.operations[name]];
    const report = (side?: Side) => (found: Found) => collector.add(found, name, side);
    const place = operationPointer(name);
    if (one && other) {
      const holders: Holders = {
        old: old.cut,
        now: now.cut,
        normalOld: new Normalizer(old.cut),
        normalNow: new Normalizer(now.cut),
        witnesses,
        valueAfter: (at) => valueAt(now.document, at),
        wholes: collector.wholes,
        report,
        ...(name === 'create' && { needed: { status: '201', member: 'sessionId' } }),
      };
      diffOperation(holders, one, other, place);
    } else if (one) {
      report()({ pointer: old.cut.origin(one), verdict: 'breaking', place, reason: 'the operation is gone' });
    } else if (other) {
      const reason = 'the operation is newly documented';
      report()({ pointer: now.cut.origin(other), verdict: 'compatible', place, reason });
    }
  }
  for (const { found, key, operations } of changedWords(old, now, both))
    collector.addProse(found, key, operations);
  const changes = collector.changes();
  return { verdict: worst(changes.map(({ verdict }) => verdict)), changes };
}

/** Reading and starting up come before, and all ends within 16.5 s. */
const MS_IN_ALL = 11_000;

/** Wall time for each unit of the process's own time, from 1 to 4; work without a wait measures it. */
function paceSince({ wall, cpu }: { wall: number; cpu: NodeJS.CpuUsage }): number {
  const { user, system } = process.cpuUsage(cpu);
  const own = Math.max(1, (user + system) / 1000);
  return Math.min(4, Math.max(1, (performance.now() - wall) / own));
}

/** A document that has been read. */
export type Source = Pick<SourceDocument, 'document' | 'form' | 'name'>;

function compared({ document, form, name }: Source): Worded {
  try {
    return { document, cut: cutOut(document), isPage: form === 'page', isPin: isObject(document['x-prose']) };
  } catch (error) {
    if (error instanceof UnreadableSource) throw new UnreadableSource(`${name}: ${error.message}`);
    throw error;
  }
}

/** A page says nothing of the operations that it doesn't show; a whole document says that there are none. */
function isSaid({ cut, isPage }: Worded, name: OperationName): boolean {
  return !isPage || cut.operations[name] !== undefined;
}
