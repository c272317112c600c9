import { newApiKey, type Session } from '../model';
import { error, json, poll } from '../server';
import type { Handler, Hook, Reply, StandInCall, Variant } from '../variant';
import { stateOf } from './hooks';

/** A fault that shows after a certain history only; contract tests, each of which knows its own, can't meet it. */
export type HistoryVariant = Variant & { kind: 'fault'; history: History };

export type History =
  'nth of a kind' | 'two sessions' | 'in between' | 'looked at' | 'connection' | 'accumulated' | 'concurrent';

function history(
  kind: History,
  name: string,
  description: string,
): Pick<HistoryVariant, 'name' | 'kind' | 'description' | 'history'> {
  return { name, kind: 'fault', history: kind, description };
}

/** Counts what is done to a session, from 1. */
function count(session: Session | undefined, what: string): number {
  if (!session) return 0;
  return (session.notes[what] = Number(session.notes[what] ?? 0) + 1);
}

function counted(session: Session | undefined, what: string): number {
  return Number(session?.notes[what] ?? 0);
}

const DONE: Reply = json(200, { success: true });
const REJECTED: Reply = error(500, 'This session is not pending');

/** The denial of a pending session is answered as if it were done. */
function forgotten(call: StandInCall, next: Handler): Reply {
  return stateOf(call) === 'pending' ? DONE : next(call);
}

/** Each poll of a session counts. */
const countPolls: Hook = (call, next) => {
  count(call.session, 'polls');
  return next(call);
};

const NTH: HistoryVariant[] = [
  {
    ...history(
      'nth of a kind',
      'seventh-denial-in-a-row',
      'every seventh denial in a row, with nothing but creates between them, does nothing',
    ),
    create: (call, next) => next(call),
    poll: (call, next) => {
      call.model.notes.denials = 0;
      return next(call);
    },
    deny: (call, next) => {
      const denials = (call.model.notes.denials = Number(call.model.notes.denials ?? 0) + 1);
      return denials % 7 === 0 ? forgotten(call, next) : next(call);
    },
    findings: [
      'DENY-2/still-pending',
      'REJECT-8/state-changed',
      'REJECT-2/accepted',
      'DENY-7/accepted-twice',
    ],
  },
  {
    ...history('nth of a kind', 'seventh-poll-ends', 'the seventh poll of a pending session ends it'),
    poll: (call, next) => {
      if (count(call.session, 'polls') === 7 && call.session?.state === 'pending')
        call.session.state = 'expired';
      return next(call);
    },
    findings: [
      'POLL-1/not-pending',
      'ID-6/touched',
      'DENY-4/touched',
      'DENY-1/status',
      'REJECT-7/state-changed',
    ],
  },
  {
    ...history(
      'nth of a kind',
      'fifth-rejection-accepts',
      'the fifth denial of a denied session is accepted',
    ),
    deny: (call, next) =>
      stateOf(call) === 'denied' && count(call.session, 'rejections') === 5 ? DONE : next(call),
    findings: ['REJECT-2/accepted', 'DENY-7/accepted-twice'],
  },
  {
    ...history('nth of a kind', 'sixth-key', 'the sixth poll of a completed session shows another API key'),
    poll: (call, next) => {
      if (call.session && stateOf(call) === 'completed' && count(call.session, 'shown') === 6)
        call.session.apiKey = newApiKey();
      return next(call);
    },
    findings: ['POLL-5/key-changed'],
  },
];

const LOOKED_AT: HistoryVariant[] = [
  {
    ...history(
      'looked at',
      'polled-often-not-denied',
      'a session that was polled five times can not be denied any more',
    ),
    poll: countPolls,
    deny: (call, next) =>
      stateOf(call) === 'pending' && counted(call.session, 'polls') >= 5 ? REJECTED : next(call),
    findings: ['DENY-1/status', 'DENY-7/status', 'DENY-8/status'],
  },
  {
    ...history(
      'looked at',
      'looked-at-until-it-is-back',
      'a denied session that is polled six times is pending again',
    ),
    poll: (call, next) => {
      if (call.session && stateOf(call) === 'denied' && count(call.session, 'looks') === 6)
        call.session.state = 'pending';
      return next(call);
    },
    findings: [
      'DENY-2/still-pending',
      'REJECT-8/state-changed',
      'REJECT-2/accepted',
      'DENY-7/accepted-twice',
    ],
  },
  {
    ...history(
      'looked at',
      'head-counts',
      'a session that was asked for with HEAD or OPTIONS twice polls as expired',
    ),
    other: (call, next) => {
      if (call.method === 'HEAD' || call.method === 'OPTIONS') count(call.session, 'heads');
      return next(call);
    },
    poll: (call, next) =>
      stateOf(call) === 'pending' && counted(call.session, 'heads') >= 2
        ? poll({ ...call.session!, state: 'expired' })
        : next(call),
    findings: ['ID-6/touched'],
  },
];

