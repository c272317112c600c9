import type { FindingName } from '../../catalogue/finding-name';
import type { Session } from '../model';
import { error, json } from '../replies';
import type { Handler, Hook, Reply, StandInCall, Variant } from '../variant';
import { countIn, stateOf } from './hooks';

/** A fault that shows after a certain history only; contract tests, each of which knows its own, can't meet it. */
export type HistoryVariant = Variant & { kind: 'fault'; history: History };

export type History =
  'nth of a kind' | 'two sessions' | 'in between' | 'looked at' | 'connection' | 'accumulated' | 'concurrent';

export function history(
  kind: History,
  name: string,
  description: string,
): Pick<HistoryVariant, 'name' | 'kind' | 'description' | 'history'> {
  return { name, kind: 'fault', history: kind, description };
}

/** Counts what is done to a session, from 1. */
export function count(session: Session | undefined, what: string): number {
  return session ? countIn(session.notes, what) : 0;
}

export function counted(session: Session | undefined, what: string): number {
  return Number(session?.notes[what] ?? 0);
}

export const DONE: Reply = json(200, { success: true });
export const REJECTED: Reply = error(500, 'This session is not pending');

/** What shows that a pending session could not be denied: which of them depends on what the walk does. */
export const NOT_DENIED: FindingName[] = ['DENY-1/status', 'DENY-7/status', 'DENY-8/status'];
/** The same of a session that is pending after its denial. */
export const STILL_PENDING: FindingName[] = [
  'DENY-2/still-pending',
  'REJECT-8/state-changed',
  'REJECT-2/accepted',
  'DENY-7/accepted-twice',
];

/** The denial of a pending session is answered as if it were done. */
export function forgotten(call: StandInCall, next: Handler): Reply {
  return stateOf(call) === 'pending' ? DONE : next(call);
}

/** Completed sessions in the order in which they were seen to be so, by a hook for every request. */
export function noteCompleted({ model }: StandInCall): Session[] {
  const completed = (model.notes.completed ??= []) as Session[];
  for (const session of model.sessions.values())
    if (session.state === 'completed' && !completed.includes(session)) completed.push(session);
  return completed;
}

/** Each poll of a session counts. */
export const countPolls: Hook = (call, next) => {
  count(call.session, 'polls');
  return next(call);
};

const connections = new WeakMap<object, Record<string, unknown>>();

export function notesOf({ socket }: StandInCall): Record<string, unknown> {
  const notes = connections.get(socket) ?? {};
  connections.set(socket, notes);
  return notes;
}

export function countOn(call: StandInCall, what: string): number {
  return countIn(notesOf(call), what);
}
