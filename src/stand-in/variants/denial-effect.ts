import { poll } from '../api';
import { A_WHILE_MS, type Model, newApiKey, type Session } from '../model';
import { error, json } from '../replies';
import type { ApprovalHook, Hook, Reply, Variant } from '../variant';
import { countIn, fault, header, instead, when } from './hooks';

/** A denied session polls like this when a while has passed. */
function aWhileAfterDenial(
  answerTo: (session: Session) => Reply,
): Pick<Variant, 'settings' | 'lifeMs' | 'deny' | 'poll'> {
  return {
    settings: { settleMs: 700 },
    lifeMs: 24 * 3_600_000,
    deny: when('pending', (call, next) => {
      call.session!.notes.deniedAt = call.model.now();
      return next(call);
    }),
    poll: when('denied', (call, next) => {
      const session = call.session!;
      return call.model.now() - Number(session.notes.deniedAt) > A_WHILE_MS ? answerTo(session) : next(call);
    }),
  };
}

/** Notes with which body a session was created. */
const noteBody: Hook = (call, next) => {
  const reply = next(call);
  const newest = [...call.model.sessions.values()].at(-1);
  if (newest) newest.notes.createdWith = call.body;
  return reply;
};

const notePolled: Hook = (call, next) => {
  if (call.session) call.session.notes.polled = true;
  return next(call);
};

const TOO_LATE: Reply = error(409, 'This session can no longer be approved');

/** What the approval of a denied session does, although it is refused. */
function late(effect: (session: Session, model: Model) => unknown): ApprovalHook {
  return (session, model, next) => {
    if (session.state !== 'denied') return next();
    effect(session, model);
    return TOO_LATE;
  };
}

