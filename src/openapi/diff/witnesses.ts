import { createContext, Script } from 'node:vm';
import { Ajv2020 } from 'ajv/dist/2020';
import { addKnownFormats } from '../../contract/formats';
import { canonicalJson } from '../../contract/json';
import { quoteNames } from '../../contract/names';
import { canonical } from './canonical';
import type { Node } from './keywords';
import { isMonotone, valuesAlong } from './paths';
import { Prober } from './probes';
import { referredBy, type Expand } from './recursion';

/** What AJV says of two schemas: a value that only the first accepts, one that only the second does. */
export interface Difference {
  /** Valid before, and not after. */
  narrow?: { value: unknown };
  /** Valid after, and not before. */
  widen?: { value: unknown };
  /** Why there is neither. */
  undecided?: string;
}

/** All values that were tried are the same to both. */
export const NO_VALUE = 'no value was found that tells them apart';

/** Bounds on one comparison of two schemas, and on all of a run, on a machine that has nothing else to do. */
const MS_EACH = 3000;
const MS_IN_ALL = 9000;
/** Characters of a schema beyond which compiling it takes too long. */
const MAX_SCHEMA = 150_000;

/** Finds values that tell two schemas apart. */
export class Witnesses {
  private ajv = newAjv();
  private readonly validators = new Map<string, Validator | string>();
  private left: number;
  private readonly prober: Prober = new Prober((node, value) => {
    const validate = this.validator(node, this.prober.expand);
    return typeof validate !== 'string' && validate(value);
  });

  /**
   * @param pace how much longer than its own time the process takes, since others take turns with it; at least 1
   * @param mostMs what is left of the time for the whole comparison
   */
  constructor(
    private readonly pace = 1,
    mostMs = MS_IN_ALL,
  ) {
    this.left = Math.min(MS_IN_ALL * pace, mostMs);
  }

  compare(before: Node, after: Node, expand: Expand, options: SearchOptions = {}): Difference {
    const found: Difference = {};
    this.prober.expand = expand;
    const result = this.bounded(() => this.search(before, after, expand, options, found));
    if (result.undecided === undefined || result.undecided === NO_VALUE) return result;
    // What was found until then stands. That nothing has become invalid is certain only where it can't have.
    const { paths = [] } = options;
    const isCertain =
      found.narrow !== undefined ||
      (found.widen !== undefined &&
        paths.length === 1 &&
        paths.every((path) => isMonotone(this.prober, before, path)));
    return isCertain ? found : result;
  }

  /** Whether a value is valid; undefined where that can't be said. */
  isValid(node: Node, value: unknown, expand: Expand): boolean | undefined {
    let result: boolean | undefined;
    const { undecided } = this.bounded(() => {
      const validate = this.validator(node, expand);
      if (typeof validate === 'string') return { undecided: validate };
      result = validate(value);
      return {};
    });
    return undecided === undefined ? result : undefined;
  }

  private bounded(work: () => Difference): Difference {
    if (this.left <= 0) return { undecided: 'there is more to compare than time to try values' };
    const started = Date.now();
    try {
      return within(Math.min(MS_EACH * this.pace, this.left), work);
    } catch (error) {
      // What was stopped halfway may have left anything behind.
      this.ajv = newAjv();
      this.validators.clear();
      this.prober.reset();
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
        return {
          undecided: 'trying values takes too long (a pattern that backtracks, or a very large schema)',
        };
      return { undecided: `AJV gives up: ${(error as Error).message}` };
    } finally {
      this.left -= Date.now() - started;
    }
  }

  private search(
    before: Node,
    after: Node,
    expand: Expand,
    { accepts = () => true, paths = [] }: SearchOptions,
    found: Difference,
  ): Difference {
    const [old, now] = [this.validator(before, expand), this.validator(after, expand)];
    if (typeof now === 'string') return { undecided: `AJV refuses the new schema: ${now}` };
    if (typeof old === 'string') return { undecided: `AJV refuses the old schema: ${old}` };
    const sources = [
      ...paths.flatMap((path) => [before, after].map((root) => () => valuesAlong(this.prober, root, path))),
      ...[before, after].map((root) => () => this.prober.values(root)),
    ];
    for (const values of sources)
      for (const value of values()) {
        if (!accepts(value)) continue;
        const [wasValid, isValid] = [old(value), now(value)];
        if (wasValid && !isValid) found.narrow ??= { value };
        if (!wasValid && isValid) found.widen ??= { value };
        if (found.narrow && found.widen) return found;
      }
    return found.narrow || found.widen ? found : { undecided: NO_VALUE };
  }

  /** @returns the validator, or why the schema has no validator */
  private validator(node: Node, expand: Expand): Validator | string {
    const key = canonical(node);
    const known = this.validators.get(key);
    if (known !== undefined) return known;
    let made: Validator | string;
    try {
      for (const [name, target] of referredBy(node, expand))
        if (!this.ajv.schemas[name]) this.ajv.addSchema(this.prepared(target), name);
      const validate = this.ajv.compile(this.prepared(node));
      made = (value) => validate(quoteNames(value, 'proto')) === true;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      made = message.replace(/\s+/g, ' ').slice(0, 200);
    }
    this.validators.set(key, made);
    return made;
  }

  private prepared(node: Node): Node {
    const schema = quoteNames(node, 'proto') as Node;
    if (canonicalJson(schema).length > MAX_SCHEMA) throw new Error('it is too large to try values');
    addKnownFormats(this.ajv, schema);
    return schema;
  }
}

export interface SearchOptions {
  /** Which values come into question. */
  accepts?: (value: unknown) => boolean;
  /** The places that differ. */
  paths?: string[][];
}

type Validator = (value: unknown) => boolean;

function newAjv(): Ajv2020 {
  // Documents of others may hold what strict mode refuses; "own" because a body has no "toString" of its own.
  const ajv = new Ajv2020({
    strict: false,
    allowUnionTypes: true,
    ownProperties: true,
    // Copies of a large schema for each reference to it would not fit into memory.
    inlineRefs: 500,
    logger: false,
    addUsedSchema: false,
    code: { regExp: Object.assign(regExp, { code: 'new RegExp' }) },
  });
  addKnownFormats(ajv, {});
  return ajv;
}

/** Patterns are Unicode ones, but many that are in use are not right as such. */
function regExp(pattern: string, flags: string): RegExp {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return new RegExp(pattern);
  }
}

/** Does some work that may never end: a regular expression that backtracks can only be stopped from here. */
function within<T>(ms: number, work: () => T): T {
  let result: { value: T } | undefined;
  const context = createContext({ work: () => (result = { value: work() }) });
  new Script('work()').runInContext(context, { timeout: Math.max(1, Math.ceil(ms)) });
  return (result as unknown as { value: T }).value;
}
