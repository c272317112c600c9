import { createContext, Script } from 'node:vm';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { formatsIn } from '../../contract/formats';
import { canonicalJson } from '../../contract/json';
import { canonical, type Node } from './normal';
import { Prober } from './probes';

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

/** Bound on one comparison of two schemas, and on all of a run. */
const MS_EACH = 3000;
const MS_IN_ALL = 9000;
/** Characters of a schema beyond which compiling it takes too long. */
const MAX_SCHEMA = 150_000;

/** Finds values that tell two schemas apart. */
export class Witnesses {
  private ajv = newAjv();
  private readonly validators = new Map<string, ValidateFunction | string>();
  private left = MS_IN_ALL;
  private readonly prober = new Prober((node, value) => {
    const validate = this.validator(node);
    return typeof validate !== 'string' && validate(value) === true;
  });

  /** @param accepts which values come into question */
  compare(before: Node, after: Node, accepts: (value: unknown) => boolean = () => true): Difference {
    if (this.left <= 0) return { undecided: 'there is more to compare than time to try values' };
    const started = Date.now();
    try {
      return within(Math.min(MS_EACH, this.left), () => this.search(before, after, accepts));
    } catch (error) {
      // What was stopped in its middle may have left anything behind.
      this.ajv = newAjv();
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

  private search(before: Node, after: Node, accepts: (value: unknown) => boolean): Difference {
    const [old, now] = [this.validator(before), this.validator(after)];
    if (typeof now === 'string') return { undecided: `AJV refuses the new schema: ${now}` };
    if (typeof old === 'string') return { undecided: `AJV refuses the old schema: ${old}` };
    const found: Difference = {};
    for (const value of [...this.prober.values(before), ...this.prober.values(after)]) {
      if (!accepts(value)) continue;
      const [wasValid, isValid] = [old(value), now(value)];
      if (wasValid && !isValid) found.narrow ??= { value };
      if (!wasValid && isValid) found.widen ??= { value };
      if (found.narrow && found.widen) return found;
    }
    return found.narrow || found.widen ? found : { undecided: NO_VALUE };
  }

  /** @returns the validator, or why there is none */
  private validator(node: Node): ValidateFunction | string {
    const key = canonical(node);
    const known = this.validators.get(key);
    if (known !== undefined) return known;
    let made: ValidateFunction | string;
    try {
      if (canonicalJson(node).length > MAX_SCHEMA) throw new Error('it is too large to try values');
      for (const format of formatsIn(node))
        if (!Object.hasOwn(this.ajv.formats, format)) this.ajv.addFormat(format, true);
      made = this.ajv.compile(node);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      made = message.replace(/\s+/g, ' ').slice(0, 200);
    }
    this.validators.set(key, made);
    return made;
  }
}

function newAjv(): Ajv2020 {
  // Documents of others may hold what strict mode refuses; "own" because a body has no "toString" of its own.
  const ajv = new Ajv2020({
    strict: false,
    allowUnionTypes: true,
    ownProperties: true,
    logger: false,
    addUsedSchema: false,
    code: { regExp: Object.assign(regExp, { code: 'new RegExp' }) },
  });
  addFormats(ajv);
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
