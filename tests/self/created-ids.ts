import { randomInt } from 'node:crypto';
import type { DatedId } from '../../src/gateway/computable';

export type NewId = (n: number, time: number) => string;

/** Ids as a run sees them come in: some at once, some one after the other. */
export function created(newId: NewId, count = 14): DatedId[] {
  let now = 1_764_000_000_000 + randomInt(1_000_000);
  return Array.from({ length: count }, (_, i) => {
    const from = now;
    const id = newId(i, from + 1 + Math.random() * 2);
    now += i % 4 === 0 ? 5 + Math.random() * 200 : 6;
    return { id, from, to: from + 4 };
  });
}

export function pick(length: number, alphabet: string): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}

export const hex = (value: number, width: number): string => value.toString(16).padStart(width, '0');
export const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
export const BASE62 = `0123456789${LETTERS}${LETTERS.toUpperCase()}`;

/** The fields of a UUID's time of 100 nanoseconds since 1582. */
export function uuidTime(time: number): string {
  return (BigInt(Math.floor(time * 10_000)) + 0x01b21dd213814000n).toString(16).padStart(15, '0');
}

export function uuid1(time: number, node: string): string {
  const t = uuidTime(time);
  return `${t.slice(7)}-${t.slice(3, 7)}-1${t.slice(0, 3)}-9abc-${node}`;
}
