import type { Found, Side } from './change';
import type { Cut } from '../../contract/cut';
import { SchemaDiff } from './diff-schema';
import { canonicalJson, isObject, pointer, type JsonObject } from '../../contract/json';
import type { Normalizer } from './normal';
import type { Witnesses } from './witness';

/** What a comparison of an operation rests on. */
export interface Holders {
  old: Cut;
  now: Cut;
  normalOld: Normalizer;
  normalNow: Normalizer;
  witnesses: Witnesses;
  /** What the new document has at a JSON Pointer. */
  valueAfter: (pointer: string) => unknown;
  /** Places that were replaced as a whole. */
  wholes: string[];
  report: (side?: Side) => (found: Found) => void;
  /** The member of an answer without which the suite can't go on. */
  needed?: { status: string; member: string };
}

/** Two parts of the documents that belong together. */
interface Pair {
  before: JsonObject;
  after: JsonObject;
  place: string;
  side: Side;
}

/** What a parameter or header says when it says nothing of it. */
const STYLES: Record<string, string> = { query: 'form', cookie: 'form', path: 'simple', header: 'simple' };
/** Header parameters of these names mean nothing (OpenAPI 3.1, Parameter Object and Response Object). */
const IGNORED_HEADERS = new Set(['accept', 'content-type', 'authorization']);

/** Compares what stands between an operation and its schemas. */
export class HolderDiff {
  constructor(private readonly holders: Holders) {}

  operation(before: JsonObject, after: JsonObject, place: string): void {
    this.others({ before, after, place, side: 'request' }, [
      ...['operationId', 'parameters', 'requestBody', 'responses', 'security', 'servers'],
    ]);
    this.parameters(before, after, place);
    this.requestBody(before.requestBody, after.requestBody, `${place}/requestBody`, before, after);
    this.responses(objectOf(before.responses), objectOf(after.responses), `${place}/responses`);
  }

  private parameters(before: JsonObject, after: JsonObject, place: string): void {
    const byKey = (operation: JsonObject): Map<string, JsonObject> =>
      new Map(
        (operation.parameters as JsonObject[])
          .filter((one) => one.in !== 'header' || !IGNORED_HEADERS.has(String(one.name).toLowerCase()))
          .map((one) => [
            `${String(one.in)} ${one.in === 'header' ? String(one.name).toLowerCase() : String(one.name)}`,
            one,
          ]),
      );
    const [old, now] = [byKey(before), byKey(after)];
    const report = this.holders.report('request');
    for (const key of new Set([...old.keys(), ...now.keys()])) {
      const [one, other] = [old.get(key), now.get(key)];
      const at = `${place}/parameters${pointer(key)}`;
      const name = `the ${key.replace(' ', ' parameter ')}`;
      if (one && other) {
        const style = STYLES[String(one.in)] ?? 'simple';
        const pair = {
          before: withDefaults(one, style),
          after: withDefaults(other, style),
          place: at,
          side: 'request' as const,
        };
        this.isRequired(pair, one, other);
        this.content(pair, one, other);
        this.others(pair, ['name', 'in', 'required', 'schema', 'content'], one, other);
      } else if (one) {
        report({
          pointer: this.holders.old.origin(one),
          verdict: 'breaking',
          place: at,
          before: one,
          reason: `${name} is gone: nothing promises that it is honoured`,
        });
      } else if (other) {
        const isNeeded = other.required === true;
        report({
          pointer: this.holders.now.origin(other),
          verdict: isNeeded ? 'breaking' : 'compatible',
          place: at,
          after: other,
          reason: `${name} is new, and ${isNeeded ? 'required' : 'optional'}`,
        });
      }
    }
  }

  private requestBody(
    one: unknown,
    other: unknown,
    place: string,
    before: JsonObject,
    after: JsonObject,
  ): void {
    const report = this.holders.report('request');
    if (isObject(one) && isObject(other)) {
      const pair = { before: one, after: other, place, side: 'request' as const };
      this.isRequired(pair, one, other);
      this.content(pair, one, other);
      this.others(pair, ['required', 'content']);
    } else if (isObject(one)) {
      report({
        pointer: `${this.holders.old.origin(before)}/requestBody`,
        verdict: 'breaking',
        place,
        before: one,
        reason: 'the request body is gone: nothing promises that it is honoured',
      });
    } else if (isObject(other)) {
      const isNeeded = other.required === true;
      report({
        pointer: `${this.holders.now.origin(after)}/requestBody`,
        verdict: isNeeded ? 'breaking' : 'compatible',
        place,
        after: other,
        reason: `a request body is new, and ${isNeeded ? 'required' : 'optional'}`,
      });
    }
  }

