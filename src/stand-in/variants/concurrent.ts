import { poll } from '../api';
import { error, json } from '../replies';
import type { Model, Session } from '../model';
import { afterTurns } from '../turns';
import type { ApprovalHook, Hook, Reply, StandInCall, Variant } from '../variant';
import { countIn, fault, when } from './hooks';

/** How long a denial takes, where concurrent ones get in each other's way, in turns of the event loop. */
const RACE_TURNS = 20;

/** A poll that saves all of the session, as find and save of an object mapper do. */
const writesBack: Hook = ({ session }) => {
  afterTurns(RACE_TURNS, () => (session!.state = 'pending'));
  return { ...poll(session), delayTurns: RACE_TURNS + 5 };
};

const TOO_LATE: Reply = error(409, 'This session can no longer be approved');

/** An approval that finds the session pending, and acts a moment later. */
function checkFirst(act: (session: Session, model: Model) => Reply): ApprovalHook {
  return (session, model, next) => {
    if (session.state !== 'pending') return next();
    const reply: Reply = { ...json(200, {}), delayTurns: RACE_TURNS + 5 };
    afterTurns(RACE_TURNS, () => Object.assign(reply, act(session, model)));
    return reply;
  };
}

/** A denial that is settled after that many turns; until then others find the session as it was. */
function slowly(turns: number, settle: (call: StandInCall, session: Session) => Reply): Hook {
  return when('pending', (call) => {
    const reply: Reply = { ...json(200, {}), delayTurns: turns + 5 };
    afterTurns(turns, () => Object.assign(reply, settle(call, call.session!)));
    return reply;
  });
}

const DONE: Reply = json(200, { success: true });
const REJECTED: Reply = error(500, 'This session is not pending');

