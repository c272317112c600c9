import type { Ajv2020, ErrorObject, ValidateFunction } from 'ajv/dist/2020';
import { closedSchema } from './closed';
import { newCompiler } from './compiler';
import { cutOut, type Cut } from './cut/cut';
import { OPERATION_NAMES, operationPointer, type OperationName } from '../catalogue/operations';
import { pointer, type JsonObject } from './json';
import { essenceOf } from './media-type';
import { quoteNames, unquoteNames } from './names';
import { readPin } from './pin';
import { UnreadableSource } from './unreadable-source';

/** A difference between a body and its documented schema. */
export interface SchemaDeviation {
  /** Where in the body, as a JSON Pointer. */
  pointer: string;
  expected: string;
  actual: string;
  /** The keyword that failed, as a JSON Pointer into the document. */
  source: string;
}

/** What the document says of one status of one operation. */
export interface DocumentedResponse {
  /** Place in the document, as a JSON Pointer. */
  pointer: string;
  /** None where the document promises no body. */
  content: DocumentedContent[];
}

export interface DocumentedContent {
  pointer: string;
  mediaType: string;
  /** Deviations from the documented schema. */
  check(body: unknown): SchemaDeviation[];
  /** Properties that the schema doesn't name; only to be asked of a body that keeps the schema. */
  undocumented(body: unknown): SchemaDeviation[];
}

/** The validators that a document gives, compiled straight from it. */
export class Contract {
  private readonly cut: Cut;
  private readonly responses = new Map<string, DocumentedResponse>();
  private readonly compilers = new Map<boolean, Ajv2020>();

  /**
   * @param document a pinned document, or any other whose references have been resolved by pinning it
   * @param strict whether a schema that AJV's strict mode refuses is an error; documents of others may hold such
   */
  constructor(
    private readonly document: JsonObject,
    private readonly strict = true,
  ) {
    this.cut = cutOut(document);
  }

  /** The documented statuses of an operation: exact ones, ranges (5XX) and "default". */
  statuses(operation: OperationName): string[] {
    return Object.keys(this.cut.operations[operation]?.responses ?? {});
  }

  /**
   * Compiles all validators now, which else happens when a response of the kind is first asked for.
   * @throws UnreadableSource when a schema can't be used
   */
  compileAll(): void {
    for (const operation of OPERATION_NAMES)
      for (const status of this.statuses(operation)) this.documented(operation, status);
  }

  /** What is documented for a status, or undefined. An exact status goes before its range, a range before "default". */
  response(operation: OperationName, status: number): DocumentedResponse | undefined {
    const statuses = this.statuses(operation);
    const key = [String(status), `${Math.floor(status / 100)}XX`, 'default'].find((one) =>
      statuses.includes(one),
    );
    return key === undefined ? undefined : this.documented(operation, key);
  }

  /**
   * Whether a request's JSON body is one that the document allows.
   * @param body undefined for a request without a body
   */
  isValidRequest(operation: OperationName, body: unknown): boolean {
    const documented = this.cut.operations[operation]?.requestBody as JsonObject | undefined;
    if (body === undefined) return documented?.required !== true;
    const content = (documented?.content ?? {}) as JsonObject;
    const name = Object.keys(content).find((one) => /[/+]json$/.test(essenceOf(one)));
    if (name === undefined) return false;
    const at = `${operationPointer(operation)}${pointer('requestBody', 'content', name)}`;
    if ((content[name] as JsonObject).schema === undefined) return true;
    const validate = this.compiled(at, { $ref: `contract#${encodeURI(`${at}/schema`)}` }, false);
    return validate(quoteNames(body, 'proto')) === true;
  }

  /** @param key a documented status: an exact one, a range or "default" */
  private documented(operation: OperationName, key: string): DocumentedResponse {
    const at = `${operationPointer(operation)}${pointer('responses', key)}`;
    let response = this.responses.get(at);
    if (!response) {
      const documented = (this.cut.operations[operation]?.responses as JsonObject)[key] as JsonObject;
      const content = Object.entries((documented.content ?? {}) as Record<string, JsonObject>);
      response = {
        pointer: at,
        content: content.map(([mediaType, one]) =>
          this.content(`${at}${pointer('content', mediaType)}`, mediaType, one),
        ),
      };
      this.responses.set(at, response);
    }
    return response;
  }

  private content(at: string, mediaType: string, documented: JsonObject): DocumentedContent {
    const schemaAt = `${at}/schema`;
    if (documented.schema === undefined)
      return { pointer: at, mediaType, check: () => [], undocumented: () => [] };
    const validate = this.compiled(schemaAt, { $ref: `contract#${encodeURI(schemaAt)}` }, this.strict);
    const closed = quoteNames(closedSchema(documented.schema, this.cut.definitions), 'inherited');
    const validateClosed = this.compiled(schemaAt, closed as JsonObject, false);
    return {
      pointer: at,
      mediaType,
      check: (body) =>
        validate(quoteNames(body, 'proto')) ? [] : describe(validate.errors ?? []).map(unquoted),
      undocumented: (body) => {
        if (validateClosed(quoteNames(body, 'inherited'))) return [];
        const errors = validateClosed.errors ?? [];
        const found = errors.flatMap((error) => undocumentedProperty(error, schemaAt)).map(unquoted);
        // Around a schema that fails, AJV takes no property for evaluated.
        const around = new Set(found.flatMap((one) => ancestorsOf(one.pointer)));
        return found.filter((one) => !around.has(one.pointer));
      },
    };
  }

