import { distance } from 'fastest-levenshtein';

/** The names that are most like one that does not exist, the nearest first. */
export function nearest(name: string, names: readonly string[], count = 3): string[] {
  const asked = name.toLowerCase();
  return names
    .map((one) => ({ one, edits: distance(asked, one.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits)
    .slice(0, count)
    .map(({ one }) => one);
}
