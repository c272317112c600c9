/*
 * Fenced code blocks of documentation pages. A Markdown parser would not do: pages are MDX, or a dialect of a
 * documentation tool, where a fence stands inside of components, HTML and deep indentation, which CommonMark takes for
 * something else.
 */

export interface FencedBlock {
  text: string;
  /** False where the page ends before the block does. */
  isComplete: boolean;
}

interface Fence {
  /** What stands before the fence: marks of quotes and lists, and white space. */
  quotes: number;
  indent: number;
  mark: string;
}

/** The blocks as a reader sees them: a fence inside of a block does not open another one. */
export function fencedBlocks(page: string): FencedBlock[] {
  const lines = page.split(/\r\n|\r|\n/);
  const blocks: FencedBlock[] = [];
  for (let i = 0; i < lines.length; i++) {
    const block = blockAt(lines, i);
    if (!block) continue;
    blocks.push(block);
    i = block.end;
  }
  return blocks;
}

/** The blocks that begin at any fence: where one was never closed, all others come out the wrong way round. */
export function everyFencedBlock(page: string): FencedBlock[] {
  const lines = page.split(/\r\n|\r|\n/);
  return lines.flatMap((_, i) => blockAt(lines, i) ?? []).slice(0, MAX_BLOCKS);
}

const MAX_BLOCKS = 200;

function blockAt(lines: string[], start: number): (FencedBlock & { end: number }) | undefined {
  const fence = opening(lines[start] ?? '');
  if (!fence) return undefined;
  const content: string[] = [];
  for (let i = start + 1; i < lines.length; i++) {
    const line = withoutQuotes(lines[i] ?? '', fence.quotes);
    if (isClosing(line, fence)) return { text: content.join('\n'), isComplete: true, end: i };
    content.push(withoutIndent(line, fence.indent));
  }
  return { text: content.join('\n'), isComplete: false, end: lines.length };
}

function opening(line: string): Fence | undefined {
  const match = /^((?:[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t])))*[ \t]*)(`{3,}|~{3,})(.*)$/.exec(line);
  if (!match) return undefined;
  const [, before = '', mark = '', words = ''] = match;
  // Backticks that close on the same line are code within a sentence.
  if (mark.startsWith('`') && words.includes('`')) return undefined;
  const quotes = before.split('>').length - 1;
  const indent = before.slice(before.lastIndexOf('>') + 1).length;
  // The blank that belongs to a quote's mark.
  return { quotes, indent: quotes > 0 ? Math.max(0, indent - 1) : indent, mark };
}

/** A closing fence stands no deeper than the opening one, by up to three columns; deeper ones are content. */
function isClosing(line: string, { mark, indent }: Fence): boolean {
  const match = /^([ \t]*)(`{3,}|~{3,})[ \t]*$/.exec(line);
  return match !== null && (match[2] ?? '').startsWith(mark) && (match[1] ?? '').length <= indent + 3;
}

function withoutQuotes(line: string, quotes: number): string {
  let rest = line;
  for (let i = 0; i < quotes; i++) rest = rest.replace(/^[ \t]*> ?/, '');
  return rest;
}

function withoutIndent(line: string, indent: number): string {
  const blank = /^[ \t]*/.exec(line)?.[0].length ?? 0;
  return line.slice(Math.min(blank, indent));
}
