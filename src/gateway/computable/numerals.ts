/** The digits that numbers are written with. */
export interface Digits {
  alphabet: string;
  /** From how many different digits the texts seem to be drawn. */
  count: number;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const CAPITALS = LETTERS.toUpperCase();

/** The smallest one that fits is right: with a larger one any number would look less random than it is. */
const ALPHABETS = [
  '0123456789',
  '0123456789abcdef',
  '0123456789ABCDEF',
  LETTERS,
  CAPITALS,
  `0123456789${LETTERS}`,
  `0123456789${CAPITALS}`,
  `0123456789${LETTERS}${CAPITALS}`,
  `0123456789${CAPITALS}${LETTERS}`,
];

/** Digits in another order: Crockford's base 32, base 58 and Base64. */
const OTHER_ORDERS = [
  '0123456789ABCDEFGHJKMNPQRSTVWXYZ',
  '0123456789abcdefghjkmnpqrstvwxyz',
  '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz',
  `${CAPITALS}${LETTERS}0123456789`,
];

/** The ways to read texts as numbers. */
export function digitsOf(texts: readonly string[]): Digits[] {
  const fits = (alphabet: string): boolean => texts.every((text) => isWritten(text, alphabet));
  const fitting = ALPHABETS.filter(fits);
  const count = fitting[0]?.length ?? 0;
  return [...fitting.filter(({ length }) => length === count), ...OTHER_ORDERS.filter(fits)].map(
    (alphabet) => ({ alphabet, count: Math.min(count || Infinity, alphabet.length) }),
  );
}

export function isWritten(text: string, alphabet: string): boolean {
  return [...text].every((char) => alphabet.includes(char));
}

export function valueOf(text: string, alphabet: string): bigint {
  const base = BigInt(alphabet.length);
  return [...text].reduce((value, char) => value * base + BigInt(alphabet.indexOf(char)), 0n);
}
