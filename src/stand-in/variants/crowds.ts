import { error } from '../replies';
import type { Variant } from '../variant';
import { fault } from './hooks';

/** Faults by which a create, or a copy of what was read before, gets in the way of other sessions. */
export const CROWDS: Variant[] = [
  {
    ...fault(
      'create-ends-the-oldest',
      'a sixth session that is pending at the same time ends the oldest one',
    ),
    create: (call, next) => {
      const pending = [...call.model.sessions.values()].filter(({ state }) => state === 'pending');
      const [oldest] = pending;
      if (oldest && pending.length >= 5) oldest.state = 'denied';
      return next(call);
    },
    findings: ['DENY-9/not-pending'],
  },
  {
    ...fault('create-ends-the-device', 'a create ends the earlier sessions of its device'),
    create: (call, next) => {
      const earlier = [...call.model.sessions.values()].filter(({ state }) => state === 'pending');
      const reply = next(call);
      const newest = [...call.model.sessions.values()].at(-1);
      for (const one of earlier) if (one.deviceName === newest?.deviceName) one.state = 'denied';
      return reply;
    },
    findings: ['DENY-4/touched', 'POLL-1/not-pending'],
  },
  {
    ...fault('create-ends-the-callback', 'a create ends the earlier sessions with its callbackUrl'),
    create: (call, next) => {
      const earlier = [...call.model.sessions.values()].filter(({ state }) => state === 'pending');
      const reply = next(call);
      const { callbackUrl } = [...call.model.sessions.values()].at(-1) ?? {};
      for (const one of earlier)
        if (callbackUrl !== undefined && one.callbackUrl === callbackUrl) one.state = 'denied';
      return reply;
    },
    findings: ['DENY-4/touched'],
  },
  {
    ...fault('denial-blocks-the-device', 'a device whose session was denied can create no more'),
    create: (call, next) => {
      const { deviceName: name } = JSON.parse(call.body || '{}') as { deviceName?: string };
      const isBlocked = [...call.model.sessions.values()].some(
        ({ deviceName, state }) => deviceName === name && state === 'denied',
      );
      return isBlocked ? error(500, 'This device is blocked') : next(call);
    },
    findings: ['CREATE-1/status'],
  },
  {
    ...fault(
      'polls-cached',
      'what a poll has shown of a session is shown again for a while, whatever was done',
    ),
    poll: (call, next) => {
      const { session, model } = call;
      if (!session) return next(call);
      const cached = session.notes.cached as { reply: ReturnType<typeof next>; until: number } | undefined;
      if (cached && cached.until > model.now()) return cached.reply;
      const reply = next(call);
      session.notes.cached = { reply, until: model.now() + 2000 };
      return reply;
    },
    findings: ['DENY-2/still-pending'],
  },
];
