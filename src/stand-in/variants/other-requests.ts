import { A_WHILE_MS } from '../model';
import { error, json } from '../replies';
import type { Hook, Variant } from '../variant';
import { fault } from './hooks';

const denyAll: Hook = (call, next) => {
  for (const session of call.model.sessions.values()) call.model.deny(session);
  return next(call);
};

const denyNamed: Hook = (call, next) => {
  if (call.session) call.model.deny(call.session);
  return next(call);
};

/** Faults of other methods and paths. */
export const OTHER_REQUESTS: Variant[] = [
  {
    ...fault('head-denies', 'HEAD denies a session'),
    other: (call, next) => (call.method === 'HEAD' ? denyNamed(call, next) : next(call)),
    findings: ['ID-6/touched'],
  },
  {
    ...fault('head-denies-later', 'HEAD denies a session after a while'),
    settings: { settleMs: 700 },
    lifeMs: 24 * 3_600_000,
    every: (call, next) => {
      const { method, session, model } = call;
      if (session && method === 'HEAD') session.notes.askedAt = model.now();
      if (session && model.now() - Number(session.notes.askedAt ?? Infinity) > A_WHILE_MS)
        model.deny(session);
      return next(call);
    },
    findings: ['ID-6/touched'],
  },
  {
    ...fault('head-locks', 'after a HEAD a session can no longer be denied'),
    other: (call, next) => {
      if (call.session && call.method === 'HEAD') call.session.notes.isLocked = true;
      return next(call);
    },
    deny: (call, next) => (call.session?.notes.isLocked ? error(500, 'Locked') : next(call)),
    findings: ['DENY-1/status'],
  },
  {
    ...fault('options-denies', 'OPTIONS denies a session'),
    other: (call, next) => (call.method === 'OPTIONS' ? denyNamed(call, next) : next(call)),
    findings: ['ID-6/touched'],
  },
  {
    ...fault('override-denies', 'a GET with X-HTTP-Method-Override: DELETE denies a session'),
    poll: (call, next) =>
      call.headers['x-http-method-override'] === 'DELETE' ? denyNamed(call, next) : next(call),
    findings: ['ID-6/touched'],
  },
  {
    ...fault('preflight-denies', 'the OPTIONS that asks for DELETE denies a session'),
    other: (call, next) =>
      call.headers['access-control-request-method'] === 'DELETE' ? denyNamed(call, next) : next(call),
    findings: ['ID-6/touched'],
  },
  {
    ...fault(
      'other-overrides-deny',
      'a GET that says DELETE in another header or in its query denies a session',
    ),
    poll: (call, next) =>
      call.headers['x-http-method'] || call.headers['x-method-override'] || call.query.get('method')
        ? denyNamed(call, next)
        : next(call),
    findings: ['ID-6/touched'],
  },
  {
    ...fault('collection-delete-denies-all', 'a DELETE of the collection denies all sessions'),
    other: (call, next) =>
      call.method === 'DELETE' && call.path.endsWith('/sessions') ? denyAll(call, next) : next(call),
    findings: ['ID-7/touched'],
  },
  {
    ...fault(
      'collection-delete-removes-all',
      'a DELETE of the collection removes all sessions, also completed ones',
    ),
    other: (call, next) => {
      if (call.method === 'DELETE' && call.path.endsWith('/sessions')) call.model.sessions.clear();
      return next(call);
    },
    findings: ['ID-7/touched'],
  },
  {
    ...fault('empty-id-denies-all', 'a DELETE with an empty id denies all sessions'),
    other: (call, next) =>
      call.method === 'DELETE' && call.path.endsWith('/') ? denyAll(call, next) : next(call),
    findings: ['ID-7/touched'],
  },
  {
    ...fault('put-denies', 'PUT denies a session'),
    other: (call, next) => (call.method === 'PUT' ? denyNamed(call, next) : next(call)),
    findings: ['ID-7/touched'],
  },
  {
    ...fault('post-denies', 'POST on a session denies it'),
    other: (call, next) => (call.method === 'POST' ? denyNamed(call, next) : next(call)),
    findings: ['ID-7/touched'],
  },
  {
    ...fault('patch-completes', 'PATCH approves a session'),
    other: (call, next) => (
      call.method === 'PATCH' && call.session && call.model.complete(call.session),
      next(call)
    ),
    findings: ['ID-7/touched'],
  },
  {
    ...fault('put-shows-trace', 'the response to a PUT, which is not documented, shows a stack trace'),
    other: (call, next) =>
      call.method === 'PUT'
        ? error(500, 'TypeError: no such handler\n    at put (/srv/app/sessions.js:12:5)')
        : next(call),
    findings: ['WIRE-5/stack-trace'],
  },
  {
    ...fault(
      'delete-of-all-shows-ids',
      'the response to a DELETE of the collection shows the ids of all sessions',
    ),
    other: (call, next) =>
      call.method === 'DELETE' ? json(405, { sessions: [...call.model.sessions.keys()] }) : next(call),
    findings: ['WIRE-4/secret-shown'],
  },
];
