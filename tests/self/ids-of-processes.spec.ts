import { randomBytes, randomInt } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { computable } from '../../src/gateway/computable';
import { BASE62, created, hex, LETTERS, pick, uuid1, type NewId } from './created-ids';

const NAMES = Array.from({ length: 4 }, () => randomBytes(5).toString('hex'));
const STARTS = NAMES.map(() => randomInt(2 ** 23));

/** Processes that take turns. The last one makes fewer ids than the others. */
function ofProcesses(newId: (process: number, n: number, time: number) => string): NewId {
  const counts = NAMES.map(() => 0);
  return (n, time) => {
    const process = [0, 1, 2, 1, 0, 2, 3, 0, 1, 2][n % 10]!;
    counts[process] = (counts[process] ?? 0) + 1;
    return newId(process, counts[process], time);
  };
}

const OF_PROCESSES: Record<string, (process: number, n: number, time: number) => string> = {
  'a counter': (process, n) => `w${process}-${n}`,
  'a counter with gaps': (process, n) => `w${process}-${9 * n + randomInt(9)}`,
  'a counter before the name': (process, n) => `${n}.${NAMES[process]}`,
  'a counter of a host and a worker': (process, n) => `h${process >> 1}-${process % 2}-${n}`,
  'a counter that starts by chance': (process, n) => `${NAMES[process]}-${STARTS[process]! + n}`,
  'a counter without a separator': (process, n) => `${NAMES[process]}${hex(STARTS[process]! + n, 6)}`,
  'a counter in Base64': (process, n) => Buffer.from(`${NAMES[process]}:${n}`).toString('base64url'),
  'a clock of seconds, a name and a counter, as in an ObjectId': (process, n, time) =>
    hex(Math.floor(time / 1000), 8) + NAMES[process] + hex(STARTS[process]! + n, 6),
  'a clock in base 36, a name and a counter': (process, n, time) =>
    Math.floor(time).toString(36) + NAMES[process] + String(n),
  'a clock in base 36 and a counter': (process, n, time) =>
    `w${process}-${Math.floor(time).toString(36)}${n}`,
  'a clock that starts with the process': (process, _n, time) =>
    `w${process}-${Math.floor((time - STARTS[process]! * 1000) * 1000)}`,
  'a clock of all processes': (process, _n, time) => `${NAMES[process]}-${Math.floor(time * 1000)}`,
};

for (const [what, newId] of Object.entries(OF_PROCESSES)) {
  test(`ids of several processes that are ${what} can be computed`, () => {
    expect(computable(created(ofProcesses(newId), 40))).toMatch(/counter|clock/);
  });
}

test('a counter of each process is told from one of all', () => {
  const newId: NewId = (n) => `w${n % 3}-${Math.ceil((n + 1) / 3)}`;
  expect(computable(created(newId, 20))).toBe('a counter of each of 3 processes');
});

test('UUIDs of version 1 of several machines can be computed', () => {
  const newId = ofProcesses((process, _n, time) => uuid1(time, `02${NAMES[process]}`));
  expect(computable(created(newId, 40))).toBe('a clock of 100 nanoseconds in a UUID of version 1');
});

/** Ids in which only a part is random. */
const PARTLY_RANDOM: Record<string, NewId> = {
  'a name and six digits': (n) => `w${n % 3}-${pick(6, '0123456789')}`,
  'a name and seven of four letters': (n) => `w${n % 3}-${pick(7, 'abcd')}`,
  'a name and four hexadecimal digits': (n) => NAMES[n % 3]! + pick(4, '0123456789abcdef'),
  'a name, a clock and three letters': (n, time) => `w${n % 3}-${Math.floor(time)}-${pick(3, LETTERS)}`,
  'a name, a counter and a letter': (n) => `w${n % 3}-${Math.floor(n / 3)}-${pick(1, LETTERS)}`,
  'a counter and a digit': (n) => `${n}-${randomInt(10)}`,
  'a clock and a digit': (_n, time) => `${Math.floor(time)}-${randomInt(10)}`,
  'a clock of hundredths of a second and a digit': (_n, time) => `${Math.floor(time / 10)}-${randomInt(10)}`,
  'a clock of seconds and a digit': (_n, time) =>
    `${Math.floor(time / 1000)}-${randomInt(10)}-${pick(2, LETTERS)}`,
  'a clock of seconds, a counter that starts again, and a digit': (n, time) =>
    `${Math.floor(time / 1000)}-${n % 7}-${randomInt(10)}`,
  'a clock in base 36 and two characters': (_n, time) => Math.floor(time).toString(36) + pick(2, BASE62),
  'letters from a short alphabet': () => pick(20, 'abc'),
  'numbers from short ranges': () => Array.from({ length: 12 }, () => randomInt(3)).join('-'),
  'ObjectIds of a few processes with random ends': (n, time) =>
    hex(Math.floor(time / 1000), 8) + NAMES[n % 3]! + randomBytes(3).toString('hex'),
};

for (const [what, newId] of Object.entries(PARTLY_RANDOM)) {
  test(`ids that are ${what}, in part random, cannot be computed`, () => {
    for (let i = 0; i < 60; i++) expect(computable(created(newId, [14, 20, 40][i % 3]))).toBeUndefined();
  });
}
