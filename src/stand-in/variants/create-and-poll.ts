import { A_WHILE_MS, newApiKey } from '../model';
import { DEVICE_NAME } from '../../catalogue/forms';
import { poll } from '../api';
import { error, json } from '../replies';
import type { Hook, StandInCall, Variant } from '../variant';
import { answer, benign, body, everyNth, fault, header, instead, STACK, status, text, when } from './hooks';

function member(name: string, value: (old: unknown, call: StandInCall) => unknown): Hook {
  return body((all, call) => ({ ...all, [name]: value(all[name], call) }));
}

/** A poll of a copy of the sessions that some changes have not reached. */
const stale: Hook = (call) => poll(call.session && { ...call.session, state: 'pending' });

/** Faults of create and poll, as far as denials rest on them. */
export const CREATE_AND_POLL: Variant[] = [
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
    ...fault('expiry-past', 'a session has expired when it is created'),
    create: member('expiresAt', () => new Date(Date.now() - 60_000).toISOString()),
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
    ...fault('poll-ends-session', 'a second poll of a pending session does not find it'),
    poll: when('pending', (call, next) => {
      const polls = (call.session!.notes.polls = Number(call.session!.notes.polls ?? 0) + 1);
      return polls > 1
        ? (call.model.sessions.delete(call.id), json(404, { message: 'Session not found' }))
        : next(call);
    }),
    findings: ['DENY-4/touched', 'POLL-1/not-pending'],
  },
  {
    ...fault('poll-completes', 'the second poll of a pending session approves it'),
    poll: when('pending', (call, next) => {
      const polls = (call.session!.notes.polls = Number(call.session!.notes.polls ?? 0) + 1);
      if (polls > 1) call.model.complete(call.session!);
      return polls > 1 ? poll(call.session) : next(call);
    }),
    findings: ['DENY-4/touched', 'POLL-1/not-pending'],
  },
  {
    ...fault('poll-pending-500', 'a poll of a pending session is answered 500'),
    poll: when(
      'pending',
      instead(() => error(500, 'Oops')),
    ),
    findings: ['POLL-7/status'],
  },
  {
    ...fault('poll-pending-202', 'a poll of a pending session is answered 202'),
    poll: when(
      'pending',
      answer(() => ({ status: 202 })),
    ),
    findings: ['POLL-7/status'],
  },
  {
    ...fault('poll-every-fifth-500', 'every fifth poll is answered 500'),
    poll: everyNth(
      5,
      instead(() => error(500, 'Oops')),
    ),
    findings: ['POLL-7/status'],
  },
  {
    ...fault('poll-hangs', 'a poll of a pending session is never answered'),
    poll: when(
      'pending',
      answer(() => ({ broken: 'hang' })),
    ),
    findings: ['POLL-7/timeout'],
    settings: { requestTimeoutMs: 300 },
  },
  {
    ...fault('poll-unknown-200-expired', 'an unknown session polls as expired'),
    poll: when('unknown', status(200, { status: 'expired' })),
    findings: ['POLL-3/not-404'],
  },
  {
    ...fault('poll-unknown-pending', 'an unknown session polls as pending'),
    poll: when('unknown', status(200, { status: 'pending', deviceName: 'x' })),
    findings: ['POLL-3/not-404'],
  },
  {
    ...fault('poll-unknown-completed', 'an unknown session polls as completed, with an API key'),
    poll: when('unknown', status(200, { status: 'completed', apiKey: 'pk_nobody_0123456789' })),
    findings: ['POLL-3/not-404'],
  },
  {
    ...fault('poll-unknown-500', 'a poll of an unknown session is answered 500'),
    poll: when('unknown', status(500, { success: false, msg: 'Not found' })),
    findings: ['POLL-7/status'],
  },
  {
    ...fault('poll-unknown-410', 'a poll of an unknown session is answered 410'),
    poll: when('unknown', status(410, { message: 'Gone' })),
    findings: ['POLL-7/undocumented-status'],
  },
  {
    ...fault('poll-unknown-html', 'a poll of an unknown session is answered with an HTML page'),
    poll: when(
      'unknown',
      answer(() => ({ headers: { 'content-type': 'text/html' }, body: '<h1>404</h1>' })),
    ),
    findings: ['WIRE-1/media-type'],
  },
  {
    ...fault('poll-unknown-without-message', 'the response to a poll of an unknown session lacks message'),
    poll: when(
      'unknown',
      body(() => ({ error: 'not found' })),
    ),
    findings: ['POLL-2/schema'],
  },
  {
    ...fault('poll-unknown-stack', 'the response to a poll of an unknown session is a stack trace'),
    poll: when(
      'unknown',
      body(() => ({ message: STACK })),
    ),
    findings: ['WIRE-5/stack-trace'],
  },
  {
    ...fault('poll-denied-410', 'a poll of a denied session is answered 410'),
    poll: when('denied', status(410, { message: 'Gone' })),
    findings: ['POLL-7/undocumented-status'],
  },
  {
    ...fault('poll-denied-500', 'a poll of a denied session is answered 500'),
    poll: when('denied', status(500, { success: false, msg: 'Denied' })),
    findings: ['POLL-7/status'],
  },
  {
    ...fault('poll-denied-status-denied', 'a denied session polls with a status that is not documented'),
    poll: when('denied', status(200, { status: 'denied' })),
    findings: ['POLL-2/schema'],
  },
  {
    ...fault('poll-without-name', 'a pending session polls without its device name'),
    poll: when(
      'pending',
      member('deviceName', () => undefined),
    ),
    findings: ['POLL-2/schema'],
  },
  {
    ...fault('poll-upper-case', 'the status of a poll is in capitals'),
    poll: when(
      'pending',
      member('status', () => 'PENDING'),
    ),
    findings: ['POLL-2/schema'],
  },
  {
    ...fault('poll-null-callback', 'callbackUrl is null where none was given'),
    poll: when(
      'pending',
      member('callbackUrl', (old) => old ?? null),
    ),
    findings: ['POLL-2/schema'],
  },
  {
    ...fault('poll-extra-property', 'a poll has a property that is not documented'),
    poll: when(
      'pending',
      member('createdAt', () => '2026-01-01T00:00:00Z'),
    ),
    findings: ['POLL-2/undocumented-property'],
  },
  {
    ...fault('poll-pending-with-key', 'a pending session polls with an API key'),
    poll: when(
      'pending',
      member('apiKey', () => newApiKey()),
    ),
    findings: ['WIRE-4/secret-shown'],
  },
  {
    ...fault('poll-pending-with-url', 'a poll shows the verification URL'),
    poll: when(
      'pending',
      member('verificationUrl', (_old, call) => `http://127.0.0.1/verify?session=${call.id}`),
    ),
    findings: ['POLL-2/undocumented-property'],
  },
  {
    ...fault('name-escaped', 'deviceName comes back escaped for HTML'),
    poll: when(
      'pending',
      member('deviceName', (old) => String(old).replaceAll('&', '&amp;').replaceAll("'", '&#39;')),
    ),
    findings: ['POLL-4/not-returned'],
  },
  {
    ...fault('name-ascii', 'deviceName comes back in ASCII'),
    poll: when(
      'pending',
      member('deviceName', (old) => String(old).replace(/[^\0-\x7f]/g, '?')),
    ),
    findings: ['POLL-4/not-returned'],
  },
  {
    ...fault('name-without-tags', 'deviceName comes back without what looks like a tag'),
    poll: when(
      'pending',
      member('deviceName', (old) => String(old).replace(/<.*/, '')),
    ),
    findings: ['POLL-4/not-returned'],
  },
  {
    ...fault('name-of-a-form', 'deviceName comes back with spaces for plus signs'),
    poll: when(
      'pending',
      member('deviceName', (old) => String(old).replaceAll('+', ' ')),
    ),
    findings: ['POLL-4/not-returned'],
  },
  {
    ...fault('name-100-bytes', 'deviceName comes back cut to 100 bytes'),
    poll: when(
      'pending',
      member('deviceName', (old) =>
        String(old).startsWith(`${DEVICE_NAME}.`)
          ? Buffer.from(String(old)).subarray(0, 100).toString()
          : old,
      ),
    ),
    findings: ['POLL-4/not-returned'],
  },
  {
    ...fault('callback-cut', 'callbackUrl comes back cut to 255 characters'),
    poll: when(
      'pending',
      member('callbackUrl', (old) => (typeof old === 'string' ? old.slice(0, 255) : old)),
    ),
    findings: ['POLL-4/not-returned'],
  },
  {
    ...fault('name-cut', 'deviceName comes back cut to 64 characters'),
    poll: when(
      'pending',
      member('deviceName', (old) => String(old).slice(0, 64)),
    ),
    findings: ['POLL-4/not-returned'],
  },
  {
    ...fault('name-without-planes', 'deviceName comes back without what is beyond 16 bits'),
    poll: when(
      'pending',
      member('deviceName', (old) => String(old).replace(/[\u{10000}-\u{10ffff}]/gu, '')),
    ),
    findings: ['POLL-4/not-returned'],
  },
  {
    ...fault('callback-dropped', 'callbackUrl does not come back'),
    poll: when(
      'pending',
      member('callbackUrl', () => undefined),
    ),
    findings: ['POLL-4/not-returned'],
  },
  {
    ...fault('callback-decoded', 'callbackUrl comes back decoded'),
    poll: when(
      'pending',
      member('callbackUrl', (old) => (typeof old === 'string' ? decodeURIComponent(old) : old)),
    ),
    findings: ['POLL-4/not-returned'],
  },
  {
    ...fault('completed-polls-pending', 'a completed session polls as pending'),
    poll: when('completed', stale),
    findings: ['POLL-5/not-completed'],
  },
  {
    ...fault('completed-without-key', 'a completed session polls without an API key'),
    poll: when(
      'completed',
      member('apiKey', () => undefined),
    ),
    findings: ['POLL-2/schema'],
  },
  {
    ...fault('completed-empty-key', 'the API key of a completed session is empty'),
    poll: when(
      'completed',
      member('apiKey', () => ''),
    ),
    findings: ['POLL-5/no-key'],
  },
  {
    ...fault('completed-polls-approved', 'a completed session polls with a status that is not documented'),
    poll: when(
      'completed',
      member('status', () => 'approved'),
    ),
    findings: ['POLL-2/schema'],
  },
  {
    ...fault('fresh-not-found', 'a session is not found by its first poll'),
    poll: when(['pending', 'completed', 'expired'], (call, next) => {
      const { notes } = call.session!;
      if (notes.found) return next(call);
      notes.found = true;
      return json(404, { message: 'Session not found' });
    }),
    findings: ['POLL-1/not-pending'],
  },
  {
    ...fault('completed-key-changes', 'each poll of a completed session shows another API key'),
    poll: when(
      'completed',
      member('apiKey', () => newApiKey()),
    ),
    findings: ['POLL-5/key-changed'],
  },
  {
    ...fault('completed-once', 'a completed session shows its API key to one poll, and is gone'),
    poll: when('completed', (call, next) => {
      const { notes } = call.session!;
      if (notes.shown) return json(404, { message: 'Session not found' });
      notes.shown = true;
      return next(call);
    }),
    findings: ['POLL-5/not-completed'],
  },
  {
    ...fault('expired-polls-pending', 'an expired session polls as pending'),
    poll: when('expired', stale),
    findings: ['POLL-8/still-pending'],
  },
  {
    ...fault('expired-yields-key', 'an expired session polls as completed'),
    poll: when('expired', status(200, { status: 'completed', apiKey: newApiKey() })),
    findings: ['POLL-8/yields-key'],
  },
  {
    ...fault('never-expires', 'a session does not expire when it said'),
    lifeMs: 1100,
    noProviderStates: true,
    settings: { waitForExpiryMs: 5000 },
    create: (call, next) => {
      const reply = next(call);
      for (const session of call.model.sessions.values()) session.expiresAt = Infinity;
      return reply;
    },
    findings: ['POLL-8/still-pending'],
  },
  {
    ...fault('poll-extends-life', 'a pending session that was polled does not expire any more'),
    lifeMs: 1100,
    noProviderStates: true,
    settings: { waitForExpiryMs: 5000 },
    poll: when('pending', (call, next) => {
      call.session!.expiresAt = Infinity;
      return next(call);
    }),
    findings: ['POLL-8/still-pending'],
  },
  {
    ...fault('expired-by-itself-can-be-denied', 'a session whose time is over can be denied'),
    lifeMs: 1100,
    noProviderStates: true,
    settings: { waitForExpiryMs: 5000 },
    deny: when(
      'expired',
      instead(() => json(200, { success: true })),
    ),
    findings: ['REJECT-4/accepted'],
  },
  {
    dependsOnWholeRun: true,
    ...fault('replica-late', 'every second poll is of a copy that does not know of denials'),
    poll: everyNth(2, when('denied', stale)),
    findings: ['DENY-2/still-pending'],
  },
  {
    dependsOnWholeRun: true,
    ...fault('replica-unaware', 'every third poll is of a copy that knows no sessions'),
    poll: everyNth(
      3,
      when(
        'pending',
        instead(() => json(404, { message: 'Session not found' })),
      ),
    ),
    findings: ['POLL-1/not-pending'],
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