const TWO_SESSIONS: HistoryVariant[] = [
  {
    ...history(
      'two sessions',
      'denied-in-reverse',
      'a session is not denied when the one that was created after it was denied before it',
    ),
    create: (call, next) => {
      const before = call.model.notes.newest as Session | undefined;
      const reply = next(call);
      const newest = [...call.model.sessions.values()].at(-1);
      if (newest) newest.notes.before = before;
      call.model.notes.newest = newest;
      return reply;
    },
    deny: (call, next) => {
      const before = call.session?.notes.before as Session | undefined;
      if (before?.state === 'pending' && stateOf(call) === 'pending') before.notes.overtaken = true;
      return stateOf(call) === 'pending' && call.session?.notes.overtaken ? DONE : next(call);
    },
    findings: [
      'DENY-2/still-pending',
      'REJECT-8/state-changed',
      'REJECT-2/accepted',
      'DENY-7/accepted-twice',
    ],
  },
];

const IN_BETWEEN: HistoryVariant[] = [
  {
    ...history(
      'in between',
      'unknown-denials-before',
      'after three denials of unknown sessions in a row the next denial is rejected',
    ),
    deny: (call, next) => {
      const { notes } = call.model;
      const unknown = Number(notes.unknown ?? 0);
      notes.unknown = call.session ? 0 : unknown + 1;
      return stateOf(call) === 'pending' && unknown >= 3 ? REJECTED : next(call);
    },
    findings: ['DENY-1/status', 'DENY-7/status', 'DENY-8/status'],
  },
  {
    ...history(
      'in between',
      'approved-between-polls',
      'a session that is approved after three polls or more still polls as pending',
    ),
    poll: (call, next) => {
      if (stateOf(call) === 'pending') count(call.session, 'polls');
      return stateOf(call) === 'completed' && counted(call.session, 'polls') >= 3
        ? poll({ ...call.session!, state: 'pending' })
        : next(call);
    },
    findings: ['POLL-5/not-completed', 'REJECT-7/state-changed'],
  },
  {
    ...history(
      'in between',
      'two-rejections-revoke',
      'two rejected denials of a completed session in a row revoke its API key',
    ),
    deny: (call, next) => {
      if (call.session && stateOf(call) === 'completed' && count(call.session, 'rejections') === 2)
        call.session.state = 'expired';
      return next(call);
    },
    poll: (call, next) => {
      if (call.session) call.session.notes.rejections = 0;
      return next(call);
    },
    findings: ['REJECT-7/state-changed', 'POLL-5/not-completed'],
  },
  {
    ...history(
      'in between',
      'expired-denied-twice',
      'the second denial of an expired session makes it pending',
    ),
    deny: (call, next) => {
      const reply = next(call);
      if (call.session && stateOf(call) === 'expired' && count(call.session, 'rejections') === 3)
        call.session.state = 'pending';
      return reply;
    },
    findings: ['REJECT-8/state-changed', 'REJECT-4/accepted'],
  },
];

const CONNECTION: HistoryVariant[] = [
  {
    ...history(
      'connection',
      'third-denial-of-a-connection',
      'the third denial over one connection is answered, and does nothing',
    ),
    deny: (call, next) => {
      const denials = countOn(call, 'denials');
      return denials >= 3 ? forgotten(call, next) : next(call);
    },
    findings: [
      'DENY-2/still-pending',
      'REJECT-8/state-changed',
      'REJECT-2/accepted',
      'DENY-7/accepted-twice',
    ],
  },
  {
    ...history('connection', 'tired-connection', 'the fifth request of a connection is answered 500'),
    every: (call, next) =>
      call.reuses >= 4 && call.operation !== 'create' ? error(500, 'Something went wrong') : next(call),
    findings: ['DENY-1/status', 'POLL-7/status'],
  },
];

