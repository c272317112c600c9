import type { StatedFinding, StatedRequirement, Statement } from './statement';

/*
 * What the renderings of a statement, for the terminal and in Markdown, have in common.
 */

export function isGreen({ verdict, errors }: Statement): boolean {
  return verdict === 'conforms' && errors.length === 0;
}

export function targetName({ target }: Statement): string {
  return target.kind === 'stand-in'
    ? 'the stand-in, not a deployed API (set BASE_URL to judge one)'
    : target.url || 'no target';
}

/** What was judged, and at what cost. */
export function judgedText({ counts, requests, durationMs, rateLimited }: Statement): string {
  return `judged ${counts.judged} of ${counts.expected} requirements with ${requests} requests in ${(durationMs / 1000).toFixed(1)} s${rateLimited > 0 ? `, turned away ${rateLimited} times` : ''}`;
}

/** What may be left of the run at the target; undefined where that is nothing. */
export function leftText({ left }: Statement): string | undefined {
  if (left.leftBehind === 0) return undefined;
  return `${left.leftBehind} of ${left.created} sessions may still be pending${left.sessions.length > 0 ? ` (${left.sessions.join(', ')})` : ''}`;
}

/** Requirements that were not judged, or not to the full, by the reason; those that nobody selected are left out. */
export function unjudged(requirements: StatedRequirement[]): { reason: string; ids: string[] }[] {
  const byReason = new Map<string, string[]>();
  for (const { id, outcome, reason } of requirements) {
    if (outcome !== 'not-judged' || reason === undefined || reason === NOT_SELECTED) continue;
    byReason.set(reason, [...(byReason.get(reason) ?? []), id]);
  }
  return [...byReason].map(([reason, ids]) => ({ reason, ids }));
}

export const NOT_SELECTED = 'not selected';

/** Whose fault a finding likely is, for whoever has to decide whom to wake. */
export function likelyFault({ class: cls, code, seen, of }: StatedFinding): string {
  if (cls === 'advice') return "nobody's: advice, which fails no run";
  if (cls === 'drift')
    return "the document's or the API's: it does what nobody has documented; ask its owner which is to change";
  if (code === 'timeout' || code === 'no-answer')
    return "the API's, or of what stands before it: it answered other requests meanwhile";
  if (seen < of)
    return `the API's, not each time (${seen} of ${of}): requests of that kind only, or one of several servers, a cache, a race or a timer`;
  return "the API's: it breaks what it promises, each time";
}
