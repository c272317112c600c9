import { newApiKey, type Session } from '../model';
import { error, json, poll } from '../server';
import { afterTurns } from '../turns';
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
    ...history(
      'nth of a kind',
      'seventh-poll-in-a-row',
      'the seventh poll of a pending session ends it, where nothing else was sent between them',
    ),
    every: (call, next) => {
      if (call.operation === 'poll' && call.session === call.model.notes.polled) return next(call);
      call.model.notes.polled = call.session;
      if (call.session) call.session.notes.row = 0;
      return next(call);
    },
    poll: (call, next) => {
      if (count(call.session, 'row') === 7 && call.session?.state === 'pending')
        call.session.state = 'expired';
      return next(call);
    },
    // Which of them depends on what else the walk does when the session is gone.
    findings: [
      'POLL-1/not-pending',
      'ID-6/touched',
      'DENY-4/touched',
      'DENY-9/not-pending',
      'DENY-1/status',
      'REJECT-7/state-changed',
    ],
  },
  {
    ...history(
      'nth of a kind',
      'fourth-denial-of-completed',
      'the fourth denial of a completed session is accepted, and does nothing',
    ),
    deny: (call, next) =>
      stateOf(call) === 'completed' && count(call.session, 'rejections') === 4 ? DONE : next(call),
    findings: ['REJECT-3/accepted'],
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
      'a session that was polled five times cannot be denied any more',
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
      'DENY-7/still-pending',
      'DENY-7/accepted-twice',
    ],
  },
  {
    ...history(
      'looked at',
      'head-counts',
      'a session that was asked for with HEAD or OPTIONS four times polls as expired',
    ),
    other: (call, next) => {
      if (call.method === 'HEAD' || call.method === 'OPTIONS') count(call.session, 'heads');
      return next(call);
    },
    poll: (call, next) =>
      stateOf(call) === 'pending' && counted(call.session, 'heads') >= 4
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
    findings: ['POLL-5/not-completed', 'REJECT-7/state-changed', 'DENY-1/status'],
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
    findings: ['REJECT-8/state-changed', 'REJECT-4/accepted', 'DENY-7/still-pending'],
  },
];

const CONNECTION: HistoryVariant[] = [
  {
    ...history(
      'connection',
      'fifth-denial-of-a-connection',
      'from the fifth one on, denials over one connection are answered and do nothing',
    ),
    deny: (call, next) => {
      const denials = countOn(call, 'denials');
      return denials >= 5 ? forgotten(call, next) : next(call);
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
      'connection',
      'connection-after-denials',
      'a connection that carried four denials answers each poll 500',
    ),
    deny: (call, next) => {
      countOn(call, 'denials');
      return next(call);
    },
    poll: (call, next) =>
      Number(notesOf(call).denials ?? 0) >= 4 ? error(500, 'Something went wrong') : next(call),
    findings: ['POLL-7/status'],
  },
];

const ACCUMULATED: HistoryVariant[] = [
  {
    ...history(
      'accumulated',
      'forty-five-sessions',
      'when 45 sessions have been created, none can be denied any more',
    ),
    dependsOnWholeRun: true,
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
    dependsOnWholeRun: true,
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
      'DENY-5/yields-key',
    ],
  },
];

/** How long a request is being answered, in turns of the event loop: what arrives meanwhile was sent at the same time. */
const TURNS = 8;

/**
 * Answers a request later, and counts it as being answered until then.
 * @returns what of the same kind was being answered when it came
 */
function inFlight(notes: Record<string, unknown>, kind: string, id = ''): string[] {
  const ids = (notes[kind] ??= []) as string[];
  const others = [...ids];
  ids.push(id);
  afterTurns(TURNS, () => ids.splice(ids.indexOf(id), 1));
  return others;
}

function later(reply: Reply): Reply {
  return { ...reply, delayTurns: TURNS };
}

/** Polls take a while, too. */
const slowPoll: Hook = (call, next) => {
  if (call.session) inFlight(call.session.notes, 'polls');
  return later(next(call));
};

function pollsInFlight(session: Session): number {
  return ((session.notes.polls ?? []) as string[]).length;
}

const CONCURRENT: HistoryVariant[] = [
  {
    ...history(
      'concurrent',
      'twice-and-another',
      'a denial at the same time as two of another session is lost',
    ),
    deny: (call, next) => {
      const others = inFlight(call.model.notes, 'denials', call.id).filter((id) => id !== call.id);
      const isTwice = others.some((id, i) => others.indexOf(id) !== i);
      return later(isTwice ? forgotten(call, next) : next(call));
    },
    findings: [
      'DENY-2/still-pending',
      'DENY-7/still-pending',
      'DENY-7/accepted-twice',
      'REJECT-2/accepted',
      'DENY-5/yields-key',
    ],
  },
  {
    ...history(
      'concurrent',
      'poll-denial-approval',
      'a session that is polled twice, denied and approved at the same time is denied and yields an API key',
    ),
    poll: slowPoll,
    deny: (call, next) => {
      const { session } = call;
      if (!session || stateOf(call) !== 'pending' || pollsInFlight(session) < 2) return later(next(call));
      // It is checked now, and written later.
      afterTurns(TURNS, () => {
        if (session.state === 'pending') session.state = 'denied';
      });
      return { ...DONE, delayTurns: TURNS + 1 };
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
      const reply = slowPoll(call, next);
      const { session } = call;
      return session?.state === 'denied' && session.notes.cached
        ? later(poll({ ...session, state: 'pending' }))
        : reply;
    },
    deny: (call, next) => {
      if (call.session && stateOf(call) === 'pending' && pollsInFlight(call.session) >= 2)
        call.session.notes.cached = true;
      return later(next(call));
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