  private isRequired({ place, side }: Pair, one: JsonObject, other: JsonObject): void {
    const [was, is] = [one.required === true, other.required === true];
    if (was === is) return;
    const there = 'required' in other;
    const at = there ? this.holders.now.origin(other) : this.holders.old.origin(one);
    this.holders.report(side)({
      pointer: `${at}/required`,
      verdict: is ? 'breaking' : 'compatible',
      place: `${place}/required`,
      before: one.required,
      after: other.required,
      direction: is ? 'narrow' : 'widen',
      reason: is ? 'it is required now' : 'it is no longer required',
    });
  }

  private responses(before: JsonObject, after: JsonObject, place: string): void {
    const report = this.holders.report('response');
    for (const status of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const at = `${place}${pointer(status)}`;
      const [one, other] = [before[status], after[status]] as (JsonObject | undefined)[];
      if (one && other) {
        this.response(one, other, at, status);
      } else if (one) {
        const instead = covering(status, after);
        if (instead && this.differences(one, instead, at, status).length === 0) {
          // Its words have moved to where it is documented now.
          this.holders.wholes.push(at);
          continue;
        }
        report({
          pointer: `${this.holders.old.origin(before)}${pointer(status)}`,
          verdict: 'breaking',
          place: at,
          before: one,
          direction: 'narrow',
          reason: `status ${status} is no longer documented${instead ? ', and what stands in its place is not equal' : ''}`,
        });
      } else if (other) {
        const covered = covering(status, before);
        const narrower = covered
          ? this.differences(covered, other, at, status).filter(({ verdict }) => verdict === 'breaking')
          : [];
        if (narrower.length > 0) narrower.forEach(report);
        else
          report({
            pointer: `${this.holders.now.origin(after)}${pointer(status)}`,
            verdict: 'compatible',
            place: at,
            after: other,
            direction: 'widen',
            reason: `status ${status} is newly documented`,
          });
      }
    }
  }

  /** What a comparison of two responses would report. */
  private differences(before: JsonObject, after: JsonObject, place: string, status: string): Found[] {
    const found: Found[] = [];
    const holders: Holders = { ...this.holders, wholes: [], report: () => (one) => found.push(one) };
    new HolderDiff(holders).response(before, after, place, status);
    return found;
  }

  private response(before: JsonObject, after: JsonObject, place: string, status: string): void {
    const pair = { before, after, place, side: 'response' as const };
    this.headers(objectOf(before.headers), objectOf(after.headers), pair);
    const { needed } = this.holders;
    this.content(pair, before, after, needed?.status === status ? needed.member : undefined);
    this.others(pair, ['headers', 'content']);
  }

  private headers(before: JsonObject, after: JsonObject, { place }: Pair): void {
    const report = this.holders.report('response');
    const byName = (headers: JsonObject): Map<string, [string, JsonObject]> =>
      new Map(
        Object.entries(headers)
          .filter(([name]) => name.toLowerCase() !== 'content-type')
          .map(([name, header]) => [name.toLowerCase(), [name, header as JsonObject]]),
      );
    const [old, now] = [byName(before), byName(after)];
    for (const key of new Set([...old.keys(), ...now.keys()])) {
      const [[name, one] = [], [nameNow, other] = []] = [old.get(key), now.get(key)];
      const at = `${place}/headers${pointer(nameNow ?? name ?? key)}`;
      if (one && other) {
        const pair = {
          before: withDefaults(one, 'simple'),
          after: withDefaults(other, 'simple'),
          place: at,
          side: 'response' as const,
        };
        this.isRequired(pair, one, other);
        this.content(pair, one, other);
        this.others(pair, ['required', 'schema', 'content'], one, other);
      } else if (one && name !== undefined) {
        const isNeeded = one.required === true;
        report({
          pointer: `${this.holders.old.origin(before)}${pointer(name)}`,
          verdict: isNeeded ? 'breaking' : 'compatible',
          place: at,
          before: one,
          direction: 'widen',
          reason: `the header ${name} is no longer ${isNeeded ? 'promised' : 'documented'}`,
        });
      } else if (other && nameNow !== undefined) {
        report({
          pointer: `${this.holders.now.origin(after)}${pointer(nameNow)}`,
          verdict: 'compatible',
          place: at,
          after: other,
          direction: 'widen',
          reason: `the header ${nameNow} is newly documented`,
        });
      }
    }
  }

