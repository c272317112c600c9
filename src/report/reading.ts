import { idsText } from './session-states';
import type { StatedFinding, StatedRequirement, StatedWalks, Statement } from './statement';

/*
 * What the renderings of a statement, for the terminal, in Markdown and in XML, have in common.
 */

export function targetName({ target }: Pick<Statement, 'target'>): string {
  return target.kind === 'stand-in'
    ? 'the stand-in, not a deployed API (set BASE_URL to judge one)'
    : target.url || 'no target';
}

/** What the run cost. */
export function costText({ requests, durationMs, rateLimited }: Statement): string {
  return `${requests} requests in ${(durationMs / 1000).toFixed(1)} s${rateLimited > 0 ? `, rate-limited ${rateLimited} times` : ''}`;
}

/** The verdict with what it rests on: "conforms, 33 of 43 judged: 6 need PROVIDER_STATE_URL, 4 left out by PROFILE=polite". */
export function verdictText(statement: Statement): string {
  const { verdict, counts, requirements } = statement;
  const { judged, expected, accepted = 0, blocked = 0 } = counts;
  const share =
    expected === 0
      ? 'nothing judged'
      : judged === expected
        ? `all ${expected} judged`
        : `${judged} of ${expected} judged`;
  const reasons = unjudged(requirements).map(groupText);
  const known = accepted === 0 ? '' : `, ${accepted} accepted${blocked > 0 ? ` (${blocked} blocked)` : ''}`;
  const why = judged === expected || reasons.length === 0 ? '' : `: ${mergedGroups(reasons)}`;
  return `${verdict}, ${share}${known}${why}`;
}

/** Groups that read the same, as different reasons may name the same setting, are one. */
function mergedGroups(groups: { count: number; text: string }[]): string {
  const counts = new Map<string, number>();
  for (const { count, text } of groups) counts.set(text, (counts.get(text) ?? 0) + count);
  return [...counts]
    .map(([text, count]) => `${count} ${text.replace(/^need /, count === 1 ? 'needs ' : 'need ')}`)
    .join(', ');
}

/** Most letters of a reason in the verdict line; the reason stands whole above it. */
const MAX_REASON = 60;

function groupText({ reason, cause, ids }: Unjudged): { count: number; text: string } {
  const count = ids.length;
  const settings = [...new Set(reason.match(/\b[A-Z]{2,}(?:_[A-Z]+)+\b/g) ?? [])];
  if (cause === 'profile') return { count, text: 'left out by PROFILE=polite' };
  if (cause === 'blocked') return { count, text: reason };
  if (cause === 'setting' && settings.length > 0) return { count, text: `need ${settings.join(' or ')}` };
  const short = reason.length > MAX_REASON ? `${reason.slice(0, MAX_REASON)}…` : reason;
  return { count, text: `not judged (${short})` };
}

/** What may be left of the run at the target; undefined where that is nothing. */
export function leftText({ left }: Statement): string | undefined {
  if (left.leftBehind === 0) return undefined;
  return `${left.leftBehind} of ${left.created} sessions may still be pending${left.sessions.length > 0 ? ` (${left.sessions.join(', ')})` : ''}`;
}

export interface Unjudged {
  reason: string;
  cause: StatedRequirement['cause'];
  ids: string[];
}

/** Requirements that were not judged, by the reason; those that were not selected are left out. */
export function unjudged(requirements: StatedRequirement[]): Unjudged[] {
  return byReason(requirements.filter(({ outcome }) => outcome === 'not-judged'));
}

/** Requirements of which a part was not judged, by the reason. */
export function judgedInPart(requirements: StatedRequirement[]): Unjudged[] {
  return byReason(requirements.filter(({ outcome }) => outcome !== 'not-judged'));
}