  private compiled(at: string, schema: JsonObject, strict: boolean): ValidateFunction {
    try {
      return this.compiler(strict).compile(schema);
    } catch (error) {
      throw new UnreadableSource(`the schema at ${at} can't be used: ${(error as Error).message}`);
    }
  }

  /** Strict for what is published; closing a schema adds keywords where strict mode wants them spelled out. */
  private compiler(strict: boolean): Ajv2020 {
    const made = this.compilers.get(strict);
    if (made) return made;
    const ajv = newCompiler(this.document, strict);
    this.compilers.set(strict, ajv);
    return ajv;
  }
}

let pinned: Contract | undefined;

/** The validators of the pinned document, compiled once. */
export function pinnedContract(): Contract {
  pinned ??= new Contract(readPin());
  return pinned;
}

function unquoted({ pointer, expected, actual, source }: SchemaDeviation): SchemaDeviation {
  return {
    pointer: unquoteNames(pointer),
    expected: unquoteNames(expected),
    actual: unquoteNames(actual),
    source: unquoteNames(source),
  };
}

function undocumentedProperty(error: ErrorObject, schemaAt: string): SchemaDeviation[] {
  if (error.keyword !== 'unevaluatedProperties') return [];
  const name = (error.params as { unevaluatedProperty: string }).unevaluatedProperty;
  const value = (error.data as JsonObject)[name];
  return [
    {
      pointer: `${error.instancePath}${pointer(name)}`,
      expected: 'no property that the document does not name',
      actual: `${JSON.stringify(name)}: ${show(value)}`,
      source: schemaAt,
    },
  ];
}

/** One deviation for each place of the body, of the branch that the body seems to be meant for. */
function describe(errors: ErrorObject[]): SchemaDeviation[] {
  const found = new Map<string, SchemaDeviation>();
  for (const error of ofLikeliestBranch(errors)) {
    const missing = (error.params as { missingProperty?: string }).missingProperty;
    const at = missing === undefined ? error.instancePath : `${error.instancePath}${pointer(missing)}`;
    if (found.has(at)) continue;
    const actual = missing === undefined ? show(error.data) : 'no such property';
    found.set(at, {
      pointer: at,
      expected: expected(error, errors),
      actual,
      source: decodeURIComponent(error.schemaPath.replace(/^.*?#/, '')),
    });
  }
  return [...found.values()];
}

function branchOf(error: ErrorObject): string | undefined {
  return /\/(?:oneOf|anyOf)\/(\d+)\//.exec(error.schemaPath)?.[1];
}

function ofLikeliestBranch(errors: ErrorObject[]): ErrorObject[] {
  const inBranches = errors.filter((error) => branchOf(error) !== undefined);
  const others = errors.filter((error) => branchOf(error) === undefined);
  if (inBranches.length === 0) return others;
  const branches = [...new Set(inBranches.map(branchOf))].map((branch) =>
    inBranches.filter((error) => branchOf(error) === branch),
  );
  // A branch whose fixed values the body has is the one that was meant, however much else is wrong.
  const misses = (branch: ErrorObject[]): number =>
    branch.filter(({ keyword }) => keyword === 'enum' || keyword === 'const').length;
  const likeliest = branches.sort((a, b) => misses(a) - misses(b) || a.length - b.length)[0] ?? [];
  // No branch has the body's value: its other demands would be guesses.
  const fixed = likeliest.filter(({ keyword }) => keyword === 'enum' || keyword === 'const');
  const beside = others.filter(({ keyword }) => keyword !== 'oneOf' && keyword !== 'anyOf');
  return [...(fixed.length > 0 ? fixed : likeliest), ...beside];
}

function expected(error: ErrorObject, all: ErrorObject[]): string {
  const params = error.params as Record<string, unknown>;
  const list = (values: unknown[]): string => values.map((value) => JSON.stringify(value)).join(' or ');
  switch (error.keyword) {
    case 'required':
      return `the property ${JSON.stringify(params.missingProperty)}`;
    case 'enum':
    case 'const': {
      const same = all.filter(
        (other) =>
          other.instancePath === error.instancePath &&
          (other.keyword === 'enum' || other.keyword === 'const'),
      );
      return list([
        ...new Set(
          same.flatMap((one) =>
            'allowedValues' in one.params
              ? (one.params.allowedValues as unknown[])
              : [one.params.allowedValue as unknown],
          ),
        ),
      ]);
    }
    case 'type':
      return `a value of type ${String(params.type)}`;
    case 'oneOf':
      return 'a body of exactly one documented shape';
    case 'false schema':
      return 'no such value';
    default:
      return `${error.keyword} ${JSON.stringify(error.schema)}`;
  }
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

/** The JSON pointers of all that is around a place: "/a" and "" for "/a/b". */
function ancestorsOf(pointer: string): string[] {
  return [...pointer.matchAll(/\//g)].map(({ index }) => pointer.slice(0, index));
}
