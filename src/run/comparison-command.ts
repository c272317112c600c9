import { parseArgs } from 'node:util';
import { isAtLeast, type ChangeVerdict, type Comparison } from '../openapi/diff/change';
import { renderComparison, renderJson } from '../report/drift-report';
import { comparisonMs } from './published';

const LINES: ChangeVerdict[] = ['prose', 'compatible', 'breaking'];

export interface ComparisonOptions {
  json: boolean;
  /** The least verdict that fails the command. */
  failOn: ChangeVerdict;
}

/**
 * Runs a command that compares documents, and ends the process: 0 all is well, 1 the verdict is as bad as --fail-on or
 * worse, 2 nothing can be said.
 */
export function runComparison(
  usage: string,
  sources: number,
  compare: (given: string[], options: ComparisonOptions) => Promise<Comparison>,
  names: (given: string[]) => [string, string],
): void {
  const options: ComparisonOptions = { json: process.argv.includes('--json'), failOn: 'breaking' };
  const complain = (error: string): void =>
    end({ verdict: 'unreadable', changes: [], error: error.replace(/\s*\n\s*/g, '; ') }, options, ['', '']);
  let given: string[];
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        'fail-on': { type: 'string', default: 'breaking' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) return void process.stdout.write(`${usage}\n`);
    const line = LINES.find((one) => one === values['fail-on']);
    if (line === undefined)
      return complain(`--fail-on ${values['fail-on']}: must be ${LINES.join(', ')}; ${usage}`);
    if (positionals.length !== sources) return complain(usage);
    options.failOn = line;
    given = positionals;
  } catch (error) {
    return complain(`${(error as Error).message.split('. ')[0]}; ${usage}`);
  }
  const timeoutMs = comparisonMs();
  setTimeout(() => complain(`no result within ${timeoutMs / 1000} s`), timeoutMs).unref();
  compare(given, options).then(
    (comparison) => end(comparison, options, names(given)),
    (error: unknown) => complain((error as Error).message),
  );
}

function end(
  comparison: Comparison,
  { json, failOn }: ComparisonOptions,
  [from, to]: [string, string],
): void {
  const { verdict } = comparison;
  const exitCode = verdict === 'unreadable' ? 2 : isAtLeast(verdict, failOn) ? 1 : 0;
  const text = json ? renderJson(comparison) : renderComparison(comparison, from, to);
  const stream = verdict === 'unreadable' && !json ? process.stderr : process.stdout;
  // A source that hangs is not waited for.
  stream.write(text, () => process.exit(exitCode));
}