const ACCUMULATED: HistoryVariant[] = [
  {
    ...history(
      'accumulated',
      'forty-five-sessions',
      'when 45 sessions have been created, none can be denied any more',
    ),
    deny: (call, next) =>
      stateOf(call) === 'pending' && call.model.sessions.size > 45 ? REJECTED : next(call),
    findings: ['DENY-1/status', 'DENY-7/status', 'DENY-8/status'],
  },
  {
    ...history(
      'accumulated',
      'twenty-denied',
      'of denied sessions no more than twenty are kept; a new denial brings the second to last back',
    ),
    deny: (call, next) => {
      const denied = (call.model.notes.denied ??= []) as Session[];
      if (call.session && stateOf(call) === 'pending') denied.push(call.session);
      const reply = next(call);
      const back = denied.length > 20 ? denied.at(-2) : undefined;
      if (back?.state === 'denied') back.state = 'pending';
      return reply;
    },
    findings: [
      'DENY-2/still-pending',
      'REJECT-8/state-changed',
      'REJECT-2/accepted',
      'DENY-7/accepted-twice',
    ],
  },
];

const WINDOW_MS = 8;

const CONCURRENT: HistoryVariant[] = [
  {
    ...history(
      'concurrent',
      'three-sessions-at-once',
      'of denials of three sessions at the same time the third is lost',
    ),
    deny: (call, next) => {
      const recent = ((call.model.notes.recent ??= []) as { at: number; session: Session }[]).filter(
        ({ at }) => performance.now() - at < WINDOW_MS,
      );
      call.model.notes.recent = recent;
      if (!call.session || stateOf(call) !== 'pending') return next(call);
      recent.push({ at: performance.now(), session: call.session });
      return new Set(recent.map(({ session }) => session)).size >= 3 ? DONE : next(call);
    },
    findings: [
      'DENY-2/still-pending',
      'REJECT-8/state-changed',
      'REJECT-2/accepted',
      'DENY-7/accepted-twice',
    ],
  },
  {
    ...history(
      'concurrent',
      'poll-denial-approval',
      'a session that is polled, denied and approved at the same time is denied and yields an API key',
    ),
    poll: (call, next) => {
      if (call.session) call.session.notes.polledAt = performance.now();
      return next(call);
    },
    deny: (call, next) => {
      const { session } = call;
      const polledAt = Number(session?.notes.polledAt ?? -Infinity);
      if (!session || stateOf(call) !== 'pending' || performance.now() - polledAt > WINDOW_MS)
        return next(call);
      // It is checked now, and written later.
      setTimeout(() => {
        if (session.state === 'pending') session.state = 'denied';
      }, WINDOW_MS);
      return { ...DONE, delayMs: WINDOW_MS + 1 };
    },
    findings: ['DENY-5/yields-key', 'DENY-7/accepted-twice'],
  },
  {
    ...history(
      'concurrent',
      'poll-caches',
      'two polls at the same time as a denial leave the session pending to polls',
    ),
    poll: (call, next) => {
      const { session } = call;
      if (!session) return next(call);
      const at = performance.now();
      const recent = [...((session.notes.polls ?? []) as number[]), at].filter((one) => at - one < WINDOW_MS);
      session.notes.polls = recent;
      if (session.state === 'denied' && session.notes.cached) return poll({ ...session, state: 'pending' });
      return next(call);
    },
    deny: (call, next) => {
      const at = performance.now();
      const recent = ((call.session?.notes.polls ?? []) as number[]).filter((one) => at - one < WINDOW_MS);
      if (call.session && stateOf(call) === 'pending' && recent.length >= 2) call.session.notes.cached = true;
      return next(call);
    },
    findings: ['DENY-7/still-pending', 'DENY-2/still-pending', 'REJECT-8/state-changed'],
  },
];

const connections = new WeakMap<object, Record<string, unknown>>();

function notesOf({ socket }: StandInCall): Record<string, unknown> {
  const notes = connections.get(socket) ?? {};
  connections.set(socket, notes);
  return notes;
}

function countOn(call: StandInCall, what: string): number {
  const notes = notesOf(call);
  return (notes[what] = Number(notes[what] ?? 0) + 1);
}

/**
 * Faults for npm run explore. They are no variants of the contract tests, which are not expected to find them; the findings
 * that they declare are those of which explore must report one, and no other.
 */
export const HISTORY: HistoryVariant[] = [
  ...NTH,
  ...LOOKED_AT,
  ...TWO_SESSIONS,
  ...IN_BETWEEN,
  ...CONNECTION,
  ...ACCUMULATED,
  ...CONCURRENT,
];
