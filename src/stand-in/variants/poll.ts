import { poll } from '../api';
import { newApiKey } from '../model';
import { error, json } from '../replies';
import type { Hook, Variant } from '../variant';
import {
  answer,
  benign,
  body,
  countIn,
  everyNth,
  fault,
  instead,
  member,
  STACK,
  status,
  when,
} from './hooks';

/** A poll of a copy of the sessions that some changes have not reached. */
const stale: Hook = (call) => poll(call.session && { ...call.session, state: 'pending' });

/** Faults of poll, as far as denials rest on it. */
export const POLL: Variant[] = [
  {
    ...fault('poll-ends-session', 'a second poll of a pending session does not find it'),
    poll: when('pending', (call, next) => {
      const polls = countIn(call.session!.notes, 'polls');
      return polls > 1
        ? (call.model.sessions.delete(call.id), json(404, { message: 'Session not found' }))
        : next(call);
    }),
    findings: ['DENY-4/touched', 'POLL-1/not-pending'],
  },
  {
    ...fault('poll-completes', 'the second poll of a pending session approves it'),
    poll: when('pending', (call, next) => {
      const polls = countIn(call.session!.notes, 'polls');
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
    ...fault('poll-denied-503', 'a poll of a denied session is answered 503, as a gateway would'),
    poll: when('denied', status(503, { message: 'Unavailable' })),
    findings: ['POLL-7/status'],
    settings: { requestTimeoutMs: 500 },
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
    ...benign('denied-expired', 'a denied session polls as expired'),
    poll: when('denied', (call) => poll({ ...call.session!, state: 'expired' })),
  },
];
