import { commonPrefix, texts, type DatedId } from './dated-id';
import { CLOCKS, COUNTERS, type Guess } from './guesses';
import { digestRecipes, nameBasedRecipes, type Recipe } from './recipes';

/*
 * Ids that are the digest of a clock, of a counter or of the id before. To the eye they are random; who knows what is hashed
 * computes the next one. What is usually hashed is tried on one id, and what fits that one on the others: 128 bits fit by
 * chance never.
 */

/** Digests that are tried at most, about half a second's work. Only ids that look like digests are. */
const MAX_DIGESTS = 200_000;

/** Where the version of a UUID stands, without dashes. */
const VERSION_AT = 12;

interface Hashed extends DatedId {
  /** In hexadecimal. */
  digest: string;
}

export function explainDigests(ids: readonly DatedId[]): string | undefined {
  const hashed = readDigests(ids);
  // The most can be tried on the id of which is known best when it was made.
  const [first] = [...hashed].sort((a, b) => a.to - a.from - (b.to - b.from));
  if (!first) return undefined;
  const chain = recipesFor(hashed).find((recipe) => isChain(hashed, recipe));
  if (chain) return `${chain.name} of the id before`;
  let left = MAX_DIGESTS;
  for (const [recipe, guess] of attempts(recipesFor(hashed))) {
    const { isFound, count } = fits(first, recipe, guess.texts(first), left);
    left -= count;
    if (isFound && fitsMost(hashed, recipe, guess)) return `${recipe.name} of ${guess.name}`;
  }
  return undefined;
}

/** Most ids have a successor among the others; which of several concurrent ones was made first is not known. */
function isChain(hashed: readonly Hashed[], { digestOf }: Recipe): boolean {
  const next = hashed.map(({ id }) => digestOf(id));
  const followed = next.filter((one) => hashed.some(({ digest }) => one.startsWith(digest)));
  return followed.length > hashed.length / 2;
}

/** A create that took long leaves more to try than may be tried. */
function fitsMost(hashed: readonly Hashed[], recipe: Recipe, guess: Guess): boolean {
  const fitting = hashed.filter((one) => fits(one, recipe, guess.texts(one), MAX_DIGESTS).isFound);
  return fitting.length > hashed.length / 2;
}

/** Counters take little, so each recipe is tried on them before clocks use up what may be tried. */
function attempts(recipes: readonly Recipe[]): [Recipe, Guess][] {
  const counted = recipes.flatMap((recipe) => COUNTERS.map((guess): [Recipe, Guess] => [recipe, guess]));
  const timed = recipes.flatMap((recipe) => CLOCKS.map((guess): [Recipe, Guess] => [recipe, guess]));
  return [...counted, ...timed];
}

/** None where ids do not look like digests: where all have something in common that is not the version of such UUIDs. */
function recipesFor(hashed: readonly Hashed[]): Recipe[] {
  const digests = hashed.map(({ digest }) => digest);
  const [{ length, [VERSION_AT]: version = '' } = ''] = digests;
  const places = [...Array(length).keys()].filter((i) => digests.every((one) => one[i] === digests[0]?.[i]));
  if (places.length === 0) return digestRecipes(length / 2);
  const isVersionOnly = length === 32 && places.length === 1 && places[0] === VERSION_AT;
  return isVersionOnly ? nameBasedRecipes(version) : [];
}

/** None where an id does not look like a digest. */
function readDigests(ids: readonly DatedId[]): Hashed[] {
  const prefix = /^.*[^0-9a-z]/i.exec(commonPrefix(texts(ids)))?.[0] ?? '';
  const digests = texts(ids).map((id) => hexOf(id.slice(prefix.length)));
  const [{ length } = ''] = digests;
  const isAlike = length > 0 && digests.every((one) => one.length === length);
  return isAlike ? ids.map((one, i) => ({ ...one, digest: digests[i] ?? '' })) : [];
}

function hexOf(text: string): string {
  if (/^[0-9a-f]+$/i.test(text)) return text.toLowerCase();
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text))
    return text.replaceAll('-', '').toLowerCase();
  return /^[\w+/-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64').toString('hex') : '';
}

function fits(
  { digest }: Hashed,
  { digestOf }: Recipe,
  candidates: Iterable<string>,
  max: number,
): { isFound: boolean; count: number } {
  let count = 0;
  for (const text of candidates) {
    if (count === max) break;
    count++;
    if (digestOf(text).startsWith(digest)) return { isFound: true, count };
  }
  return { isFound: false, count };
}