function byReason(requirements: StatedRequirement[]): Unjudged[] {
  const groups = new Map<string, Unjudged>();
  for (const { id, reason: whole, cause, blockedBy } of requirements) {
    if (whole === undefined || whole === NOT_SELECTED) continue;
    // Many requirements that one finding blocks are one group, whatever each of them saw of it.
    const reason = blockedBy === undefined ? whole : `blocked by ${blockedBy.replace(/\/.*/, '')}`;
    // What a profile leaves out is one choice, whatever each requirement lacks.
    const key = cause === 'profile' ? cause : reason;
    const group = groups.get(key) ?? { reason, cause, ids: [] };
    group.ids.push(id);
    if (!group.reason.includes(reason)) group.reason = `${group.reason}; ${reason}`;
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** "all 43" where it is all of them, or else the ids. */
export function namesText(ids: string[], all: number): string {
  return ids.length === all && all > 3 ? `all ${all}` : idsText(ids);
}

export const NOT_SELECTED = 'not selected';

/**
 * How often a finding was seen among the requests that could have shown it.
 * @param isPartial the run goes on: that the last ones showed it says nothing yet
 */
export function frequency({ seen, of, among, cleanBefore }: StatedFinding, isPartial = false): string {
  const began = cleanBefore !== undefined && !isPartial;
  const count = `${seen} of ${of} ${among}${began ? `, after ${cleanBefore} that did not show it` : ''}`;
  return seen < of ? `intermittent (${count})` : count;
}

/**
 * Whose fault a finding likely is.
 * @param isPartial the run goes on: that it was always seen says nothing yet
 */
export function likelyFault(finding: StatedFinding, isPartial = false): string {
  const { class: cls, code, seen, of, cleanBefore, request } = finding;
  if (cls === 'advice') return 'not a fault: advice, which never fails a run';
  if (isPage(finding)) return 'the API, or a proxy in front of it that answers with a page of its own';
  if (request?.age !== undefined)
    return `the API, or a cache in front of it: the response has an Age header (${request.age} s)`;
  if (cls === 'drift')
    return 'undocumented behaviour: either the document or the API must change; ask the owner of the API';
  if (code === 'timeout' || code === 'no-answer')
    return 'the API, or a proxy in front of it: other requests were answered meanwhile';
  if (/^status 50[234]\b/.test(finding.actual ?? ''))
    return 'the API, or a gateway in front of it, whose status this is: other requests were answered meanwhile';
  if (cleanBefore !== undefined && !isPartial)
    return 'API bug, intermittent: it began during the run, so that earlier requests may be the cause (a quota, a lock), which the line does not repeat; or certain requests only, a cache or a timer';
  if (seen < of)
    return 'API bug, intermittent: certain requests only, one of several servers, a cache, a race or a timer';
  if (isPartial) return 'API bug';
  return of === 1 ? 'API bug: in the only request that could show it' : 'API bug: fails every time';
}

/** In place of the documented response, as proxies do that have error pages of their own. */
function isPage({ code, request }: StatedFinding): boolean {
  return request?.mediaType === 'text/html' && ABOUT_THE_RESPONSE.has(code);
}

/** Other codes are of what a request has done. */
const ABOUT_THE_RESPONSE = new Set([
  'status',
  'undocumented-status',
  'media-type',
  'undocumented-body',
  'json',
]);

/** "30 of 30 walks of EXPLORE_SEED=7". */
export function walksText({ seed, walked, of, failing }: StatedWalks): string {
  const failed = failing.length === 0 ? '' : `, ${failing.length} failed`;
  return `${walked} of ${of}${failed}; EXPLORE_SEED=${seed} walks the same way`;
}

/** Why a run is untestable or misconfigured, which no finding of a test says; undefined where it is neither. */
export function untoldByTests(statement: Statement): string | undefined {
  const { verdict, errors, requirements } = statement;
  const isUntested = verdict === 'untestable';
  if (errors.length === 0 && !isUntested) return undefined;
  const reasons = isUntested
    ? unjudged(requirements).map(
        ({ reason, ids }) => `not judged: ${namesText(ids, requirements.length)}: ${reason}`,
      )
    : [];
  return [verdictText(statement), ...reasons, ...errors.map((error) => `error: ${error}`)].join('\n');
}
