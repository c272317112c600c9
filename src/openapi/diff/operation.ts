import { isObject, pointer, type JsonObject } from '../../contract/json';
import { diffSecurity, diffServers } from './access';
import { diffContent } from './content';
import { diffOthers, diffRequired, objectOf, withDefaults, type Holders } from './holders';
import { diffResponses } from './responses';

/** Header parameters of these names mean nothing (OpenAPI 3.1, Parameter Object). */
const IGNORED_HEADERS = new Set(['accept', 'content-type', 'authorization']);
const HANDLED = ['operationId', 'parameters', 'requestBody', 'responses', 'security', 'servers'];

/** Compares one operation of two documents. */
export function diffOperation(holders: Holders, before: JsonObject, after: JsonObject, place: string): void {
  diffOthers(holders, { before, after, place }, HANDLED);
  diffParameters(holders, before, after, place);
  diffRequestBody(holders, before, after, `${place}/requestBody`);
  diffResponses(holders, objectOf(before.responses), objectOf(after.responses), `${place}/responses`);
  diffServers(holders, before, after, place);
  diffSecurity(holders, before, after, place);
}

function diffParameters(holders: Holders, before: JsonObject, after: JsonObject, place: string): void {
  const [old, now] = [parametersByKey(before), parametersByKey(after)];
  const report = holders.report('request');
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    const [one, other] = [old.get(key), now.get(key)];
    const at = `${place}/parameters${pointer(key)}`;
    const name = `the ${key.replace(' ', ' parameter ')}`;
    if (one && other) {
      const pair = { before: one, after: other, place: at, side: 'request' } as const;
      const normal = { ...pair, before: withDefaults(one), after: withDefaults(other) };
      diffRequired(holders, pair);
      diffContent(holders, pair);
      diffOthers(holders, pair, ['name', 'in', 'required', 'schema', 'content'], normal);
    } else if (one) {
      report({
        ...{ pointer: holders.old.origin(one), verdict: 'breaking', place: at, before: one },
        reason: `${name} is gone: nothing promises that it is honoured`,
      });
    } else if (other) {
      const isNeeded = other.required === true;
      report({
        ...{ pointer: holders.now.origin(other), place: at, after: other },
        verdict: isNeeded ? 'breaking' : 'compatible',
        reason: `${name} is new, and ${isNeeded ? 'required' : 'optional'}`,
      });
    }
  }
}

/** Parameters by place and name; names of headers have no case. */
function parametersByKey(operation: JsonObject): Map<string, JsonObject> {
  const key = ({ name, in: place }: JsonObject): string =>
    `${String(place)} ${place === 'header' ? String(name).toLowerCase() : String(name)}`;
  return new Map(
    (operation.parameters as JsonObject[])
      .filter((one) => one.in !== 'header' || !IGNORED_HEADERS.has(String(one.name).toLowerCase()))
      .map((one) => [key(one), one]),
  );
}

function diffRequestBody(holders: Holders, before: JsonObject, after: JsonObject, place: string): void {
  const [one, other] = [before.requestBody, after.requestBody];
  const report = holders.report('request');
  if (isObject(one) && isObject(other)) {
    const pair = { before: one, after: other, place, side: 'request' } as const;
    diffRequired(holders, pair);
    diffContent(holders, pair);
    diffOthers(holders, pair, ['required', 'content']);
  } else if (isObject(one)) {
    report({
      pointer: `${holders.old.origin(before)}/requestBody`,
      ...{ verdict: 'breaking', place, before: one },
      reason: 'the request body is gone: nothing promises that it is honoured',
    });
  } else if (isObject(other)) {
    const isNeeded = other.required === true;
    report({
      pointer: `${holders.now.origin(after)}/requestBody`,
      verdict: isNeeded ? 'breaking' : 'compatible',
      ...{ place, after: other },
      reason: `a request body is new, and ${isNeeded ? 'required' : 'optional'}`,
    });
  }
}
