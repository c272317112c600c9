/** Reads the usual parts of a regular expression, and writes texts that match it; no more than a guess. */
export function stringsLike(pattern: string): string[] {
  const shortest = new Sampler(pattern, 0).sample();
  const longer = new Sampler(pattern, 1).sample();
  return [...new Set([shortest, longer])].filter((text): text is string => text !== undefined);
}

const MAX_SAMPLE = 5000;
const CLASSES: Record<string, string> = {
  d: '0',
  w: 'a',
  s: ' ',
  D: 'a',
  W: '-',
  S: 'a',
  t: '\t',
  n: '\n',
  r: '\r',
};
const CANDIDATES = 'a0A_- .:/@1bBzZ9~!é\n';

class Sampler {
  private i = 0;
  private length = 0;

  /** @param more how often to repeat what may be repeated, beyond what is needed */
  constructor(
    private readonly pattern: string,
    private readonly more: number,
  ) {}

  sample(): string | undefined {
    try {
      const text = this.alternatives();
      return this.i === this.pattern.length ? text : undefined;
    } catch {
      return undefined;
    }
  }

  private alternatives(): string {
    const first = this.sequence();
    while (this.pattern[this.i] === '|') {
      this.i++;
      this.sequence();
    }
    return first;
  }

  private sequence(): string {
    let text = '';
    while (this.i < this.pattern.length && !'|)'.includes(this.pattern[this.i] as string)) {
      const atom = this.atom();
      const count = this.quantifier();
      this.length += atom.length * count;
      if (this.length > MAX_SAMPLE) throw new Error('too long');
      text += atom.repeat(count);
    }
    return text;
  }

  private atom(): string {
    const char = this.pattern[this.i++] as string;
    if (char === '^' || char === '$') return '';
    if (char === '.') return 'a';
    if (char === '[') return this.characterClass();
    if (char === '(') return this.group();
    return char === '\\' ? this.escape() : char;
  }

  private group(): string {
    const rest = this.pattern.slice(this.i);
    const opening = /^\?(?::|<[A-Za-z_]\w*>|([=!]|<[=!]))/.exec(rest);
    this.i += opening?.[0].length ?? 0;
    const text = this.alternatives();
    if (this.pattern[this.i++] !== ')') throw new Error('not closed');
    // What is only looked at takes no room.
    return opening?.[1] === undefined ? text : '';
  }

  private escape(): string {
    const char = this.pattern[this.i++] ?? '';
    if (char === 'b' || char === 'B') return '';
    const code = /^(?:x([0-9a-f]{2})|u([0-9a-f]{4}))/i.exec(this.pattern.slice(this.i - 1));
    if (code) {
      this.i += code[0].length - 1;
      return String.fromCharCode(parseInt(code[1] ?? code[2] ?? '61', 16));
    }
    return CLASSES[char] ?? char;
  }

  private characterClass(): string {
    const start = this.i - 1;
    for (; this.i < this.pattern.length && this.pattern[this.i] !== ']'; this.i++)
      if (this.pattern[this.i] === '\\') this.i++;
    const matcher = new RegExp(this.pattern.slice(start, ++this.i));
    const first = this.pattern[start + 1] ?? '';
    const found = [...CANDIDATES, first].find((char) => matcher.test(char));
    if (found === undefined) throw new Error('no character found');
    return found;
  }

  private quantifier(): number {
    const match = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/.exec(this.pattern.slice(this.i, this.i + 30));
    if (!match) return 1;
    this.i += match[0].length;
    const [, sign, least, open, most] = match;
    const minimum = sign === undefined ? Number(least) : sign === '+' ? 1 : 0;
    const mayRepeat = sign === undefined ? open === ',' && (most === '' || Number(most) > minimum) : true;
    return minimum + (mayRepeat ? this.more : 0);
  }
}
