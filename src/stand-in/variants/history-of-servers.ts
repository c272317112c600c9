import type { Session } from '../model';
import { poll } from '../api';
import { error } from '../replies';
import { afterTurns } from '../turns';
import type { Hook, Reply } from '../variant';
import {
  countOn,
  DONE,
  forgotten,
  history,
  type HistoryVariant,
  NOT_DENIED,
  noteCompleted,
  notesOf,
  REJECTED,
  STILL_PENDING,
} from './history-hooks';
import { stateOf } from './hooks';

/* Faults that depend on what a connection carried, on what a server has got so far, and on what it gets at once. */

export const CONNECTION: HistoryVariant[] = [
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
    findings: STILL_PENDING,
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
  {
    ...history(
      'connection',
      'connection-of-another',
      'a connection that carried a poll of another session answers denials and does nothing',
    ),
    poll: (call, next) => {
      if (call.session) notesOf(call).polled = call.id;
      return next(call);
    },
    deny: (call, next) => {
      const { polled } = notesOf(call);
      return polled !== undefined && polled !== call.id ? forgotten(call, next) : next(call);
    },
    findings: [...STILL_PENDING, 'DENY-7/still-pending', 'DENY-5/yields-key'],
  },
  {
    ...history(
      'connection',
      'third-poll-of-a-connection',
      'a connection that carried three polls or more rejects each denial',
    ),
    poll: (call, next) => {
      countOn(call, 'polls');
      return next(call);
    },
    deny: (call, next) =>
      stateOf(call) === 'pending' && Number(notesOf(call).polls ?? 0) >= 3 ? REJECTED : next(call),
    findings: NOT_DENIED,
  },
];

export const ACCUMULATED: HistoryVariant[] = [
  {
    ...history(
      'accumulated',
      'forty-five-sessions',
      'when 45 sessions have been created, none can be denied any more',
    ),
    dependsOnWholeRun: true,
    deny: (call, next) =>
      stateOf(call) === 'pending' && call.model.sessions.size > 45 ? REJECTED : next(call),
    findings: NOT_DENIED,
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
    findings: [...STILL_PENDING, 'DENY-5/yields-key'],
  },
  {
    ...history(
      'accumulated',
      'eight-completed',
      'of completed sessions no more than eight are kept; the others poll as expired',
    ),
    every: (call, next) => {
      for (const session of noteCompleted(call).slice(0, -8)) session.state = 'expired';
      return next(call);
    },
    findings: ['POLL-5/not-completed', 'REJECT-7/state-changed'],
  },
  {
    ...history(
      'accumulated',
      'latest-key',
      'each completed session shows the API key of the one that was completed last',
    ),
    poll: (call, next) => {
      const last = noteCompleted(call).at(-1);
      return stateOf(call) === 'completed' ? poll({ ...call.session!, apiKey: last?.apiKey }) : next(call);
    },
    findings: ['POLL-5/key-changed', 'REJECT-7/key-changed'],
  },
  {
    ...history(
      'accumulated',
      'four-pending',
      'the fifth session that is pending at the same time ends the oldest one',
    ),
    create: (call, next) => {
      const pending = [...call.model.sessions.values()].filter(({ state }) => state === 'pending');
      const [oldest] = pending;
      if (oldest && pending.length >= 4) oldest.state = 'expired';
      return next(call);
    },
    findings: [
      'POLL-1/not-pending',
      'DENY-1/status',
      'DENY-4/touched',
      'DENY-9/not-pending',
      'ID-2/touched',
      'ID-6/touched',
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

export const CONCURRENT: HistoryVariant[] = [
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
  {
    ...history(
      'concurrent',
      'third-of-three-rejections',
      'of three denials of a completed session at the same time the last one is accepted',
    ),
    deny: (call, next) => {
      if (!call.session) return next(call);
      const others = inFlight(call.session.notes, 'denials');
      return later(stateOf(call) === 'completed' && others.length >= 2 ? DONE : next(call));
    },
    findings: ['REJECT-3/accepted'],
  },
];
