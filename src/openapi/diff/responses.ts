import { own, pointer, type JsonObject } from '../../contract/json';
import type { Found } from './change';
import { diffContent } from './content';
import { diffOthers, diffRequired, objectOf, withDefaults, type Holders, type Pair } from './holders';

/** Compares the documented statuses of an operation. */
export function diffResponses(holders: Holders, before: JsonObject, after: JsonObject, place: string): void {
  const report = holders.report('response');
  for (const status of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const at = `${place}${pointer(status)}`;
    const [one, other] = [own(before, status), own(after, status)] as (JsonObject | undefined)[];
    if (one && other) diffResponse(holders, one, other, at, status);
    else if (one) goneStatus(holders, { before, after, place: at }, status);
    else if (other) {
      const covered = covering(status, before);
      const narrower = covered ? differences(holders, covered, other, at, status) : [];
      const breaking = narrower.filter(({ verdict }) => verdict === 'breaking');
      if (breaking.length > 0) breaking.forEach(report);
      else
        report({
          pointer: `${holders.now.origin(after)}${pointer(status)}`,
          ...{ verdict: 'compatible', place: at, after: other, direction: 'widen' },
          reason: `status ${status} is newly documented`,
        });
    }
  }
}

function goneStatus(holders: Holders, { before, after, place }: Pair, status: string): void {
  const one = before[status] as JsonObject;
  const instead = covering(status, after);
  if (instead && differences(holders, one, instead, place, status).length === 0) {
    // Its words have moved to where it is documented now.
    holders.wholes.push(place);
    return;
  }
  holders.report('response')({
    pointer: `${holders.old.origin(before)}${pointer(status)}`,
    ...{ verdict: 'breaking', place, before: one, direction: 'narrow' },
    reason: `status ${status} is no longer documented${instead ? ', and what stands in its place is not equal' : ''}`,
  });
}

/** What a comparison of two responses would report. */
function differences(
  holders: Holders,
  before: JsonObject,
  after: JsonObject,
  place: string,
  status: string,
): Found[] {
  const found: Found[] = [];
  const apart: Holders = { ...holders, wholes: [], report: () => (one) => found.push(one) };
  diffResponse(apart, before, after, place, status);
  return found;
}

function diffResponse(
  holders: Holders,
  before: JsonObject,
  after: JsonObject,
  place: string,
  status: string,
): void {
  const pair = { before, after, place, side: 'response' } as const;
  diffHeaders(holders, objectOf(before.headers), objectOf(after.headers), place);
  const { needed } = holders;
  diffContent(holders, pair, needed?.status === status ? needed.member : undefined);
  diffOthers(holders, pair, ['headers', 'content']);
}

function diffHeaders(holders: Holders, before: JsonObject, after: JsonObject, place: string): void {
  const report = holders.report('response');
  const [old, now] = [headersByName(before), headersByName(after)];
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    const [one, other] = [old.get(key), now.get(key)];
    const at = `${place}/headers${pointer(other?.name ?? one?.name ?? key)}`;
    if (one && other) {
      const pair = { before: one.value, after: other.value, place: at, side: 'response' } as const;
      const normal = { ...pair, before: withDefaults(one.value), after: withDefaults(other.value) };
      diffRequired(holders, pair);
      diffContent(holders, pair);
      diffOthers(holders, pair, ['required', 'schema', 'content'], normal);
    } else if (one) {
      const isNeeded = one.value.required === true;
      report({
        pointer: `${holders.old.origin(before)}${pointer(one.name)}`,
        verdict: isNeeded ? 'breaking' : 'compatible',
        ...{ place: at, before: one.value, direction: 'widen' },
        reason: `the header ${one.name} is no longer ${isNeeded ? 'promised' : 'documented'}`,
      });
    } else if (other) {
      report({
        pointer: `${holders.now.origin(after)}${pointer(other.name)}`,
        ...{ verdict: 'compatible', place: at, after: other.value, direction: 'widen' },
        reason: `the header ${other.name} is newly documented`,
      });
    }
  }
}

/** Content-Type is described by the media types; a header of that name says nothing (OpenAPI, Response Object). */
function headersByName(headers: JsonObject): Map<string, { name: string; value: JsonObject }> {
  const entries = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-type');
  return new Map(entries.map(([name, value]) => [name.toLowerCase(), { name, value: value as JsonObject }]));
}

/** The range, or else "default", under which a status is documented that has no place of its own. */
function covering(status: string, responses: JsonObject): JsonObject | undefined {
  if (status === 'default') return undefined;
  const key = [`${status[0]}XX`, 'default'].find((one) => one !== status && Object.hasOwn(responses, one));
  return key === undefined ? undefined : (responses[key] as JsonObject);
}
