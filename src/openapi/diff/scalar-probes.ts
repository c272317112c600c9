import type { Node } from './keywords';
import { stringsLike } from './pattern';

/* Texts and numbers on either side of the borders that a schema draws. */

const MAX_STRING = 70_000;

/** Texts that one format or another accepts, and some that none does. */
const TEXTS = [
  ...[
    'https://a.example/x',
    'http://a.example',
    'ftp://a.example/',
    'urn:a:b',
    '/a/b',
    'a/b?c#d',
    '//a.example/x',
  ],
  ...['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.678+02:00', '2026-01-02 03:04:05Z', '2026-01-02T03:04:05'],
  ...[
    '2026-01-02',
    '03:04:05Z',
    '03:04:05',
    'P1DT2H',
    'a@a.example',
    'a.example',
    'localhost',
    '127.0.0.1',
    '::1',
  ],
  ...['123e4567-e89b-42d3-a456-426614174000', '0123456789abcdef', '0123456789abcdef0123456789abcdef', 'YWJj'],
  ...[
    '0',
    '1',
    '42',
    '-1',
    '1.5',
    'true',
    'null',
    '/a~1b',
    '#/a',
    '1/a',
    '/a/{b}',
    '[',
    '(',
    'a',
    'A',
    'abc',
    'ABC',
  ],
  ...['a b', ' ', 'é', '😀', 'a\nb', '_', '-', '%', 'a_b-c', 'sess_1', 'text1', '{}', '"'],
];

export function strings(node: Node): unknown[] {
  const hasForm = 'pattern' in node || 'format' in node;
  const like = typeof node.pattern === 'string' ? stringsLike(node.pattern) : [];
  const bases = [...like, 'text', ...(hasForm ? TEXTS : TEXTS.slice(0, 3))];
  const lengths = near(node, ['minLength', 'maxLength']).filter((length) => length <= MAX_STRING);
  const sized = lengths.flatMap((length) =>
    bases.slice(0, length > 5000 || !hasForm ? 3 : 24).flatMap((base) => ofLength(base, length)),
  );
  return [...bases, ...sized];
}

/** Texts of a length in characters, each still much like the base. */
function ofLength(base: string, length: number): string[] {
  const characters = [...base];
  if (characters.length >= length) return [characters.slice(0, length).join('')];
  const missing = length - characters.length;
  const last = characters.at(-1) ?? 'a';
  return [base + last.repeat(missing), base + 'a'.repeat(missing), 'a'.repeat(missing) + base];
}

export function numbers(node: Node): unknown[] {
  const borders = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']
    .map((key) => node[key])
    .filter((value): value is number => typeof value === 'number');
  const step = typeof node.multipleOf === 'number' ? node.multipleOf : 1;
  const close = borders.flatMap((value) => [
    ...[value, value + 1, value - 1, value + 0.5, value - 0.5, value * 2, value * 3],
    ...[Math.ceil(value / step) * step, Math.floor(value / step) * step],
  ]);
  const wide = [0, 1, -1, 0.5, -0.5, 100, -100, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, 1e300];
  return [...close, ...wide].filter(Number.isFinite);
}

/** Borders of lengths, and what lies next to them. */
export function near(node: Node, keys: string[]): number[] {
  const borders = keys.map((key) => node[key]).filter((value): value is number => Number.isInteger(value));
  return [...new Set(borders.flatMap((value) => [value, value + 1, value - 1]))].filter(
    (value) => value >= 0,
  );
}
