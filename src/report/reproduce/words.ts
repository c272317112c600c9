import { LABEL } from '../../judging/labels';
import { derivationName } from '../../catalogue/derived-ids';
import { derivedWords, type ShellId } from './derived-ids';
import type { Journal } from './journal';

/** A piece of a word of shell: text to be taken as it stands, or an expansion. */
export type Piece = { text: string } | { shell: string };

/** Characters that mean nothing to a shell, in double quotes or, but for the space, without any. */
const HARMLESS = /^[\w%@:/.,?=&+~{}[\]; #<>()|*-]*$/;
const BARE = /^[\w%@:/.,=+~-]+$/;

/**
 * One word of shell. An exclamation mark would call up an earlier command in an interactive bash, also between double
 * quotes, so that text goes between single ones where it holds anything unusual.
 */
export function word(pieces: Piece[]): string {
  const texts = pieces.map((piece) => ('text' in piece ? piece.text : ''));
  const joined = texts.join('');
  if (texts.every((text) => HARMLESS.test(text)) && pieces.some((piece) => 'shell' in piece))
    return `"${pieces.map((piece, i) => ('text' in piece ? piece.text : braced(piece.shell, texts[i + 1] ?? ''))).join('')}"`;
  if (pieces.every((piece) => 'text' in piece)) return BARE.test(joined) ? joined : singleQuoted(joined);
  return pieces
    .map((piece) => ('text' in piece ? singleQuoted(piece.text) : `"${piece.shell}"`))
    .filter((one) => one !== "''")
    .join('');
}

function braced(shell: string, next: string): string {
  return /^\$\w+$/.test(shell) && /^\w/.test(next) ? `\${${shell.slice(1)}}` : shell;
}

function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A text with labels for secrets: the shell's variables are called as the labels. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  for (const { 0: found, 1: inBraces, 2: bare = '', index } of text.matchAll(LABEL)) {
    pieces.push({ text: text.slice(done, index) }, { shell: `$${inBraces ?? bare}` });
    done = index + found.length;
  }
  return [...pieces, { text: text.slice(done) }].filter((piece) => !('text' in piece) || piece.text !== '');
}

/** The URL of a request, with ids percent-encoded and derived as they were in it. */
export function urlPieces(base: string, path: string, journal: Journal): Piece[] {
  const [segments = '', query] = path.split(/\?(.*)/s);
  const inPath = segments
    .split('/')
    .flatMap((segment, i): Piece[] => [
      ...(i > 0 ? [{ text: '/' }] : []),
      ...segmentPieces(segment, journal),
    ]);
  const inQuery =
    query === undefined
      ? []
      : piecesOf(query).map((piece) =>
          'shell' in piece ? encodedPiece(piece.shell.slice(1), journal) : piece,
        );
  return [...piecesOf(base), ...inPath, ...(query === undefined ? [] : [{ text: '?' }, ...inQuery])];
}

function segmentPieces(segment: string, journal: Journal): Piece[] {
  const how = derivationName(segment);
  const variable = /^\$([A-Z_]+_\d+)(?:\.|$)/.exec(segment)?.[1];
  if (variable === undefined) return [{ text: segment }];
  const id = shellId(variable, journal);
  if (how === undefined) return [{ shell: id.segment }];
  const words = derivedWords(how, id);
  return [words.includes('$') ? { shell: words } : { text: words }];
}

function encodedPiece(variable: string, journal: Journal): Piece {
  return { shell: shellId(variable, journal).segment };
}

function shellId(variable: string, { likenesses }: Journal): ShellId {
  const isPlain = /^[\w.~-]*$/.test(likenesses[`$${variable}`] ?? '');
  const segment = isPlain ? `$${variable}` : `$(printf %s "$${variable}" | jq -sRr @uri)`;
  return { variable, segment, isPlain };
}