  /** The schema of a parameter or a header, and what stands under "content". */
  private content({ place, side }: Pair, before: JsonObject, after: JsonObject, needed?: string): void {
    if ('schema' in before || 'schema' in after) this.schemas(before, after, place, side, needed);
    const report = this.holders.report(side);
    const [old, now] = [mediaTypes(before), mediaTypes(after)];
    if (old.size > 0 && after.content === undefined) {
      report({
        pointer: `${this.holders.old.origin(before)}/content`,
        verdict: 'breaking',
        place: `${place}/content`,
        before: before.content,
        direction: 'both',
        reason: 'no content is documented any more',
      });
      return;
    }
    for (const key of new Set([...old.keys(), ...now.keys()])) {
      const [[name, one] = [], [nameNow, other] = []] = [old.get(key), now.get(key)];
      const at = `${place}/content${pointer(name ?? nameNow ?? key)}`;
      if (one && other) {
        this.schemas(one, other, at, side, needed);
        this.others({ before: one, after: other, place: at, side }, ['schema']);
      } else if (one && name !== undefined) {
        report({
          pointer: `${this.holders.old.origin(before.content as object)}${pointer(name)}`,
          verdict: 'breaking',
          place: at,
          before: one,
          direction: 'narrow',
          reason: `the media type ${name} is no longer documented`,
        });
      } else if (other && nameNow !== undefined) {
        report({
          pointer: `${this.holders.now.origin(after.content as object)}${pointer(nameNow)}`,
          verdict: 'compatible',
          place: at,
          after: other,
          direction: 'widen',
          reason: `the media type ${nameNow} is newly documented`,
        });
      }
    }
  }

  private schemas(before: JsonObject, after: JsonObject, place: string, side: Side, needed?: string): void {
    const { old, now, normalOld, normalNow, witnesses, valueAfter, report, wholes } = this.holders;
    new SchemaDiff(
      {
        old: normalOld,
        now: normalNow,
        witnesses,
        side,
        valueAfter,
        wholes,
        report: report(side),
        ...(needed !== undefined && { needed }),
      },
      normalOld.schema(before.schema, `${old.origin(before)}/schema`),
      normalNow.schema(after.schema, `${now.origin(after)}/schema`),
      `${place}/schema`,
    ).run();
  }

  /** Whatever else stands there: what it means is not known, except that a deprecation forbids nothing. */
  private others({ before, after, place, side }: Pair, handled: string[], one = before, other = after): void {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      if (handled.includes(key) || canonicalJson({ is: before[key] }) === canonicalJson({ is: after[key] }))
        continue;
      const isDeprecation = key === 'deprecated';
      if (isDeprecation && (before[key] ?? false) === (after[key] ?? false)) continue;
      const at = key in other ? this.holders.now.origin(other) : this.holders.old.origin(one);
      const isOperation =
        !place.includes('/parameters/') && !place.includes('/responses/') && !place.includes('/requestBody');
      this.holders.report(isOperation ? undefined : side)({
        pointer: `${at}${pointer(key)}`,
        verdict: isDeprecation ? 'compatible' : 'breaking',
        place: `${place}${pointer(key)}`,
        before: one[key],
        after: other[key],
        direction: isDeprecation ? 'widen' : 'both',
        reason: isDeprecation
          ? '"deprecated" forbids nothing'
          : `undecided: what "${key}" means to a message can't be tried`,
      });
    }
  }
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** Media types by their names in lower case. */
function mediaTypes({ content }: JsonObject): Map<string, [string, JsonObject]> {
  return new Map(
    Object.entries(objectOf(content)).map(([name, one]) => [name.toLowerCase(), [name, one as JsonObject]]),
  );
}

/** The range, or else "default", under which a status is documented that has no place of its own. */
function covering(status: string, responses: JsonObject): JsonObject | undefined {
  if (status === 'default') return undefined;
  const range = `${status[0]}XX`;
  const key = [range, 'default'].find((one) => one !== status && one in responses);
  return key === undefined ? undefined : (responses[key] as JsonObject);
}

function withDefaults(holder: JsonObject, style: string): JsonObject {
  return {
    style,
    explode: (holder.style ?? style) === 'form',
    allowReserved: false,
    allowEmptyValue: false,
    ...holder,
  };
}
