/** How parts of a text look on a terminal. */
export interface Style {
  good: (text: string) => string;
  bad: (text: string) => string;
  warn: (text: string) => string;
  dim: (text: string) => string;
  bold: (text: string) => string;
  /** Columns that a line may take. */
  width: number;
}

function ansi(open: number, close: number): (text: string) => string {
  return (text) => `\u001b[${open}m${text}\u001b[${close}m`;
}

const same = (text: string): string => text;

export const PLAIN: Style = { good: same, bad: same, warn: same, dim: same, bold: same, width: Infinity };

export function styleFor({ colours, width }: { colours: boolean; width: number }): Style {
  if (!colours) return { ...PLAIN, width };
  return {
    good: ansi(32, 39),
    bad: ansi(31, 39),
    warn: ansi(33, 39),
    dim: ansi(2, 22),
    bold: ansi(1, 22),
    width,
  };
}

/**
 * Breaks a text between words, so that no line is wider than the terminal; the lines after the first are indented. Words
 * wider than a line, such as addresses, stay whole.
 */
export function wrapped(text: string, indent: number, width: number): string {
  if (indent + text.length <= width || width - indent < 20) return text;
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && indent + line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join(`\n${' '.repeat(indent)}`);
}
