import { createHash, createHmac, randomBytes, randomInt, randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { computable, type DatedId } from '../../src/gateway/computable';
import { derivation, MALFORMED_IDS, NEAR_MISSES, unknownIdLike } from '../../src/catalogue/derived-ids';

type NewId = (n: number, time: number) => string;

/** Ids as a run sees them come in: some at once, some one after the other. */
function created(newId: NewId, count = 14): DatedId[] {
  let now = 1_764_000_000_000 + randomInt(1_000_000);
  return Array.from({ length: count }, (_, i) => {
    const from = now;
    const id = newId(i, from + 1 + Math.random() * 2);
    now += i % 4 === 0 ? 5 + Math.random() * 200 : 6;
    return { id, from, to: from + 4 };
  });
}

function pick(length: number, alphabet: string): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}

const hex = (value: number, width: number): string => value.toString(16).padStart(width, '0');
const process5 = randomBytes(5).toString('hex');
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const BASE62 = `0123456789${LETTERS}${LETTERS.toUpperCase()}`;

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const BASE32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

function written(value: number, alphabet: string, width: number): string {
  const rest = Math.floor(value / alphabet.length);
  const digit = alphabet[value % alphabet.length] ?? '';
  return width > 1 ? written(rest, alphabet, width - 1) + digit : digit;
}

function digest(algorithm: string, text: string, encoding: 'hex' | 'base64url' = 'hex'): string {
  return createHash(algorithm).update(text).digest(encoding);
}

const DNS = '6ba7b8109dad11d180b400c04fd430c8';
const URL_NAMESPACE = DNS.replace('6ba7b810', '6ba7b811');

