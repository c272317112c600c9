import { newApiKey } from '../model';
import { poll } from '../api';
import {
  count,
  counted,
  countPolls,
  DONE,
  forgotten,
  history,
  type HistoryVariant,
  NOT_DENIED,
  REJECTED,
  STILL_PENDING,
} from './history-hooks';
import { countIn, stateOf } from './hooks';

/* Faults that depend on how many times something was done, most of them to one session. */

export const NTH: HistoryVariant[] = [
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
      const denials = countIn(call.model.notes, 'denials');
      return denials % 7 === 0 ? forgotten(call, next) : next(call);
    },
    findings: STILL_PENDING,
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
  {
    ...history(
      'nth of a kind',
      'seventh-poll-of-expired',
      'the seventh poll of an expired session makes it pending',
    ),
    poll: (call, next) => {
      if (call.session && stateOf(call) === 'expired' && count(call.session, 'shown') === 7)
        call.session.state = 'pending';
      return next(call);
    },
    findings: ['POLL-8/still-pending', 'REJECT-8/state-changed', 'REJECT-4/accepted', 'DENY-7/still-pending'],
  },
  {
    ...history(
      'nth of a kind',
      'third-head-of-denied',
      'a denied session that is asked for with HEAD three times is pending again',
    ),
    other: (call, next) => {
      const isHead = call.method === 'HEAD' && stateOf(call) === 'denied';
      if (call.session && isHead && count(call.session, 'heads') === 3) call.session.state = 'pending';
      return next(call);
    },
    findings: [...STILL_PENDING, 'DENY-7/still-pending', 'DENY-5/yields-key'],
  },
];

export const LOOKED_AT: HistoryVariant[] = [
  {
    ...history(
      'looked at',
      'polled-often-not-denied',
      'a session that was polled five times cannot be denied any more',
    ),
    poll: countPolls,
    deny: (call, next) =>
      stateOf(call) === 'pending' && counted(call.session, 'polls') >= 5 ? REJECTED : next(call),
    findings: NOT_DENIED,
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
    findings: [...STILL_PENDING, 'DENY-7/still-pending'],
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
  {
    ...history(
      'looked at',
      'three-heads-no-denial',
      'a session that was asked for with HEAD three times cannot be denied any more',
    ),
    other: (call, next) => {
      if (call.method === 'HEAD') count(call.session, 'heads');
      return next(call);
    },
    deny: (call, next) =>
      stateOf(call) === 'pending' && counted(call.session, 'heads') >= 3 ? REJECTED : next(call),
    findings: NOT_DENIED,
  },
];
