import type { DerivationName } from '../../catalogue/derived-ids';

/** A session's id in a line of shell: the variable that holds it, and the words of its path segment, percent-encoded. */
export interface ShellId {
  variable: string;
  segment: string;
  /** It has only characters that a URL holds unencoded. */
  isPlain: boolean;
}

/** Words of bash that make a path segment of a session's id, to stand between double quotes. */
type Words = (id: ShellId) => string;

/** Bash counts bytes in some locales, and macOS has an old one; jq counts characters, as the suite does. */
function inJq(...program: string[]): Words {
  return ({ variable }) => `$(jq -rn --arg id "$${variable}" '${[...program, '@uri'].join('|')}')`;
}

function followedBy(suffix: string): Words {
  return ({ segment }) => segment + suffix;
}

const AS_IT_STANDS = {
  'star-wildcard': () => '*',
  'sql-wildcard': () => '%25',
} as const;

/** How far full-width letters and digits are from the common ones in Unicode. */
const FULL_WIDTH = 0xfee0;

/** The same ids as the segments in the catalogue. */
const WORDS: Record<DerivationName, Words> = {
  ...AS_IT_STANDS,
  'star-at-end': (id) => `${inJq('$id[:-1]')(id)}*`,
  'percent-at-end': (id) => `${inJq('$id[:-1]')(id)}%25`,
  'regular-expression': (id) => `${inJq('$id[:-1]')(id)}.*`,
  'first-half': inJq('$id', '.[:length/2|floor]'),
  'all-but-last': inJq('$id[:-1]'),
  'one-off': inJq(
    '$id',
    '(if test("[0-9]{12}$") then length-1 else [0,(.[:(length/2|floor)+1]|sub("[^0-9A-Za-z]+$";"")|length-1)]|max end) as $at',
    '.[:$at]+(.[$at:$at+1]|{"7":"3","E":"B","e":"b"}[.]//(if test("[0-9]") then "7" elif test("[A-Z]") then "E" else "e" end))+.[$at+1:]',
  ),
  nul: followedBy('%00'),
  'trailing-space': followedBy('%20'),
  'invalid-utf8': followedBy('%FF'),
  'non-ascii': followedBy('%E2%80%8B'),
  'full-width': inJq(
    '$id',
    'explode',
    `map(if (.>47 and .<58) or (.>64 and .<91) or (.>96 and .<123) then .+${FULL_WIDTH} else . end)`,
    'implode',
    'if .==$id then .+"\\uff05" else . end',
  ),
  'encoded-dot-segments': ({ segment }) => `x%2F..%2F${segment}`,
  'encoded-twice': (id) =>
    id.isPlain ? `%25$(printf %02x "'$${id.variable}")\${${id.variable}#?}` : inJq('$id', '@uri')(id),
  'characters-1024': inJq('($id+"a"*1024)[:1024]'),
};

export function derivedWords(name: DerivationName, id: ShellId): string {
  return WORDS[name](id);
}
