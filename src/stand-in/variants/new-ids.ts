import { createHash, randomInt } from 'node:crypto';
import type { Variant } from '../variant';
import { fault } from './hooks';

/** Java's UUID.nameUUIDFromBytes: a UUID of version 3 whose name has no namespace. */
function javaUuid3(name: string): string {
  return asUuid(createHash('md5').update(name).digest(), 3);
}

function asUuid(bytes: Buffer, version: number): string {
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | (version << 4), 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex', 0, 16).replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** From 1582-10-15, when the time of UUIDs begins, to 1970, in 100 ns. */
const UUID_EPOCH = 0x01b21dd213814000n;

let lastMs = 0;

let lastDigest = '';

function nowMicros(): number {
  return Math.floor((performance.timeOrigin + performance.now()) * 1000);
}

function hex(value: number, width: number): string {
  return value.toString(16).padStart(width, '0');
}

/** PHP's uniqid(): seconds and microseconds. */
function uniqid(micros: number): string {
  return hex(Math.floor(micros / 1e6), 8) + hex(micros % 1e6, 5);
}

function digest(algorithm: 'md5' | 'sha256', text: string): string {
  return createHash(algorithm).update(text).digest('hex');
}

/** A name-based UUID in the namespace of domain names (RFC 9562, section 5.5). */
function uuid5(name: string): string {
  const namespace = Buffer.from('6ba7b8109dad11d180b400c04fd430c8', 'hex');
  return asUuid(createHash('sha1').update(namespace).update(name).digest(), 5);
}

/** Faults of ids that a create makes: they can be computed, or are not new. */
export const NEW_IDS: Variant[] = [
  {
    ...fault('ids-count', 'ids count up'),
    newId: (n) => String(1000 + n),
    findings: ['CREATE-4/id-computable'],
  },
  {
    ...fault('ids-count-in-uuids', 'the last group of a UUID counts up'),
    newId: (n) => `5f0c3b1e-77aa-4d1e-9a3f-${n.toString(16).padStart(12, '0')}`,
    findings: ['CREATE-4/id-computable'],
  },
  {
    ...fault('ids-count-in-base64', 'ids are a counter in Base64'),
    newId: (n) => Buffer.from(`session-${n + 41}`).toString('base64url'),
    findings: ['CREATE-4/id-computable'],
  },
  {
    // A few that are made at the same moment look as if by chance.
    ...fault('ids-count-with-gaps', 'ids count up in steps of up to 120'),
    newId: (n) => String(100 + 60 * n + randomInt(60)),
    findings: ['CREATE-4/id-computable'],
  },
  {
    ...fault('ids-clock', 'ids are the time in microseconds'),
    newId: (n) =>
      `sess_${BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) + BigInt(n)}`,
    findings: ['CREATE-4/id-computable'],
  },
  {
    ...fault('ids-clock-and-count', 'ids are the time in milliseconds and a counter'),
    newId: (n) => `${Date.now()}-${n}`,
    findings: ['CREATE-4/id-computable'],
  },
  {
    ...fault('ids-clock-and-count-fused', 'ids are the time in Base36 directly followed by a counter'),
    newId: (n) => Date.now().toString(36) + String(n),
    findings: ['CREATE-4/id-computable'],
  },
  {
    ...fault('ids-uniqid', "ids are PHP's uniqid(): the time in microseconds, in hexadecimal"),
    newId: () => `sess_${uniqid(nowMicros())}`,
    findings: ['CREATE-4/id-computable'],
  },
  {
    ...fault('ids-uniqid-with-entropy', "ids are PHP's uniqid() with nine digits of its own generator"),
    newId: () => `${uniqid(nowMicros())}${randomInt(10)}.${String(randomInt(1e8)).padStart(8, '0')}`,
    findings: ['CREATE-4/id-computable'],
  },
  {
    ...fault('ids-uuid-1', 'ids are UUIDs of version 1: the time and the machine'),
    newId: (n) => {
      const time = (BigInt(nowMicros()) * 10n + BigInt(n % 10) + UUID_EPOCH).toString(16).padStart(15, '0');
      return `${time.slice(7)}-${time.slice(3, 7)}-1${time.slice(0, 3)}-9abc-02420a0b0c0d`;
    },
    findings: ['CREATE-4/id-computable'],
  },
  {
    ...fault('ids-uuid-7-counter', 'ids are UUIDs of version 7 with a counter in place of random bits'),
    newId: (n) => `${hex(Date.now(), 12).replace(/(.{8})/, '$1-')}-7${hex(n % 4096, 3)}-8000-000000000000`,
    findings: ['CREATE-4/id-computable'],
  },
  {
    ...fault('ids-object-id', 'ids are ObjectIds: the time in seconds, a process and a counter'),
    newId: (n) => `${hex(Math.floor(Date.now() / 1000), 8)}a1b2c3d4e5${hex(0x5f00 + n, 6)}`,
    findings: ['CREATE-4/id-computable'],
  },
  {
    ...fault(
      'ids-md5-of-milliseconds',
      'ids are the MD5 of the time in milliseconds and are unique by waiting',
    ),
    newId: () => {
      lastMs = Math.max(Date.now(), lastMs + 1);
      return digest('md5', String(lastMs));
    },
    findings: ['CREATE-4/id-computable'],
  },
  {
    ...fault('ids-md5-of-microseconds', 'ids are the MD5 of the time in microseconds'),
    newId: () => digest('md5', String(nowMicros())),
    findings: ['CREATE-4/id-computable'],
  },
  {
    ...fault('ids-sha256-of-a-counter', 'ids are the SHA-256 of a counter'),
    newId: (n) => digest('sha256', String(n)),
    findings: ['CREATE-4/id-computable'],
  },
  {
    ...fault('ids-sha256-of-the-last', 'each id is the SHA-256 of the id before'),
    newId: () => (lastDigest = digest('sha256', lastDigest)),
    findings: ['CREATE-4/id-computable'],
  },
  {
    ...fault('ids-uuid-5', 'ids are UUIDs of version 5, whose name is a counter'),
    newId: (n) => uuid5(String(n)),
    findings: ['CREATE-4/id-computable'],
  },
  {
    ...fault('ids-uuid-3', "ids are Java's nameUUIDFromBytes of the time in milliseconds, unique by waiting"),
    newId: () => {
      lastMs = Math.max(Date.now(), lastMs + 1);
      return javaUuid3(String(lastMs));
    },
    findings: ['CREATE-4/id-computable'],
  },
  {
    ...fault('ids-repeat', 'every fourth session gets the id of the one before'),
    create: (call, next) => {
      const reply = next(call);
      const last = (call.model.notes.last ?? '') as string;
      const value = JSON.parse(String(reply.body)) as { sessionId: string };
      call.model.notes.last = value.sessionId;
      return call.nth % 4 === 0 ? { ...reply, body: JSON.stringify({ ...value, sessionId: last }) } : reply;
    },
    findings: ['CREATE-3/id-repeated'],
  },
  {
    ...fault('ids-of-a-device', 'a create answers with the session of the device that is still pending'),
    create: (call, next) => {
      const { deviceName } = JSON.parse(call.body || '{}') as { deviceName?: string };
      const same = [...call.model.sessions.values()].find(
        (one) => one.state === 'pending' && one.deviceName === deviceName,
      );
      const reply = next(call);
      if (!same) return reply;
      const value = JSON.parse(String(reply.body)) as { sessionId: string; verificationUrl: string };
      return {
        ...reply,
        body: JSON.stringify({
          ...value,
          sessionId: same.id,
          verificationUrl: value.verificationUrl.replaceAll(value.sessionId, same.id),
        }),
      };
    },
    findings: ['CREATE-3/id-repeated'],
  },
];
