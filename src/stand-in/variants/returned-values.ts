import { DEVICE_NAME } from '../../catalogue/forms';
import type { Variant } from '../variant';
import { fault, member, when } from './hooks';

/** Faults of polls that show other values than those that were sent. */
export const RETURNED_VALUES: Variant[] = [
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
    ...fault(
      'callback-sticks',
      'without a callbackUrl in its create, a session has that of the session before',
    ),
    poll: when(
      'pending',
      member(
        'callbackUrl',
        (own, { model }) =>
          own ?? [...model.sessions.values()].findLast(({ callbackUrl }) => callbackUrl)?.callbackUrl,
      ),
    ),
    findings: ['POLL-4/not-returned'],
  },
  {
    ...fault('callback-null', 'without a callbackUrl in its create, a session has the text "null"'),
    poll: when(
      'pending',
      member('callbackUrl', (own) => own ?? 'null'),
    ),
    findings: ['POLL-4/not-returned'],
  },
  {
    ...fault('name-unescaped', 'deviceName comes back with characters for its HTML entities'),
    poll: when(
      'pending',
      member('deviceName', (old) => String(old).replaceAll('&lt;', '<')),
    ),
    findings: ['POLL-4/not-returned'],
  },
];
