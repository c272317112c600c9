import type { DatedId } from './dated-id';

/** A kind of text that is hashed to make an id. */
export interface Guess {
  name: string;
  /** What it can be for an id that was made in this span of time. */
  texts: (id: DatedId) => Iterable<string>;
}

/** Who numbers sessions from the start of a process is here soon. */
const MAX_COUNTER = 10_000;
/** What stands before a number, where it does not stand alone. */
const PREFIXES = ['session', 'sess', 'id'].flatMap((word) => ['', '-', '_', ':'].map((sign) => word + sign));
const MAX_PREFIXED = 300;

/** How far the API's clock may be from ours; one of microseconds has to go as ours does, or there is too much to try. */
const SKEW_MS = 1500;
const FINE_SKEW_MS = 150;

function* numbers(from: number, to: number): Iterable<number> {
  for (let value = from; value <= to; value++) yield value;
}

function* written(values: Iterable<number>, write: (value: number) => string): Iterable<string> {
  for (const value of values) yield write(value);
}

export const COUNTERS: Guess[] = [
  { name: 'a counter', texts: () => written(numbers(0, MAX_COUNTER), String) },
  { name: 'a word and a counter', texts: () => withWords(numbers(0, MAX_PREFIXED)) },
];

function* withWords(values: Iterable<number>): Iterable<string> {
  const all = [...values];
  for (const prefix of PREFIXES) yield* written(all, (value) => prefix + String(value));
}

/** @param skewMs how far the clock may be off */
function clock(
  name: string,
  perSecond: number,
  skewMs: number,
  ...write: ((value: number) => string)[]
): Guess[] {
  const unitMs = 1000 / perSecond;
  return write.map((one) => ({
    name: `a clock of ${name}`,
    texts: ({ from, to }) =>
      written(numbers(Math.floor((from - skewMs) / unitMs), Math.ceil((to + skewMs) / unitMs)), one),
  }));
}

function inSeconds(value: number, digits: number): string {
  const perSecond = 10 ** digits;
  return `${Math.floor(value / perSecond)}.${String(value % perSecond).padStart(digits, '0')}`;
}

/** PHP's uniqid(): seconds and microseconds in hexadecimal. */
function uniqid(micros: number): string {
  const hex = (value: number, width: number): string => value.toString(16).padStart(width, '0');
  return hex(Math.floor(micros / 1e6), 8) + hex(micros % 1e6, 5);
}

/** PHP's microtime(): "0.12345600 1764000000". */
function microtime(micros: number): string {
  return `0.${String(micros % 1e6).padStart(6, '0')}00 ${Math.floor(micros / 1e6)}`;
}

/** Python's datetime as a text, with T or a space between date and time. */
function datetime(between: string): (micros: number) => string {
  return (micros) =>
    new Date(micros / 1000).toISOString().slice(0, 19).replace('T', between) +
    `.${String(micros % 1e6).padStart(6, '0')}`;
}

/** Python's time.time() is a number of seconds, which at present has 22 bits behind the point. */
const PYTHON_SECONDS = clock('seconds as Python counts them', 2 ** 22, 0, (value) => String(value / 2 ** 22));

const MILLISECONDS = clock(
  'milliseconds',
  1000,
  SKEW_MS,
  String,
  (ms) => new Date(ms).toISOString(),
  (ms) => inSeconds(ms, 3),
);

const MICROSECONDS = clock(
  'microseconds',
  1e6,
  0,
  String,
  uniqid,
  microtime,
  (micros) => inSeconds(micros, 6),
  datetime(' '),
  datetime('T'),
);

/** The clocks that are usually hashed; what takes least comes first. */
export const CLOCKS: Guess[] = [
  ...clock('seconds', 1, SKEW_MS, String),
  ...MILLISECONDS,
  {
    name: 'a word and a clock of milliseconds',
    texts: ({ from, to }) => withWords(numbers(Math.floor(from), to)),
  },
  // PHP's microtime(true) as a text has four decimals, and no zeros at the end.
  ...clock('ten-thousandths of a second', 10_000, FINE_SKEW_MS, (value) =>
    inSeconds(value, 4).replace(/\.?0+$/, ''),
  ),
  ...MICROSECONDS,
  ...PYTHON_SECONDS,
];