/** Faults that only concurrent requests show. */
export const CONCURRENT: Variant[] = [
  {
    ...fault('denials-race', 'concurrent denials of one session all succeed'),
    // An approval beside a denial would show it or not, by the order in which they arrive.
    noProviderStates: true,
    deny: slowly(RACE_TURNS, ({ model }, session) => {
      model.deny(session);
      return DONE;
    }),
    findings: ['DENY-7/accepted-twice'],
  },
  {
    ...fault('denials-race-from-the-third', 'of concurrent denials of one session the third succeeds, too'),
    noProviderStates: true,
    deny: slowly(RACE_TURNS, ({ model }, session) => {
      const nth = countIn(session.notes, 'denials');
      return model.deny(session) || nth === 3 ? DONE : REJECTED;
    }),
    findings: ['DENY-7/accepted-twice'],
  },
  {
    ...fault('denials-race-409', 'a denial that loses against a concurrent one is rejected with 409'),
    deny: slowly(RACE_TURNS, ({ model }, session) => {
      if (model.deny(session)) return DONE;
      return session.state === 'denied' ? error(409, 'Conflict') : REJECTED;
    }),
    findings: ['REJECT-2/undocumented-status'],
  },
  {
    ...fault('denials-race-202', 'concurrent denials of one session all succeed, all but one with 202'),
    noProviderStates: true,
    deny: when('pending', (call) => {
      const { session, model } = call;
      const isFirst = !session!.notes.racing;
      session!.notes.racing = true;
      afterTurns(RACE_TURNS, () => model.deny(session!));
      return { ...json(isFirst ? 200 : 202, { success: true }), delayTurns: RACE_TURNS + 5 };
    }),
    findings: ['DENY-7/accepted-twice'],
  },
  {
    ...fault(
      'denials-deadlock',
      'of concurrent denials of one session none is done, and all are answered 500',
    ),
    deny: when('pending', ({ session, model }) => {
      const waiting = (session!.notes.waiting ??= []) as Reply[];
      const reply: Reply = { ...error(500, 'Deadlock'), delayTurns: RACE_TURNS + 5 };
      waiting.push(reply);
      afterTurns(RACE_TURNS, () => {
        if (waiting.length === 1 && model.deny(session!)) Object.assign(reply, json(200, { success: true }));
      });
      return reply;
    }),
    findings: ['DENY-7/status'],
  },
  {
    ...fault('denials-hang', 'of concurrent denials of one session only the first is ever answered'),
    deny: when('pending', (call, next) => {
      const { notes } = call.session!;
      if (notes.isLocked) return { ...REJECTED, broken: 'hang' };
      notes.isLocked = true;
      return slowly(RACE_TURNS, ({ model }, session) => (model.deny(session) ? DONE : REJECTED))(call, next);
    }),
    findings: ['DENY-7/timeout'],
    settings: { requestTimeoutMs: 300 },
  },
  {
    ...fault('poll-writes-back', 'a poll writes back the state that it read, also when a denial was quicker'),
    poll: when('pending', writesBack),
    findings: ['DENY-7/still-pending'],
  },
  {
    ...fault(
      'poll-writes-back-after-denial',
      'a poll writes back the state that it read, and a denial takes as long',
    ),
    poll: when('pending', writesBack),
    deny: slowly(RACE_TURNS, ({ model }, session) => (model.deny(session) ? DONE : REJECTED)),
    findings: ['DENY-7/still-pending'],
  },
  {
    ...fault('approval-overwrites-denial', 'an approval checks the session first, and completes it later'),
    approve: checkFirst((session, model) => {
      session.state = 'pending';
      model.complete(session);
      return json(200, {});
    }),
    findings: ['REJECT-3/accepted'],
  },
  {
    ...fault(
      'approval-undoes-denial',
      'an approval that comes too late by a moment is refused, and restores the session as it read it',
    ),
    approve: checkFirst((session, model) => {
      if (model.complete(session)) return json(200, {});
      session.state = 'pending';
      return TOO_LATE;
    }),
    findings: ['DENY-7/still-pending'],
  },
  {
    ...fault(
      'refused-approval-yields-key',
      'an approval that comes too late by a moment is refused, and the session has an API key all the same',
    ),
    approve: checkFirst((session, model) => {
      const isInTime = session.state === 'pending';
      session.state = 'pending';
      model.complete(session);
      return isInTime ? json(200, {}) : TOO_LATE;
    }),
    findings: ['DENY-5/yields-key'],
  },
  {
    ...fault(
      'denial-ends-approved',
      'a denial that an approval overtakes is rejected, and ends the session all the same',
    ),
    approve: checkFirst((session, model) => (model.complete(session) ? json(200, {}) : TOO_LATE)),
    deny: slowly(2 * RACE_TURNS, ({ model }, session) => {
      if (model.deny(session)) return DONE;
      session.state = 'denied';
      return REJECTED;
    }),
    findings: ['REJECT-7/state-changed'],
  },
  {
    ...fault('denial-overwrites-approval', 'a denial checks the session first, and denies it later'),
    deny: when('pending', ({ session }) => {
      const { notes } = session!;
      if (notes.isLocked) return REJECTED;
      notes.isLocked = true;
      afterTurns(RACE_TURNS, () => (session!.state = 'denied'));
      return { ...DONE, delayTurns: RACE_TURNS + 5 };
    }),
    findings: ['REJECT-3/accepted'],
  },
  {
    ...fault('denials-lock-each-other-out', 'of concurrent denials of different sessions only one is done'),
    deny: when('pending', (call, next) => {
      if (call.model.notes.locked) return error(500, 'Locked');
      call.model.notes.locked = true;
      afterTurns(RACE_TURNS, () => (call.model.notes.locked = false));
      return { ...next(call), delayTurns: RACE_TURNS + 5 };
    }),
    findings: ['DENY-8/status'],
  },
  {
    ...fault('race-loser-without-msg', 'the rejection of a denial that loses a race lacks msg'),
    deny: (call, next) => {
      const { session } = call;
      if (session?.notes.isBeingDenied) return json(500, { success: false });
      if (session?.state !== 'pending') return next(call);
      session.notes.isBeingDenied = true;
      afterTurns(RACE_TURNS, () => (session.notes.isBeingDenied = false));
      return { ...next(call), delayTurns: RACE_TURNS + 5 };
    },
    findings: ['REJECT-5/schema'],
  },
];