/** Faults of what the denial of a pending session does, and of which denials are accepted. */
export const DENIAL_EFFECT: Variant[] = [
  {
    ...fault('denial-does-nothing', 'a denied session stays pending'),
    deny: when(
      'pending',
      instead(() => json(200, { success: true })),
    ),
    findings: ['DENY-2/still-pending', 'REJECT-2/accepted'],
  },
  {
    ...fault('denial-done-late', 'a denied session polls as pending for a while'),
    poll: (call, next) =>
      call.session?.state === 'denied' && !call.session.notes.late
        ? ((call.session.notes.late = true), poll({ ...call.session, state: 'pending' }))
        : next(call),
    findings: ['DENY-2/still-pending'],
  },
  {
    ...fault(
      'denial-undone-on-second-poll',
      'a denied session polls as pending again from the second poll on',
    ),
    poll: (call, next) => {
      if (call.session?.state !== 'denied') return next(call);
      const polls = countIn(call.session.notes, 'polls');
      if (polls > 1) call.session.state = 'pending';
      return polls > 1 ? poll(call.session) : next(call);
    },
    findings: ['DENY-2/still-pending'],
  },
  {
    ...fault('denial-undone-after-a-while', 'a denied session comes back after a while'),
    ...aWhileAfterDenial((session) => poll({ ...session, state: 'pending' })),
    findings: ['DENY-2/still-pending'],
  },
  {
    ...fault('denial-yields-key-after-a-while', 'a denied session yields an API key after a while'),
    ...aWhileAfterDenial((session) => poll({ ...session, state: 'completed', apiKey: newApiKey() })),
    findings: ['DENY-5/yields-key'],
  },
  {
    ...fault('denial-only-of-polled', 'a denial does nothing to a session that was never polled'),
    poll: notePolled,
    deny: when('pending', (call, next) =>
      call.session?.notes.polled ? next(call) : json(200, { success: true }),
    ),
    findings: ['DENY-7/still-pending'],
  },
  {
    ...fault('denial-does-nothing-with-callback', 'a denial does nothing to a session with a callbackUrl'),
    deny: when('pending', (call, next) =>
      call.session?.callbackUrl ? json(200, { success: true }) : next(call),
    ),
    findings: ['DENY-2/still-pending'],
  },
  {
    ...fault('denial-only-of-unpolled', 'a session that was polled cannot be denied any more'),
    poll: notePolled,
    deny: when('pending', (call, next) => (call.session?.notes.polled ? error(500, 'In use') : next(call))),
    findings: ['DENY-1/status'],
  },
  {
    ...fault('denial-not-with-callback', 'a session with a callbackUrl cannot be denied'),
    deny: when('pending', (call, next) =>
      call.session?.callbackUrl ? error(500, 'Unsupported') : next(call),
    ),
    findings: ['DENY-6/status'],
  },
  {
    ...fault('denial-not-beyond-ascii', 'a session of a device with a name beyond ASCII cannot be denied'),
    deny: when('pending', (call, next) =>
      /[^\0-\x7f]/.test(call.session?.deviceName ?? '') ? error(500, 'Encoding error') : next(call),
    ),
    findings: ['DENY-6/status'],
  },
  {
    ...fault('denial-not-of-nameless', 'a session that was created without a device name cannot be denied'),
    deny: when('pending', (call, next) =>
      call.session?.deviceName === 'Unknown device' ? error(500, 'No device') : next(call),
    ),
    findings: ['DENY-6/status'],
  },
  {
    ...fault('denial-not-when-older', 'a session can only be denied in its first moments'),
    settings: { settleMs: 700 },
    lifeMs: 24 * 3_600_000,
    deny: when('pending', (call, next) =>
      call.model.now() - (call.session?.createdAt ?? 0) > A_WHILE_MS ? error(500, 'Too late') : next(call),
    ),
    findings: ['DENY-9/status'],
  },
  {
    ...fault('denial-not-of-bodiless', 'a session that was created without a body cannot be denied'),
    create: noteBody,
    deny: when('pending', (call, next) =>
      call.session?.notes.createdWith === '' ? error(500, 'No device') : next(call),
    ),
    findings: ['DENY-6/status'],
  },
  {
    ...fault(
      'denial-does-nothing-to-bodiless',
      'a denial does nothing to a session that was created without a body',
    ),
    create: noteBody,
    deny: when('pending', (call, next) =>
      call.session?.notes.createdWith === '' ? json(200, { success: true }) : next(call),
    ),
    findings: ['DENY-7/still-pending'],
  },
  {
    ...fault('denial-does-nothing-when-older', 'a denial does nothing to a session beyond its first moments'),
    settings: { settleMs: 700 },
    lifeMs: 24 * 3_600_000,
    deny: when('pending', (call, next) =>
      call.model.now() - (call.session?.createdAt ?? 0) > A_WHILE_MS
        ? json(200, { success: true })
        : next(call),
    ),
    findings: ['DENY-2/still-pending'],
  },
  {
    ...fault('denial-once-per-connection', 'a connection carries one denial only; the next one does nothing'),
    deny: when('pending', (call, next) => (call.reuses > 0 ? json(200, { success: true }) : next(call))),
    findings: ['DENY-2/still-pending'],
  },
  {
    ...fault('denial-refused-on-kept-connection', 'the second denial on a connection is refused'),
    deny: when('pending', (call, next) => (call.reuses > 0 ? error(500, 'Busy') : next(call))),
    findings: ['DENY-6/status'],
  },
  {
    ...fault('denial-of-another', 'the other session is denied that was polled last'),
    poll: when('pending', (call, next) => {
      const others = (call.model.notes.polled ?? []) as Session[];
      call.model.notes.polled = [call.session!, ...others.filter((one) => one !== call.session)];
      return next(call);
    }),
    deny: when('pending', ({ session, model }) => {
      const polled = (model.notes.polled ?? []) as Session[];
      const other = polled.find((one) => one.state === 'pending' && one !== session);
      if (other) model.deny(other);
      return json(200, { success: true });
    }),
    findings: ['DENY-2/still-pending', 'DENY-4/touched', 'REJECT-2/accepted'],
  },
  {
    ...fault('denial-of-all', 'a denial denies all pending sessions'),
    deny: when('pending', (call, next) => {
      const reply = next(call);
      for (const session of call.model.sessions.values()) call.model.deny(session);
      return reply;
    }),
    findings: ['DENY-4/touched'],
  },
  {
    ...fault('denial-of-the-device', 'a denial denies all pending sessions of the same device'),
    deny: when('pending', (call, next) => {
      const reply = next(call);
      for (const session of call.model.sessions.values())
        if (session.deviceName === call.session?.deviceName) call.model.deny(session);
      return reply;
    }),
    findings: ['DENY-4/touched'],
  },
  {
    ...fault('denial-of-the-callback', 'a denial denies all pending sessions with the same callbackUrl'),
    deny: when('pending', (call, next) => {
      const reply = next(call);
      const { callbackUrl } = call.session ?? {};
      for (const session of call.model.sessions.values())
        if (callbackUrl !== undefined && session.callbackUrl === callbackUrl) call.model.deny(session);
      return reply;
    }),
    findings: ['DENY-4/touched'],
  },
  {
    ...fault('denial-replaces-keys', 'a denial gives the completed sessions of the device other API keys'),
    deny: when('pending', (call, next) => {
      const reply = next(call);
      for (const session of call.model.sessions.values())
        if (session.state === 'completed' && session.deviceName === call.session?.deviceName)
          session.apiKey = newApiKey();
      return reply;
    }),
    findings: ['REJECT-7/key-changed'],
  },
  {
    ...fault('denial-revives-expired', 'a denial makes expired sessions pending again'),
    deny: when('pending', (call, next) => {
      const reply = next(call);
      for (const session of call.model.sessions.values())
        if (session.state === 'expired')
          Object.assign(session, { state: 'pending', expiresAt: call.model.now() + 60_000 });
      return reply;
    }),
    findings: ['POLL-8/still-pending'],
  },
  {
    ...fault('denial-completes', 'a denial approves the session'),
    deny: when(
      'pending',
      (call) => (call.session && call.model.complete(call.session), json(200, { success: true })),
    ),
    findings: ['DENY-5/yields-key'],
  },
  {
    ...fault('denial-open-to-late-approval', 'a denied session can still be approved'),
    approve: late((session, model) => {
      session.state = 'pending';
      model.complete(session);
    }),
    findings: ['DENY-5/yields-key'],
  },
  {
    ...fault('late-approval-reopens', 'a late approval is refused, and makes the denied session pending'),
    approve: late((session) => (session.state = 'pending')),
    findings: ['DENY-2/still-pending'],
  },
  {
    ...fault('denial-needs-accept', 'a denial is refused unless Accept names JSON'),
    deny: (call, next) =>
      /json/.test(call.headers.accept ?? '') ? next(call) : error(406, 'Not acceptable'),
    findings: ['DENY-1/status'],
  },
  {
    ...fault(
      'denial-needs-content-type',
      'the denial of a pending session is refused without a Content-Type',
    ),
    deny: when('pending', (call, next) =>
      call.headers['content-type'] ? next(call) : error(415, 'Unsupported media type'),
    ),
    findings: ['DENY-1/status'],
  },
  {
    ...fault('denial-needs-body', 'the denial of a pending session is refused without a body'),
    deny: when('pending', (call, next) => (call.body ? next(call) : error(400, 'Body required'))),
    findings: ['DENY-1/status'],
  },
  {
    ...fault('denial-needs-credentials', 'the denial of a pending session requires credentials'),
    deny: when('pending', (call, next) =>
      call.headers.authorization ? next(call) : error(401, 'Unauthorized'),
    ),
    findings: ['DENY-1/status'],
  },
  {
    ...fault('denial-needs-cookie', 'the denial of a pending session wants the cookie of the create'),
    create: header('set-cookie', () => 'csrf=1; Path=/'),
    deny: when('pending', (call, next) => (call.headers.cookie ? next(call) : error(403, 'Forbidden'))),
    findings: ['DENY-1/status'],
  },
];
