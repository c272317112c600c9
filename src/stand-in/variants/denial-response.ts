import { error } from '../replies';
import type { Variant } from '../variant';
import { answer, body, countIn, fault, header, instead, status, text, when } from './hooks';

/** Faults of status, media type and schema of the response to the denial of a pending session. What it reports has been done. */
export const DENIAL_RESPONSE: Variant[] = [
  {
    ...fault('denial-204', 'a denial is answered 204 without a body'),
    deny: when('pending', status(204)),
    findings: ['DENY-1/status'],
  },
  {
    ...fault('denial-201', 'a denial is answered 201'),
    deny: when('pending', status(201, { success: true })),
    findings: ['DENY-1/status'],
  },
  {
    ...fault('denial-202', 'a denial is answered 202'),
    deny: when('pending', status(202, { success: true })),
    findings: ['DENY-1/status'],
  },
  {
    ...fault('denial-302', 'a denial is answered with a redirect'),
    deny: when(
      'pending',
      answer(() => ({ status: 302, headers: { location: '/done' }, body: '' })),
    ),
    findings: ['DENY-1/status'],
  },
  {
    ...fault('denial-404-done', 'a denial is answered 404, and done'),
    deny: when('pending', status(404, { message: 'Session not found' })),
    findings: ['DENY-1/status'],
  },
  {
    ...fault('denial-500-done', 'a denial is answered 500, and done'),
    deny: when('pending', status(500, { success: false, msg: 'Something went wrong' })),
    findings: ['DENY-1/status'],
  },
  {
    ...fault('denial-refused', 'no session can be denied'),
    deny: when(
      'pending',
      instead(() => error(500, 'This session is not pending')),
    ),
    findings: ['DENY-1/status'],
  },
  {
    ...fault(
      'denials-forbidden',
      'what stands before the API answers every denial with a page and status 403',
    ),
    deny: instead(() => ({
      status: 403,
      headers: { 'content-type': 'text/html' },
      body: '<html><body><h1>403 Forbidden</h1></body></html>',
    })),
    findings: ['DENY-1/status'],
  },
  {
    ...fault('denial-every-third-fails', 'every third denial is answered 500, and not done'),
    deny: when('pending', (call, next) =>
      countIn(call.model.notes, 'denials') % 3 === 0 ? error(500, 'Try again') : next(call),
    ),
    findings: ['DENY-1/status'],
  },
  {
    ...fault('denial-empty-object', 'the response to a denial lacks success'),
    deny: when(
      'pending',
      body(() => ({})),
    ),
    findings: ['DENY-3/schema'],
  },
  {
    ...fault('denial-success-false', 'the response to a denial says success: false'),
    deny: when(
      'pending',
      body(() => ({ success: false })),
    ),
    findings: ['DENY-3/schema'],
  },
  {
    ...fault('denial-success-string', 'the response to a denial says success: "true"'),
    deny: when(
      'pending',
      body(() => ({ success: 'true' })),
    ),
    findings: ['DENY-3/schema'],
  },
  {
    ...fault('denial-array', 'the response to a denial is an array'),
    deny: when(
      'pending',
      body((value) => [value]),
    ),
    findings: ['DENY-3/schema'],
  },
  {
    ...fault('denial-null', 'the response to a denial is null'),
    deny: when(
      'pending',
      body(() => null),
    ),
    findings: ['DENY-3/schema'],
  },
  {
    ...fault('denial-bare-true', 'the response to a denial is true'),
    deny: when(
      'pending',
      body(() => true),
    ),
    findings: ['DENY-3/schema'],
  },
  {
    ...fault('denial-extra-property', 'the response to a denial has a property that is not documented'),
    deny: when(
      'pending',
      body((value) => ({ ...value, deniedAt: '2026-01-01T00:00:00Z' })),
    ),
    findings: ['DENY-3/undocumented-property'],
  },
  {
    ...fault(
      'denial-property-named-constructor',
      'the response to a denial has a property called as one that every object inherits',
    ),
    deny: when(
      'pending',
      text(() => '{"success":true,"constructor":1}'),
    ),
    findings: ['DENY-3/undocumented-property'],
  },
  {
    ...fault('denial-every-third-body-wrong', 'every third response to a denial lacks success'),
    deny: when('pending', (call, next) =>
      countIn(call.model.notes, 'denials') % 3 === 0 ? { ...next(call), body: '{}' } : next(call),
    ),
    findings: ['DENY-3/schema'],
  },
  {
    ...fault('denial-empty-body', 'the response to a denial has no body'),
    deny: when(
      'pending',
      text(() => ''),
    ),
    findings: ['DENY-3/schema'],
  },
  {
    ...fault('denial-text-plain', 'the response to a denial is labelled text/plain'),
    deny: when(
      'pending',
      header('content-type', () => 'text/plain'),
    ),
    findings: ['WIRE-1/media-type'],
  },
  {
    ...fault('denial-no-type', 'the response to a denial has no media type'),
    deny: when(
      'pending',
      header('content-type', () => undefined),
    ),
    findings: ['WIRE-1/media-type'],
  },
  {
    ...fault('denial-problem-json', 'the response to a denial is called application/problem+json'),
    deny: when(
      'pending',
      header('content-type', () => 'application/problem+json'),
    ),
    findings: ['WIRE-1/media-type'],
  },
  {
    ...fault('denial-two-types', 'the response to a denial has two media types'),
    deny: when(
      'pending',
      header('content-type', () => ['application/json', 'text/html']),
    ),
    findings: ['WIRE-1/media-type'],
  },
  {
    ...fault('denial-html', 'the response to a denial is an HTML page'),
    deny: when(
      'pending',
      answer(() => ({ headers: { 'content-type': 'text/html' }, body: '<h1>Done</h1>' })),
    ),
    findings: ['WIRE-1/media-type'],
  },
];
