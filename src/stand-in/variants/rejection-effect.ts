import { poll } from '../api';
import { A_WHILE_MS, newApiKey } from '../model';
import { json } from '../replies';
import type { Variant } from '../variant';
import { fault, instead, OK, when } from './hooks';

/** Faults of what the denial of a session that is not pending does. */
export const REJECTION_EFFECT: Variant[] = [
  {
    ...fault('rejection-creates', 'denying an unknown session creates it'),
    deny: when(
      'unknown',
      (call, next) => (
        call.id &&
          call.id.length < 60 &&
          call.model.sessions.set(call.id, {
            ...call.model.create('Unknown device', undefined),
            id: call.id,
          }),
        next(call)
      ),
    ),
    findings: ['REJECT-6/created'],
  },
  {
    ...fault('rejection-changes-after-a-while', 'what was denied in vain changes after a while'),
    settings: { settleMs: 700 },
    lifeMs: 24 * 3_600_000,
    deny: when(['unknown', 'completed', 'expired'], (call, next) => {
      call.model.notes[`denied ${call.id}`] = call.model.now();
      return next(call);
    }),
    poll: when(['unknown', 'completed', 'expired'], (call, next) => {
      const { model, session, id } = call;
      const deniedAt = Number(model.notes[`denied ${id}`] ?? Infinity);
      if (model.now() - deniedAt <= A_WHILE_MS) return next(call);
      if (session?.state === 'completed') return poll(undefined);
      return poll({ ...(session ?? model.create('Unknown device', undefined)), state: 'pending' });
    }),
    findings: ['REJECT-6/created', 'REJECT-7/state-changed', 'REJECT-8/state-changed'],
  },
  {
    ...fault('rejection-revives-expired-by-itself', 'denying a session whose time is over makes it pending'),
    lifeMs: 1100,
    noProviderStates: true,
    settings: { waitForExpiryMs: 5000 },
    deny: when('expired', (call, next) => {
      const reply = next(call);
      Object.assign(call.session!, { state: 'pending', expiresAt: Infinity });
      return reply;
    }),
    findings: ['REJECT-8/state-changed'],
  },
  {
    ...fault('rejection-revives-denied', 'denying a denied session makes it pending'),
    deny: when('denied', (call, next) => {
      const reply = next(call);
      call.session!.state = 'pending';
      return reply;
    }),
    findings: ['REJECT-8/state-changed'],
  },
  {
    ...fault('rejection-revives-expired', 'denying an expired session makes it pending'),
    deny: when('expired', (call, next) => {
      const reply = next(call);
      Object.assign(call.session!, { state: 'pending', expiresAt: Date.now() + 60_000 });
      return reply;
    }),
    findings: ['REJECT-8/state-changed'],
  },
  {
    ...fault('rejection-completes-expired', 'denying an expired session approves it'),
    deny: when('expired', (call, next) => {
      const reply = next(call);
      Object.assign(call.session!, { state: 'completed', apiKey: newApiKey() });
      return reply;
    }),
    findings: ['REJECT-8/state-changed'],
  },
  {
    ...fault('rejection-removes-completed', 'denying a completed session removes it'),
    deny: when('completed', (call, next) => {
      const reply = next(call);
      call.model.sessions.delete(call.id);
      return reply;
    }),
    findings: ['REJECT-7/state-changed'],
  },
  {
    ...fault('rejection-revokes-key', 'denying a completed session gives it another API key'),
    deny: when('completed', (call, next) => {
      const reply = next(call);
      call.session!.apiKey = newApiKey();
      return reply;
    }),
    findings: ['REJECT-7/key-changed'],
  },
  {
    ...fault('rejection-reopens-completed', 'denying a completed session makes it pending'),
    deny: when('completed', (call, next) => {
      const reply = next(call);
      call.session!.state = 'pending';
      return reply;
    }),
    findings: ['REJECT-7/state-changed'],
  },
  {
    ...fault('expired-can-be-denied', 'an expired session can be denied, and polls as 404 then'),
    deny: when(
      'expired',
      instead((call) => {
        call.session!.state = 'denied';
        return json(200, OK);
      }),
    ),
    findings: ['REJECT-4/accepted'],
  },
  {
    ...fault(
      'expires-when-polled',
      'a session whose time is over can be denied until a poll finds that it has expired',
    ),
    poll: when('expired', (call, next) => {
      call.session!.notes.isFound = true;
      return next(call);
    }),
    deny: when('expired', (call, next) => {
      if (call.session!.notes.isFound) return next(call);
      call.session!.state = 'denied';
      return json(200, OK);
    }),
    findings: ['REJECT-4/accepted'],
  },
  {
    ...fault('rejection-completes-denied', 'denying a denied session approves it'),
    deny: when('denied', (call, next) => {
      const reply = next(call);
      Object.assign(call.session!, { state: 'completed', apiKey: newApiKey() });
      return reply;
    }),
    findings: ['REJECT-8/state-changed'],
  },
];
