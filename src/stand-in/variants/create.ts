import { poll } from '../api';
import { A_WHILE_MS } from '../model';
import { error, json } from '../replies';
import type { Variant } from '../variant';
import { answer, benign, body, fault, header, instead, member, text, when } from './hooks';

/** Faults of create, as far as denials rest on it. */
export const CREATE: Variant[] = [
  {
    ...fault('create-200', 'a create is answered 200'),
    create: answer(() => ({ status: 200 })),
    findings: ['CREATE-1/status'],
  },
  {
    ...fault('create-500', 'a create is answered 500'),
    create: instead(() => error(500, 'Out of order')),
    findings: ['CREATE-1/status'],
  },
  {
    ...fault('create-needs-name', 'a create without a device name is refused'),
    create: (call, next) =>
      call.body.includes('deviceName') ? next(call) : error(500, 'deviceName is required'),
    findings: ['CREATE-7/status'],
  },
  {
    ...fault('create-needs-body', 'a create without a body is refused'),
    create: (call, next) => (call.body === '' ? error(400, 'A body is required') : next(call)),
    findings: ['CREATE-7/status'],
  },
  {
    ...fault('create-refuses-callback', 'a create with a callbackUrl is refused'),
    create: (call, next) => (call.body.includes('callbackUrl') ? error(500, 'Unknown property') : next(call)),
    findings: ['CREATE-7/status'],
  },
  {
    ...fault('create-callback-503', 'a create with a callbackUrl is answered 503, as a gateway would'),
    create: (call, next) => (call.body.includes('callbackUrl') ? error(503, 'Unavailable') : next(call)),
    findings: ['CREATE-7/status'],
    settings: { requestTimeoutMs: 500 },
  },
  {
    ...fault('create-refuses-100', 'a device name of 100 characters is refused'),
    create: (call, next) => (/(?:\.é){20}/.test(call.body) ? error(500, 'Too long') : next(call)),
    findings: ['CREATE-7/status'],
  },
  {
    ...fault('create-hangs', 'a create is never answered'),
    create: answer(() => ({ broken: 'hang' })),
    findings: ['CREATE-1/timeout'],
    settings: { requestTimeoutMs: 300 },
  },
  {
    ...fault('create-resets', 'a create closes the connection'),
    create: answer(() => ({ broken: 'reset' })),
    findings: ['CREATE-1/no-answer'],
  },
  {
    ...fault('create-without-id', 'the response to a create lacks sessionId'),
    create: member('sessionId', () => undefined),
    findings: ['CREATE-2/schema'],
  },
  {
    ...fault('create-without-url', 'the response to a create lacks verificationUrl'),
    create: member('verificationUrl', () => undefined),
    findings: ['CREATE-2/schema'],
  },
  {
    ...fault('create-numeric-expiry', 'expiresAt is a number'),
    create: member('expiresAt', () => Date.now() + 60_000),
    findings: ['CREATE-2/schema'],
  },
  {
    ...fault('create-extra-property', 'the response to a create has a property that is not documented'),
    create: member('status', () => 'pending'),
    findings: ['CREATE-2/undocumented-property'],
  },
  {
    ...fault('create-text-html', 'the response to a create is labelled text/html'),
    create: header('content-type', () => 'text/html'),
    findings: ['WIRE-1/media-type'],
  },
  {
    ...fault('create-trailing-comma', 'a comma stands behind the JSON of the response to a create'),
    create: text((one) => `${one},`),
    findings: ['WIRE-2/json'],
  },
  {
    ...fault('create-id-in-cookie', 'a create sets a cookie with the session id'),
    create: header(
      'set-cookie',
      (_call, reply) => `sid=${(JSON.parse(String(reply.body)) as { sessionId: string }).sessionId}`,
    ),
    findings: ['WIRE-4/secret-shown'],
  },
  {
    ...fault('create-url-in-header', 'a create shows the verification URL in a header of its own'),
    create: header(
      'x-verification-url',
      (_call, reply) => (JSON.parse(String(reply.body)) as { verificationUrl: string }).verificationUrl,
    ),
    findings: ['WIRE-4/secret-shown'],
  },
  {
    ...fault('create-shows-other-id', 'a create shows the id of the session before'),
    create: (call, next) => {
      const reply = next(call);
      const before = call.model.notes.before as string | undefined;
      const value = JSON.parse(String(reply.body)) as { sessionId: string };
      call.model.notes.before = value.sessionId;
      return { ...reply, headers: { ...reply.headers, ...(before && { 'x-previous': before }) } };
    },
    findings: ['WIRE-4/secret-shown'],
  },
  {
    ...fault('expiry-past', 'a session has expired when it is created, by its expiresAt'),
    create: member('expiresAt', () => new Date(Date.now() - 60_000).toISOString()),
    findings: ['CREATE-5/already-expired'],
  },
  {
    ...fault(
      'expired-when-created',
      'a session has expired when it is created, by its expiresAt and by polls',
    ),
    create: (call, next) => {
      const reply = next(call);
      const session = [...call.model.sessions.values()].at(-1);
      if (session) session.state = 'expired';
      return member('expiresAt', () => new Date(Date.now() - 60_000).toISOString())(call, () => reply);
    },
    findings: ['CREATE-5/already-expired'],
  },
  {
    ...fault('expiry-no-date', 'expiresAt is no timestamp'),
    create: member('expiresAt', () => 'in ten minutes'),
    findings: ['CREATE-5/not-iso-8601'],
  },
  {
    ...fault('expiry-with-space', 'expiresAt has a space for the T'),
    create: member('expiresAt', (old) => String(old).replace('T', ' ')),
    findings: ['CREATE-5/not-iso-8601'],
  },
  {
    ...fault('expiry-rfc-1123', 'expiresAt is an HTTP date'),
    create: member('expiresAt', (old) => new Date(String(old)).toUTCString()),
    findings: ['CREATE-5/not-iso-8601'],
  },
  {
    ...fault('expiry-february-30', 'expiresAt is a day that does not exist'),
    create: member('expiresAt', () => '2999-02-30T12:00:00Z'),
    findings: ['CREATE-5/not-iso-8601'],
  },
  {
    ...fault('expiry-epoch-string', 'expiresAt is seconds as a string'),
    create: member('expiresAt', () => String(Math.round(Date.now() / 1000) + 600)),
    findings: ['CREATE-5/not-iso-8601'],
  },
  {
    ...fault('url-relative', 'verificationUrl is relative'),
    create: member('verificationUrl', (old) => new URL(String(old)).pathname),
    findings: ['CREATE-6/not-absolute'],
  },
  {
    ...fault('url-without-scheme', 'verificationUrl has no scheme'),
    create: member('verificationUrl', (old) => String(old).replace('http://', '')),
    findings: ['CREATE-6/not-absolute'],
  },
  {
    ...fault('url-javascript', 'verificationUrl is a script'),
    create: member('verificationUrl', () => 'javascript:alert(1)'),
    findings: ['CREATE-6/not-absolute'],
  },
  {
    ...fault('url-template', 'verificationUrl is a template that nobody filled in'),
    create: member('verificationUrl', () => 'https://app.example/verify?session={sessionId}'),
    findings: ['CREATE-6/not-absolute'],
  },
  {
    ...fault('url-null', 'verificationUrl has "null" in place of the session'),
    create: member('verificationUrl', () => 'https://app.example/verify?session=null'),
    findings: ['CREATE-6/not-absolute'],
  },
  {
    ...fault('create-wrapped', 'the response to a create is wrapped in data'),
    create: body((value) => ({ data: value })),
    findings: ['CREATE-2/schema'],
  },
  {
    ...fault('create-refuses-2048', 'a callbackUrl of 2048 characters is refused'),
    create: (call, next) => (call.body.length > 2000 ? error(500, 'Too long') : next(call)),
    findings: ['CREATE-7/status'],
  },
  {
    ...fault('url-undefined-host', 'verificationUrl has no host'),
    create: member('verificationUrl', () => 'https:///verify'),
    findings: ['CREATE-6/not-absolute'],
  },
  {
    ...fault('create-names-twice', 'the response to a create names two session ids'),
    create: text((one) => one.replace('{', '{"sessionId":"first",')),
    findings: ['WIRE-2/json'],
  },
  {
    ...fault('create-stores-nothing', 'a create is answered, and no session is stored'),
    create: (call, next) => {
      const reply = next(call);
      const newest = [...call.model.sessions.keys()].at(-1) ?? '';
      call.model.sessions.delete(newest);
      return reply;
    },
    findings: ['POLL-1/not-pending'],
  },
  {
    ...fault('create-not-stored-at-once', 'a fresh session polls as 404 once'),
    poll: when('pending', (call, next) =>
      call.session!.notes.polled
        ? next(call)
        : ((call.session!.notes.polled = true), json(404, { message: 'Session not found' })),
    ),
    findings: ['POLL-1/not-pending'],
  },
  {
    dependsOnWholeRun: true,
    ...fault(
      'created-late-after-a-denial',
      'once a session was denied, a new one is not found by its first poll',
    ),
    create: (call, next) => {
      const before = new Set(call.model.sessions.values());
      const reply = next(call);
      for (const session of call.model.sessions.values())
        if (!before.has(session)) session.notes.late = call.model.notes.denied;
      return reply;
    },
    deny: when('pending', (call, next) => {
      call.model.notes.denied = true;
      return next(call);
    }),
    poll: when('pending', (call, next) => {
      if (!call.session!.notes.late) return next(call);
      call.session!.notes.late = false;
      return poll(undefined);
    }),
    findings: ['POLL-1/not-pending'],
  },
  {
    ...fault('ends-when-idle', 'a session ends when no request has named it for a while'),
    settings: { settleMs: 700 },
    lifeMs: 24 * 3_600_000,
    every: (call, next) => {
      const { session, model } = call;
      if (!session) return next(call);
      if (model.now() - Number(session.notes.namedAt ?? session.createdAt) > A_WHILE_MS)
        model.expire(session);
      session.notes.namedAt = model.now();
      return next(call);
    },
    findings: ['DENY-9/not-pending'],
  },
  {
    ...benign('location', 'the response to a create has a Location'),
    create: header(
      'location',
      (_call, reply) =>
        `/api/v1/api/auth/sessions/${(JSON.parse(String(reply.body)) as { sessionId: string }).sessionId}`,
    ),
  },
];
