import { isObject, pointer, type JsonObject } from '../json';
import { UnreadableSource } from '../unreadable-source';
import { definitionPointer, Definitions } from './definitions';
import { byText, checkDepth, type Parts } from './parts';
import { isAliasKey, isReference, leadsToItself, type References, type Target } from './references';
import { SCHEMA_LISTS, SCHEMA_MAPS, SCHEMA_PARTS } from './schema-keywords';

/** Keywords that a cut does without: references are resolved by then, and "nullable" is not a keyword of 3.1. */
const DROPPED = ['$defs', 'definitions', '$schema', '$id', '$anchor', 'nullable'];

/** Copies schemas, with what they refer to written out or made a definition. */
export class Schemas {
  readonly definitions = new Map<string, unknown>();
  private readonly choice: Definitions;
  private readonly left: (() => void)[] = [];
  private depth = 0;

  constructor(
    private readonly parts: Parts,
    private readonly references: References,
    private readonly is30: boolean,
    reserved: Iterable<string>,
  ) {
    this.choice = new Definitions(references, is30, reserved);
  }

  /** A schema, with the definitions that it needs. */
  whole(value: unknown, at: string, to: string): unknown {
    const result = this.schema(value, at, to);
    for (let copy = this.left.pop(); copy !== undefined; copy = this.left.pop()) copy();
    return result;
  }

  private schema(value: unknown, at: string, to: string): unknown {
    if (typeof value === 'boolean') return value;
    if (!isObject(value)) throw new UnreadableSource(`${at} is not a schema`);
    checkDepth(this.depth++);
    const result = isReference(value) ? this.reference(value, at, to) : this.copy(value, at, to);
    this.depth--;
    return result;
  }

  private copy(value: JsonObject, at: string, to: string): JsonObject {
    const result = this.parts.keep(value, at, to, [
      ...SCHEMA_MAPS,
      ...SCHEMA_LISTS,
      ...SCHEMA_PARTS,
      ...DROPPED,
    ]);
    for (const [key, part] of Object.entries(value)) {
      const [partAt, partTo] = [`${at}${pointer(key)}`, `${to}${pointer(key)}`];
      if (SCHEMA_MAPS.has(key)) {
        result[key] = this.parts.map(part, partAt, partTo, (one, oneAt, oneTo) => {
          this.parts.weigh(oneAt.slice(partAt.length));
          return this.schema(one, oneAt, oneTo);
        });
      } else if (SCHEMA_LISTS.has(key)) {
        if (!Array.isArray(part)) throw new UnreadableSource(`${partAt} is not a list`);
        const list = part.map((one, i) => this.schema(one, `${partAt}/${i}`, `${partTo}/${i}`));
        result[key] = this.parts.located(list, partAt);
      } else if (SCHEMA_PARTS.has(key)) {
        result[key] = this.schema(part, partAt, partTo);
      }
    }
    if (this.is30) readAs31(result, value);
    return this.parts.finish(result, at);
  }

  /** In 3.1 the keywords beside a $ref hold as well; in 3.0 they are ignored. */
  private reference({ $ref, ...beside }: JsonObject & { $ref: string }, at: string, to: string): unknown {
    const own = this.is30 ? {} : this.copy(beside, at, to);
    if (Object.keys(own).length === 0) return this.target($ref, at, to);
    const target = this.target($ref, at, `${to}/allOf/0`);
    return this.parts.finish({ allOf: this.parts.located([target, own], at) }, at);
  }

  private target($ref: string, at: string, to: string): unknown {
    const { value, at: end } = this.withoutAliases($ref, at);
    const name = this.choice.nameOf(value, end);
    if (name === undefined) return this.schema(value, end, to);
    if (!this.definitions.has(name)) {
      // Copied later: definitions lead from one to another, as deep as the document likes.
      this.definitions.set(name, true);
      this.left.push(() => this.definitions.set(name, this.schema(value, end, definitionPointer(name))));
    }
    return this.parts.located({ $ref: `#${definitionPointer(name)}` }, at);
  }

  /** What a reference leads to, past schemas that are nothing but references themselves. */
  private withoutAliases($ref: string, at: string): Target {
    const seen = new Set<string>();
    let target = this.references.step($ref, at);
    while (isReference(target.value) && (this.is30 || Object.keys(target.value).every(isAliasKey))) {
      if (seen.has(target.at)) throw leadsToItself(at);
      seen.add(target.at);
      target = this.references.step(target.value.$ref, target.at);
    }
    return target;
  }
}

/** OpenAPI 3.0 schemas have a dialect of their own; these are its words that mean something else in 3.1, or nothing. */
function readAs31(result: JsonObject, value: JsonObject): void {
  if (value.nullable === true && typeof value.type === 'string') {
    result.type = [value.type, 'null'].sort();
    if (Array.isArray(value.enum)) result.enum = [...(value.enum as unknown[]), null].sort(byText);
  }
  for (const [exclusive, limit] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (value[exclusive] === true) {
      result[exclusive] = value[limit];
      delete result[limit];
    } else if (value[exclusive] === false) {
      delete result[exclusive];
    }
  }
}