/** A UUID of version 3 or 5 (RFC 9562, sections 5.3 and 5.5). */
function uuidOfName(namespace: string, name: string, version: 3 | 5 = 5): string {
  const bytes = createHash(version === 3 ? 'md5' : 'sha1')
    .update(Buffer.from(namespace, 'hex'))
    .update(name)
    .digest()
    .subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** PHP's uniqid(). */
function uniqid(time: number): string {
  const micros = Math.floor(time * 1000);
  return hex(Math.floor(micros / 1e6), 8) + hex(micros % 1e6, 5);
}

/** The fields of a UUID's time of 100 nanoseconds since 1582. */
function uuidTime(time: number): string {
  return (BigInt(Math.floor(time * 10_000)) + 0x01b21dd213814000n).toString(16).padStart(15, '0');
}

function randomBigInt(bytes: number): bigint {
  return BigInt(`0x${randomBytes(bytes).toString('hex')}`);
}

function writtenBig(value: bigint, alphabet: string, width: number): string {
  const base = BigInt(alphabet.length);
  const digit = alphabet[Number(value % base)] ?? '';
  return width > 1 ? writtenBig(value / base, alphabet, width - 1) + digit : digit;
}

const COMPUTABLE: Record<string, NewId> = {
  'a counter': (n) => String(n + 1),
  'a counter from 1000': (n) => String(1000 + n),
  'a padded counter': (n) => String(n + 1).padStart(8, '0'),
  'a hexadecimal counter': (n) => hex(n + 1, 8),
  'a counter with a prefix': (n) => `sess_${100 + n}`,
  'a counter between constants': (n) => `abc-${20 + n}-xyz`,
  'a counter in the tail of a UUID': (n) => `5f0c3b1e-77aa-4d1e-9a3f-${hex(7000 + n, 12)}`,
  'a counter in base 36': (n) => (46_000 + n).toString(36),
  'a counter in Base64': (n) => Buffer.from(`session-${n}`).toString('base64url'),
  'a counter in hexadecimal letters': (n) => Buffer.from(`id${n + 10}`).toString('hex'),
  'a counter in steps of seven': (n) => String(50_000 + 7 * n),
  'a counter that counts down': (n) => String(9000 - n),
  'a clock of milliseconds': (_n, time) => String(Math.floor(time)),
  'a clock of milliseconds with a prefix': (_n, time) => `sess-${Math.floor(time)}`,
  'a clock of microseconds': (_n, time) => String(Math.floor(time * 1000)),
  'a clock of nanoseconds': (_n, time) => String(BigInt(Math.floor(time * 1000)) * 1000n),
  'a clock in hexadecimal': (_n, time) => hex(Math.floor(time), 12),
  'a clock in base 36': (_n, time) => Math.floor(time).toString(36),
  'the time of day': (_n, time) => new Date(time).toISOString(),
  'the time of day in digits': (_n, time) => new Date(time).toISOString().replace(/\D/g, ''),
  'a clock and a counter': (n, time) => `${Math.floor(time)}-${n}`,
  'a clock and a counter without anything between': (n, time) =>
    `${Math.floor(time)}${String(n).padStart(4, '0')}`,
  'a clock in base 36, and a counter that grows in width': (n, time) =>
    Math.floor(time).toString(36) + String(n + 5),
  'a counter that grows in width, and a clock in base 36': (n, time) =>
    String(n + 95) + Math.floor(time).toString(36),
  'a clock and a counter in base 36': (n, time) => Math.floor(time).toString(36) + (n + 30).toString(36),
  'a clock in digits, and a counter that grows in width': (n, time) => `s${Math.floor(time)}${n + 2}`,
  'a clock, a process and a counter, as in an ObjectId': (n, time) =>
    `${hex(Math.floor(time / 1000), 8)}${process5}${hex(500 + n, 6)}`,
  'a clock, a machine and a counter, as in a snowflake': (n, time) =>
    String((BigInt(Math.floor(time)) << 22n) | (5n << 12n) | BigInt(n % 3)),
  'a clock and a counter, as in a ULID': (n, time) =>
    written(Math.floor(time), BASE32, 10) + written(900 + n, BASE32, 16),
  'a clock of seconds, and a counter': (n, time) => `${Math.floor(time / 1000)}-${n}`,
  'a counter in base 58': (n) => written(2000 + n, BASE58, 11),
  'a counter in base 62': (n) => written(90_000 + n, BASE62, 8),
  'a counter in the bytes of Base64': (n) => Buffer.from(hex(70_000 + n, 8), 'hex').toString('base64url'),
  "PHP's uniqid()": (_n, time) => uniqid(time),
  "PHP's uniqid() with a prefix": (_n, time) => `sess_${uniqid(time)}`,
  "PHP's uniqid() with more entropy": (_n, time) =>
    `${uniqid(time)}${randomInt(10)}.${pick(8, '0123456789')}`,
  'UUIDs of version 1': (_n, time) => {
    const t = uuidTime(time);
    return `${t.slice(7)}-${t.slice(3, 7)}-1${t.slice(0, 3)}-9abc-02420a0b0c0d`;
  },
  'UUIDs of version 6': (_n, time) => {
    const t = uuidTime(time);
    return `${t.slice(0, 8)}-${t.slice(8, 12)}-6${t.slice(12)}-9abc-02420a0b0c0d`;
  },
  'UUIDs of version 7 with a counter': (n, time) =>
    `${hex(Math.floor(time), 12).replace(/(.{8})/, '$1-')}-7${hex(n % 4096, 3)}-8000-${hex(0, 12)}`,
  'UUIDs of version 7 with a counter in the tail': (n, time) =>
    `${hex(Math.floor(time), 12).replace(/(.{8})/, '$1-')}-7000-8000-${hex(77_000 + n, 12)}`,
  'the SHA-256 of the id before': (n) =>
    Array.from({ length: n + 1 }).reduce<string>((before) => digest('sha256', before), 'seed'),
  'the MD5 of a counter': (n) => digest('md5', String(n)),
  'the MD5 of a clock of milliseconds': (_n, time) => digest('md5', String(Math.floor(time))),
  'the MD5 of a clock of microseconds': (_n, time) => digest('md5', String(Math.floor(time * 1000))),
  "the MD5 of PHP's uniqid(), a clock": (_n, time) => digest('md5', uniqid(time)),
  "the MD5 of PHP's microtime(), a clock": (_n, time) => {
    const micros = Math.floor(time * 1000);
    return digest('md5', `0.${String(micros % 1e6).padStart(6, '0')}00 ${Math.floor(micros / 1e6)}`);
  },
  'the SHA-1 of a clock of milliseconds behind a prefix': (_n, time) =>
    `sess_${digest('sha1', String(Math.floor(time)))}`,
  'the SHA-256 of a counter': (n) => digest('sha256', String(4000 + n)),
  'the SHA-256 of a counter in Base64': (n) => digest('sha256', String(40 + n), 'base64url'),
  'the SHA-256 of a word and a counter': (n) => digest('sha256', `session-${n}`),
  'the first half of the SHA-256 of a clock': (_n, time) =>
    digest('sha256', String(Math.floor(time * 1000))).slice(0, 32),
  'the MD5 of a clock, in the shape of a UUID': (_n, time) =>
    digest('md5', String(Math.floor(time))).replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
  "the SHA-256 of Python's time.time(), a clock": (_n, time) =>
    digest('sha256', String(Math.round((time / 1000) * 2 ** 22) / 2 ** 22)),
  "the MD5 of Python's datetime, a clock": (_n, time) =>
    digest(
      'md5',
      `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')}.${String(Math.floor(time * 1000) % 1e6).padStart(6, '0')}`,
    ),
  "Java's nameUUIDFromBytes of a clock": (_n, time) => uuidOfName('', String(Math.floor(time)), 3),
  'UUIDs of version 5 of a counter': (n) => uuidOfName(DNS, String(n)),
  'UUIDs of version 5 of a word and a counter': (n) => uuidOfName(URL_NAMESPACE, `session-${n}`),
  'a clock and a machine, as in a snowflake': (_n, time) =>
    String((BigInt(Math.floor(time)) << 22n) | (5n << 12n)),
};

for (const [what, newId] of Object.entries(COMPUTABLE)) {
  test(`ids that are ${what} can be computed`, () => {
    expect(computable(created(newId))).toMatch(/counter|clock|the id before/);
  });
}

for (const what of [
  'a clock of milliseconds',
  'a clock of microseconds',
  'the time of day',
  'a clock and a counter',
  "PHP's uniqid()",
  'UUIDs of version 1',
  'UUIDs of version 7 with a counter',
]) {
  test(`ids that are ${what}, which is corrected by milliseconds meanwhile, can be computed`, () => {
    const newId = COMPUTABLE[what]!;
    // As many as a run creates: those of one moment say little of a clock.
    const ids = created((n, time) => newId(n, time + [0, 4, -3, 1][n % 4]!), 40);
    expect(computable(ids)).toMatch(/counter|clock/);
  });
}

const BY_CHANCE: Record<string, NewId> = {
  'UUIDs of version 4': () => randomUUID(),
  'UUIDs of version 7': (_n, time) =>
    `${hex(Math.floor(time), 12).replace(/(.{8})/, '$1-')}-7${randomBytes(2).toString('hex').slice(1)}-a${randomBytes(2).toString('hex').slice(1)}-${randomBytes(6).toString('hex')}`,
  ULIDs: (_n, time) => written(Math.floor(time), BASE32, 10) + pick(16, BASE32),
  'base 58': () => pick(11, BASE58),
  'eight characters of base 32': () => pick(8, BASE32),
  'a clock of seconds and four letters': (_n, time) => `${Math.floor(time / 1000)}${pick(4, LETTERS)}`,
  hexadecimal: () => randomBytes(16).toString('hex'),
  Base64: () => randomBytes(18).toString('base64'),
  '21 characters': () => pick(21, `${BASE62}_-`),
  'six digits': () => String(randomInt(1_000_000)).padStart(6, '0'),
  'three digits': () => String(100 + randomInt(900)),
  'four letters': () => pick(4, LETTERS),
  'a day and six digits': () => `20261123${String(randomInt(1_000_000)).padStart(6, '0')}`,
  'a clock and eight letters': (_n, time) => `${Math.floor(time)}-${pick(8, BASE62)}`,
  'a clock in base 36 and up to eight letters': (_n, time) =>
    Math.floor(time).toString(36) + pick(6 + randomInt(3), LETTERS),
  'up to six digits': () => String(randomInt(1_000_000)),
  'up to eight letters, and a counter': (n) => pick(6 + randomInt(3), LETTERS) + String(n + 5),
  'a clock of seconds and eight hexadecimal digits': (_n, time) =>
    hex(Math.floor(time / 1000), 8) + randomBytes(4).toString('hex'),
  'a counter and ten letters': (n) => `${n}-${pick(10, BASE62)}`,
  'a clock and 22 bits': (_n, time) => String((BigInt(Math.floor(time)) << 22n) | BigInt(randomInt(2 ** 22))),
  'hexadecimal of 8 bytes': () => randomBytes(8).toString('hex'),
  'hexadecimal of 20 bytes': () => randomBytes(20).toString('hex'),
  'hexadecimal of 32 bytes': () => randomBytes(32).toString('hex'),
  'hexadecimal of 64 bytes': () => randomBytes(64).toString('hex'),
  'UUIDs of version 4 without dashes': () => randomUUID().replaceAll('-', ''),
  'Base64 of 16 bytes': () => randomBytes(16).toString('base64url'),
  'Base64 of 32 bytes': () => `sess_${randomBytes(32).toString('base64url')}`,
  'UUIDs of version 1 with a random node': (_n, time) => {
    const t = uuidTime(time);
    return `${t.slice(7)}-${t.slice(3, 7)}-1${t.slice(0, 3)}-9abc-${randomBytes(6).toString('hex')}`;
  },
  'UUIDs of version 7 with a fraction of the millisecond': (_n, time) =>
    `${hex(Math.floor(time), 12).replace(/(.{8})/, '$1-')}-7${hex(Math.floor((time % 1) * 4096), 3)}-a${randomBytes(2).toString('hex').slice(1)}-${randomBytes(6).toString('hex')}`,
  'UUIDs of version 7 with a counter and random bits': (n, time) =>
    `${hex(Math.floor(time), 12).replace(/(.{8})/, '$1-')}-7${hex(n, 3)}-a${randomBytes(2).toString('hex').slice(1)}-${randomBytes(6).toString('hex')}`,
  KSUIDs: (_n, time) =>
    writtenBig((BigInt(Math.floor(time / 1000) - 1_400_000_000) << 128n) | randomBigInt(16), BASE62, 27),
  'like those of cuid2': () => pick(1, LETTERS) + pick(23, `0123456789${LETTERS}`),
  'like those of cuid': (n, time) =>
    `c${Math.floor(time).toString(36)}${written(n, `0123456789${LETTERS}`, 4)}k2f9${pick(8, `0123456789${LETTERS}`)}`,
  'like ObjectIds with 5 random bytes each': (n, time) =>
    hex(Math.floor(time / 1000), 8) + randomBytes(5).toString('hex') + hex(500 + n, 6),
  '13 hexadecimal digits': () => randomBytes(7).toString('hex').slice(1),
  'a clock of seconds and five hexadecimal digits': (_n, time) =>
    hex(Math.floor(time / 1000), 8) + randomBytes(3).toString('hex').slice(1),
  'the MD5 of a clock and 8 random letters': (_n, time) =>
    digest('md5', `${Math.floor(time)}${pick(8, LETTERS)}`),
  'UUIDs of version 5 of a random name': () => uuidOfName(DNS, randomUUID()),
  'the HMAC of a counter': (n) => createHmac('sha256', process5).update(String(n)).digest('hex'),
  signed: () =>
    `${Buffer.from(randomUUID()).toString('base64url')}.${createHmac('sha256', 'k').update(randomUUID()).digest('base64url')}`,
};

/** How often random ids are made: where they look like digests, much is tried on them. */
function roundsFor(newId: NewId): number {
  const id = newId(1, 1).replace(/^sess_/, '');
  const isUuidOfName = /^[0-9a-f]{8}-[0-9a-f]{4}-[35]/.test(id);
  const { length } = Buffer.from(id, /^[0-9a-f]+$/.test(id) ? 'hex' : 'base64');
  const looksLikeDigest = [16, 20, 32, 64].includes(length);
  return isUuidOfName || looksLikeDigest ? 2 : 30;
}

for (const [what, newId] of Object.entries(BY_CHANCE)) {
  test(`ids that are ${what} cannot be computed`, () => {
    for (let i = 0; i < roundsFor(newId); i++) expect(computable(created(newId))).toBeUndefined();
  });
}

test('a few ids prove nothing', () => {
  expect(computable(created((n) => String(n), 11))).toBeUndefined();
});

const IDS: Record<string, string> = {
  'a UUID': randomUUID(),
  '20 letters and digits': pick(20, BASE62),
  'one with a prefix': 'sess_0123',
  'six digits': '482913',
  'one beyond ASCII': '会-🚀-bcd',
  Base64: 'a/b+c==',
  '18 digits': '900000000000000001',
};

for (const [what, id] of Object.entries(IDS)) {
  test(`an unknown id like ${what} has its shape`, () => {
    const unknown = unknownIdLike(id);
    const shape = (text: string): string =>
      text.replace(/[0-9]/g, '0').replace(/[a-z]/g, 'a').replace(/[A-Z]/g, 'A');
    if (/^[0-9a-f-]+$/.test(id)) expect(unknown).toMatch(/^[0-9a-f-]+$/);
    expect(shape(unknown)).toBe(shape(id));
  });

  test(`what is derived from ${what} is a path segment, and another id`, () => {
    for (const name of [...Object.keys(NEAR_MISSES), ...Object.keys(MALFORMED_IDS)]) {
      const segment = derivation(name).segment(id);
      expect(segment, name).toMatch(/^[\w.~!*'()%-]+$/);
      expect(segment, name).not.toBe(encodeURIComponent(id));
      if (name in NEAR_MISSES)
        expect(decodeURIComponent(segment).toLowerCase(), name).not.toBe(id.toLowerCase());
    }
  });
}
