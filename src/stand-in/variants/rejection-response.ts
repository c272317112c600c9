import { error, json } from '../replies';
import type { Variant } from '../variant';
import { answer, body, countIn, fault, instead, OK, status, text, when } from './hooks';

/** Faults of the response to the denial of a session that is not pending. */
export const REJECTION_RESPONSE: Variant[] = [
  {
    ...fault('unknown-accepted', 'denying an unknown session is answered 200'),
    deny: when('unknown', status(200, OK)),
    findings: ['REJECT-1/accepted'],
  },
  {
    ...fault('unknown-accepted-204', 'denying an unknown session is answered 204'),
    deny: when('unknown', status(204)),
    findings: ['REJECT-1/accepted'],
  },
  {
    ...fault('unknown-200-false', 'denying an unknown session is answered 200, and success: false'),
    deny: when('unknown', status(200, { success: false, msg: 'No' })),
    findings: ['REJECT-1/accepted'],
  },
  {
    ...fault('denied-accepted', 'denying a denied session is answered 200'),
    deny: when('denied', status(200, OK)),
    findings: ['REJECT-2/accepted'],
  },
  {
    ...fault(
      'denied-accepted-and-reopened',
      'denying a denied session is answered 200, and makes it pending',
    ),
    deny: when('denied', ({ session }) => {
      session!.state = 'pending';
      return json(200, OK);
    }),
    findings: ['REJECT-2/accepted'],
  },
  {
    ...fault('denied-accepted-the-third-time', 'the third denial of a session is answered 200'),
    deny: when('denied', (call, next) => {
      const nth = countIn(call.session!.notes, 'again');
      return nth % 2 === 0 ? json(200, OK) : next(call);
    }),
    findings: ['REJECT-2/accepted'],
  },
  {
    ...fault('accepted-the-second-time', 'the second denial of an id that is not pending is answered 200'),
    deny: when(['unknown', 'completed', 'expired'], (call, next) => {
      const denied = (call.model.notes.denied ??= new Set()) as Set<string>;
      if (denied.has(call.id)) return json(200, OK);
      denied.add(call.id);
      return next(call);
    }),
    findings: ['REJECT-1/accepted', 'REJECT-3/accepted', 'REJECT-4/accepted'],
  },
  {
    ...fault('rejections-503', 'every rejection is answered 503, as a gateway would'),
    deny: when(['denied', 'completed', 'expired', 'unknown'], status(503, { message: 'Unavailable' })),
    settings: { requestTimeoutMs: 500 },
    findings: [
      'REJECT-1/undocumented-status',
      'REJECT-2/undocumented-status',
      'REJECT-3/undocumented-status',
      'REJECT-4/undocumented-status',
    ],
  },
  {
    ...fault('completed-accepted', 'denying a completed session is answered 200'),
    deny: when('completed', status(200, OK)),
    findings: ['REJECT-3/accepted'],
  },
  {
    ...fault('completed-denied', 'denying a completed session is accepted, and it is gone'),
    deny: when('completed', ({ session }) => {
      session!.state = 'denied';
      return json(200, OK);
    }),
    findings: ['REJECT-3/accepted'],
  },
  {
    ...fault('expired-accepted', 'denying an expired session is answered 200'),
    deny: when('expired', status(200, OK)),
    findings: ['REJECT-4/accepted'],
  },
  {
    ...fault('all-accepted', 'every denial is answered 200'),
    deny: when(['unknown', 'denied', 'completed', 'expired'], status(200, OK)),
    findings: ['REJECT-1/accepted', 'REJECT-2/accepted', 'REJECT-3/accepted', 'REJECT-4/accepted'],
  },
  {
    ...fault('unknown-404', 'denying an unknown session is answered 404'),
    deny: when('unknown', status(404, { message: 'Session not found' })),
    findings: ['REJECT-1/undocumented-status'],
  },
  {
    ...fault('unknown-404-html', 'denying an unknown session is answered with an HTML page'),
    deny: when(
      'unknown',
      answer(() => ({ status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>Not found</h1>' })),
    ),
    findings: ['REJECT-1/undocumented-status', 'REJECT-1/undocumented-body'],
  },
  {
    ...fault(
      'unknown-404-unheard-of',
      'denying an unknown session is answered 404 with a body of another kind',
    ),
    deny: when('unknown', status(404, { error: 'NOT_FOUND' })),
    findings: ['REJECT-1/undocumented-status', 'REJECT-1/undocumented-body'],
  },
  {
    ...fault('unknown-302', 'denying an unknown session is answered with a redirect'),
    deny: when(
      'unknown',
      answer(() => ({ status: 302, headers: { location: '/login' }, body: '' })),
    ),
    findings: ['REJECT-1/undocumented-status', 'REJECT-1/undocumented-body'],
  },
  {
    ...fault('denied-410', 'denying a denied session is answered 410'),
    deny: when('denied', status(410, { message: 'Gone' })),
    findings: ['REJECT-2/undocumented-status'],
  },
  {
    ...fault('completed-409', 'denying a completed session is answered 409'),
    deny: when('completed', status(409, { success: false, msg: 'Completed' })),
    findings: ['REJECT-3/undocumented-status'],
  },
  {
    ...fault('expired-422', 'denying an expired session is answered 422'),
    deny: when('expired', status(422, { success: false, msg: 'Expired' })),
    findings: ['REJECT-4/undocumented-status'],
  },
  {
    ...fault('rejection-without-msg', 'a rejection has no msg'),
    deny: when(
      ['denied', 'unknown'],
      body(() => ({ success: false })),
    ),
    findings: ['REJECT-5/schema'],
  },
  {
    ...fault('rejection-msg-number', 'the msg of a rejection is a number'),
    deny: when(
      'completed',
      body((value) => ({ ...value, msg: 17 })),
    ),
    findings: ['REJECT-5/schema'],
  },
  {
    ...fault('rejection-success-true', 'a rejection says success: true'),
    deny: when(
      'denied',
      body((value) => ({ ...value, success: true })),
    ),
    findings: ['REJECT-5/schema'],
  },
  {
    ...fault('rejection-null-msg', 'the msg of a rejection is null'),
    deny: when(
      'expired',
      body((value) => ({ ...value, msg: null })),
    ),
    findings: ['REJECT-5/schema'],
  },
  {
    ...fault('rejection-with-error', 'a rejection has the error property that the document lost'),
    deny: when(
      'denied',
      body((value) => ({ ...value, error: 'NOT_PENDING' })),
    ),
    findings: ['REJECT-5/undocumented-property'],
  },
  {
    ...fault('rejection-html', 'a rejection is an HTML page'),
    deny: when(
      'expired',
      answer(() => ({ headers: { 'content-type': 'text/html; charset=utf-8' }, body: '<h1>500</h1>' })),
    ),
    findings: ['WIRE-1/media-type'],
  },
  {
    ...fault('rejection-empty', 'a rejection has no body'),
    deny: when(
      'denied',
      text(() => ''),
    ),
    findings: ['REJECT-5/schema'],
  },
  {
    ...fault('rejection-latin-1', 'the msg of a rejection is Latin-1'),
    deny: when(
      'denied',
      text(() => Buffer.from('{"success":false,"msg":"d\xe9j\xe0 refus\xe9e"}', 'latin1')),
    ),
    findings: ['WIRE-2/json'],
  },
  {
    ...fault('rejection-half-character', 'the msg of a rejection ends within an escaped character'),
    deny: when(
      'unknown',
      text(() => '{"success":false,"msg":"Session not found \\ud83d"}'),
    ),
    findings: ['WIRE-2/json'],
  },
  {
    ...fault('unknown-hangs', 'denying an unknown session is never answered'),
    deny: when(
      'unknown',
      answer(() => ({ broken: 'hang' })),
    ),
    findings: ['REJECT-1/timeout'],
    settings: { requestTimeoutMs: 300 },
  },
  {
    ...fault('denied-hangs', 'denying a denied session is never answered'),
    deny: when(
      'denied',
      answer(() => ({ broken: 'hang' })),
    ),
    findings: ['REJECT-2/timeout'],
    settings: { requestTimeoutMs: 300 },
  },
  {
    ...fault('completed-hangs', 'denying a completed session is never answered'),
    deny: when(
      'completed',
      answer(() => ({ broken: 'hang' })),
    ),
    findings: ['REJECT-3/timeout'],
    settings: { requestTimeoutMs: 300 },
  },
  {
    ...fault('expired-resets', 'denying an expired session closes the connection'),
    deny: when(
      'expired',
      answer(() => ({ broken: 'reset' })),
    ),
    findings: ['REJECT-4/no-answer'],
  },
  {
    ...fault('rejection-breaks-off', 'a rejection breaks off'),
    deny: when(
      'denied',
      answer(() => ({ broken: 'half' })),
    ),
    findings: ['WIRE-3/truncated'],
  },
  {
    dependsOnWholeRun: true,
    ...fault('rejection-every-second-accepted', 'every second denial of an unknown session is answered 200'),
    deny: when('unknown', (call, next) =>
      countIn(call.model.notes, 'unknown') % 2 === 0 ? json(200, OK) : next(call),
    ),
    findings: ['REJECT-1/accepted'],
  },
  {
    ...fault('all-200-false', 'every rejection has the status 200, and its documented body'),
    deny: when(
      ['unknown', 'denied', 'completed', 'expired'],
      answer(() => ({ status: 200 })),
    ),
    findings: ['REJECT-1/accepted', 'REJECT-2/accepted', 'REJECT-3/accepted', 'REJECT-4/accepted'],
  },
  {
    ...fault('rejection-501', 'denying a denied session is answered 501'),
    deny: when(
      'denied',
      instead(() => error(501, 'Not implemented')),
    ),
    findings: ['REJECT-2/undocumented-status'],
  },
];
