import { createHmac, randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { Hook, Variant } from '../variant';
import { benign, body, header, when } from './hooks';

function ids(name: string, newId: (n: number) => string): Variant {
  return { ...benign(`ids-${name}`, `session ids are ${name}`), newId };
}

function expiry(edit: (date: Date) => string): Hook {
  return body((value) => ({ ...value, expiresAt: edit(new Date(String(value.expiresAt))) }));
}

/** Dates of an API whose clock is off. */
function skewed(ms: number): Pick<Variant, 'every' | 'create'> {
  return {
    every: header('date', () => new Date(Date.now() + ms).toUTCString()),
    create: expiry((date) => new Date(date.getTime() + ms).toISOString()),
  };
}

function pick(length: number, alphabet: string): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

const BASE62 = `0123456789${LETTERS.toUpperCase()}${LETTERS}`;

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Unusual and correct values: timestamps, URLs, texts and ids. */
export const BENIGN_VALUES: Variant[] = [
  { ...benign('clock-ahead', 'the clock is a day ahead'), ...skewed(86_400_000) },
  { ...benign('clock-behind', 'the clock is a day behind'), ...skewed(-86_400_000) },
  {
    ...benign('msg-long', 'the msg of a rejection is long, in another language, with line breaks'),
    deny: when(
      ['unknown', 'denied'],
      body((value) => ({ ...value, msg: 'Diese Sitzung wartet nicht mehr auf Zustimmung.\n'.repeat(200) })),
    ),
  },
  {
    ...benign('msg-empty', 'the msg of a rejection is empty'),
    deny: when(
      ['unknown', 'denied', 'completed', 'expired'],
      body((value) => ({ ...value, msg: '' })),
    ),
  },
  {
    ...benign('msg-names-id', 'the msg of a rejection repeats the id of the request'),
    deny: when(
      ['unknown', 'denied', 'completed', 'expired'],
      body((value, call) => ({ ...value, msg: `Session ${call.id} is not pending` })),
    ),
  },
  {
    ...benign('msg-names-places', 'the msg of a rejection names places that are none in a program'),
    deny: when(
      ['unknown', 'denied', 'completed', 'expired'],
      body((value) => ({
        ...value,
        msg: 'Not pending at 12:30:45. See the notes at /docs/errors:10:12; no one panicked at that.',
      })),
    ),
  },
  {
    ...benign('expiry-offset', 'expiresAt has an offset'),
    create: expiry((date) => new Date(date.getTime() + 7_200_000).toISOString().replace('Z', '+02:00')),
  },
  {
    ...benign('expiry-basic', 'expiresAt is in the basic form'),
    create: expiry((date) => date.toISOString().replace(/[-:]|\.\d+/g, '')),
  },
  {
    ...benign('expiry-comma', 'expiresAt has a comma and microseconds'),
    create: expiry((date) => date.toISOString().replace(/\.(\d+)Z/, ',$1000Z')),
  },
  {
    ...benign('expiry-seconds', 'expiresAt has no fraction'),
    create: expiry((date) => date.toISOString().replace(/\.\d+/, '')),
  },
  {
    ...benign('expiry-small-letters', 'expiresAt has small letters'),
    create: expiry((date) => date.toISOString().toLowerCase()),
  },
  {
    ...benign('expiry-without-zone', 'expiresAt is local time without a zone'),
    create: expiry((date) => date.toISOString().replace('Z', '')),
    findings: ['CREATE-8/no-time-zone'],
  },
  {
    ...benign('url-with-braces', 'verificationUrl has the id in braces'),
    create: body((value) => ({
      ...value,
      verificationUrl: `https://app.example/verify?session={${String(value.sessionId)}}`,
    })),
    findings: ['CREATE-9/not-a-uri'],
  },
  {
    ...benign(
      'url-carries-what-was-sent',
      'verificationUrl carries the device name, callbackUrl and expiresAt',
    ),
    create: body((value, { model }) => {
      const session = model.sessions.get(String(value.sessionId));
      const url = new URL(String(value.verificationUrl));
      url.searchParams.set('device', session?.deviceName ?? '');
      url.searchParams.set('callback', session?.callbackUrl ?? '');
      url.searchParams.set('expires', String(value.expiresAt));
      return { ...value, verificationUrl: url.href };
    }),
  },
  {
    ...benign('url-carries-callback-unescaped', 'verificationUrl ends with callbackUrl, as it was sent'),
    create: body((value, { model }) => ({
      ...value,
      verificationUrl: `${String(value.verificationUrl)}&then=${model.sessions.get(String(value.sessionId))?.callbackUrl ?? ''}`,
    })),
  },
  ids('UUIDs of version 7', () => {
    const time = Date.now().toString(16).padStart(12, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${randomBytes(2).toString('hex').slice(1)}-a${randomBytes(2).toString('hex').slice(1)}-${randomBytes(6).toString('hex')}`;
  }),
  ids('ULIDs', () => {
    let time = Date.now();
    let prefix = '';
    for (let i = 0; i < 10; i++, time = Math.floor(time / 32)) prefix = `${CROCKFORD[time % 32]}${prefix}`;
    return prefix + pick(16, CROCKFORD);
  }),
  ids('21 characters of a URL alphabet', () => pick(21, `${BASE62}_-`)),
  ids('Base64 with slashes, pluses and equals signs', () => `+/${randomBytes(16).toString('base64')}`),
  ids('hexadecimal with a prefix', () => `sess_${randomBytes(16).toString('hex')}`),
  ids('signed like a JWT', () => {
    const payload = Buffer.from(JSON.stringify({ sid: randomUUID() })).toString('base64url');
    return `eyJhbGciOiJIUzI1NiJ9.${payload}.${createHmac('sha256', 'k').update(payload).digest('base64url')}`;
  }),
  ids('of reserved characters', () => `a:b@c!d$e&f'g(h)*i;j=k,l ${randomUUID()}%?#`),
  ids('beyond ASCII', () => `sitzung-ä-会-${randomUUID()}`),
  ids('six random digits', () => String(randomInt(1_000_000)).padStart(6, '0')),
  ids('five random letters', () => pick(5, LETTERS)),
  // "Unique session identifier" is all that the document says. What can't be tried without guessing is not judged.
  ids('of one character', (n) => String.fromCodePoint(0x4e00 + ((n * 7919 + randomInt(60)) % 20_000))),
  ids('300 characters long', () => pick(300, BASE62)),
  ids('a day and random digits', () => `20261123${String(randomInt(10 ** 9)).padStart(9, '0')}`),
];
