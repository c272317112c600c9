import type { Session } from '../model';
import { poll } from '../api';
import type { Hook } from '../variant';
import {
  count,
  counted,
  DONE,
  forgotten,
  history,
  type HistoryVariant,
  NOT_DENIED,
  REJECTED,
  STILL_PENDING,
} from './history-hooks';
import { stateOf } from './hooks';

/* Faults that depend on the order of requests: on what another session went through before, or on what came in between. */

/** Notes for a session the one that was created before it, if that is still pending. */
const noteOlder: Hook = (call, next) => {
  const older = [...call.model.sessions.values()].at(-1);
  const reply = next(call);
  const newest = [...call.model.sessions.values()].at(-1);
  if (newest && older?.state === 'pending') newest.notes.older = older;
  return reply;
};

export const TWO_SESSIONS: HistoryVariant[] = [
  {
    ...history(
      'two sessions',
      'denied-in-reverse',
      'a session is not denied when the one that was created after it was denied before it',
    ),
    create: noteOlder,
    deny: (call, next) => {
      const before = call.session?.notes.older as Session | undefined;
      if (before?.state === 'pending' && stateOf(call) === 'pending') before.notes.overtaken = true;
      return stateOf(call) === 'pending' && call.session?.notes.overtaken ? DONE : next(call);
    },
    findings: STILL_PENDING,
  },
  {
    ...history(
      'two sessions',
      'denied-after-completed',
      'of two sessions that are pending, the newer one is not denied when the older one was completed before',
    ),
    create: noteOlder,
    deny: (call, next) => {
      const older = call.session?.notes.older as Session | undefined;
      return older?.state === 'completed' ? forgotten(call, next) : next(call);
    },
    findings: [...STILL_PENDING, 'DENY-7/still-pending', 'DENY-5/yields-key'],
  },
  {
    ...history(
      'two sessions',
      'polled-in-turn',
      'when two pending sessions are polled in turn, twice each, the second one polls as expired',
    ),
    poll: (call, next) => {
      const polled = (call.model.notes.polled ??= []) as string[];
      polled.push(call.id);
      const [a, b, c, d] = polled.slice(-4);
      const isInTurn = d !== undefined && a === c && b === d && a !== b;
      return stateOf(call) === 'pending' && isInTurn
        ? poll({ ...call.session!, state: 'expired' })
        : next(call);
    },
    findings: [
      'POLL-1/not-pending',
      'DENY-4/touched',
      'ID-2/touched',
      'ID-3/touched',
      'ID-6/touched',
      'ID-7/touched',
    ],
  },
];

export const IN_BETWEEN: HistoryVariant[] = [
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
    findings: NOT_DENIED,
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
  {
    ...history(
      'in between',
      'unknown-poll-revives',
      'a poll of an unknown session makes the one that was denied last pending again',
    ),
    deny: (call, next) => {
      if (stateOf(call) === 'pending') call.model.notes.denied = call.session;
      return next(call);
    },
    poll: (call, next) => {
      const denied = call.model.notes.denied as Session | undefined;
      if (!call.session && denied?.state === 'denied') denied.state = 'pending';
      return next(call);
    },
    findings: [...STILL_PENDING, 'DENY-7/still-pending', 'DENY-5/yields-key'],
  },
];
