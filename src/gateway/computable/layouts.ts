import { explainClock } from './clock';
import { isConstant, texts, withTexts, type DatedId } from './dated-id';
import { explainFields } from './fields';

/*
 * Ids whose time is not written as one number: UUIDs of versions 1, 6 and 7, and PHP's uniqid().
 */

/** Where the time is in an id, and what else there is. */
interface Layout {
  name: string;
  pattern: RegExp;
  /** The time, of the groups of the pattern, in units that explainClock knows. */
  time: (groups: Record<string, string>) => bigint;
  /** How many values what varies of the time could have by chance, at least. */
  space: number;
}

/** From 1582-10-15, when the time of UUIDs begins, to 1970, in 100 ns (RFC 9562, section 5.1). */
const UUID_EPOCH = 0x01b21dd213814000n;
const REST = '(?<rest>[0-9a-f]{4}-[0-9a-f]{12})';

function uuidTime(digits: string): bigint {
  return BigInt(`0x${digits}`) - UUID_EPOCH;
}

const LAYOUTS: Layout[] = [
  {
    name: 'a UUID of version 1',
    pattern: RegExp(`^(?<low>[0-9a-f]{8})-(?<mid>[0-9a-f]{4})-1(?<high>[0-9a-f]{3})-${REST}$`, 'i'),
    time: ({ low = '', mid = '', high = '' }) => uuidTime(high + mid + low),
    space: 16 ** 8,
  },
  {
    name: 'a UUID of version 6',
    pattern: RegExp(`^(?<high>[0-9a-f]{8})-(?<mid>[0-9a-f]{4})-6(?<low>[0-9a-f]{3})-${REST}$`, 'i'),
    time: ({ low = '', mid = '', high = '' }) => uuidTime(high + mid + low),
    space: 16 ** 7,
  },
  {
    name: 'a UUID of version 7',
    pattern: RegExp(
      `^(?<high>[0-9a-f]{8})-(?<low>[0-9a-f]{4})-7(?<rest>[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})$`,
      'i',
    ),
    time: ({ low = '', high = '' }) => BigInt(`0x${high}${low}`),
    space: 16 ** 4,
  },
  {
    // Seconds, microseconds, and with more_entropy nine digits of a generator that its earlier numbers give away.
    name: "PHP's uniqid()",
    pattern: /^(?<rest>.*?)(?<seconds>[0-9a-f]{8})(?<micros>[0-9a-f]{5})(?:\d\.\d{8})?$/i,
    time: ({ seconds = '', micros = '' }) => BigInt(`0x${seconds}`) * 1_000_000n + BigInt(`0x${micros}`),
    space: 1_000_000,
  },
];

/** A clock in one of these layouts, with a constant or a counter beside it. */
export function explainLayout(ids: readonly DatedId[]): string | undefined {
  for (const { name, pattern, time, space } of LAYOUTS) {
    const groups = texts(ids).map((id) => pattern.exec(id)?.groups);
    if (!groups.every((one) => one !== undefined)) continue;
    const rest = groups.map((one) => one.rest ?? '');
    const range = 2 ** 60;
    const clock = explainClock(groups.map(time), ids, space, range);
    if (clock === undefined) continue;
    const beside = isConstant(rest) ? clock : explainFields(withTexts(ids, rest));
    if (beside !== undefined) return `${[...new Set([clock, beside])].join(' and ')} in ${name}`;
  }
  return undefined;
}
