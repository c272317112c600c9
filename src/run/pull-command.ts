import { existsSync } from 'node:fs';
import { PIN_PATH, readPin } from '../contract/pin';
import { performBounded } from '../openapi/bounded';
import { writePin } from '../openapi/pull';
import { renderComparison } from '../report/drift-report';

export interface PullOptions {
  /** The day of the pull: YYYY-MM-DD. */
  date: string;
  acceptBreaking: boolean;
}

/** What a pull has to say, and whether the pin was written. */
export interface PullOutcome {
  output: string;
  /** Why nothing was pinned, in one line. */
  problem?: { message: string; exitCode: 1 | 2 };
}

/**
 * Pins the session operations of a source, unless that breaks what is pinned.
 * @throws UnreadableSource where the present pin is broken
 */
export async function pull(source: string, { date, acceptBreaking }: PullOptions): Promise<PullOutcome> {
  const former = existsSync(PIN_PATH) ? readPin() : undefined;
  const before = former && ({ document: former, form: 'json', name: 'the pin' } as const);
  const { comparison, pulled } = await performBounded({
    before,
    after: source,
    pull: { date, ...(former && { former }) },
  });
  if (!pulled)
    return {
      output: '',
      problem: { message: `${comparison.error ?? 'no result'}; the pin is unchanged`, exitCode: 2 },
    };
  const { pin, name, form, sha256 } = pulled;
  const output = former ? renderComparison(comparison, 'the pin', name) : '';
  if (comparison.verdict === 'breaking' && !acceptBreaking) {
    const message = `${name} has breaking changes; the pin is unchanged; --accept-breaking pins it anyway`;
    return { output, problem: { message, exitCode: 1 } };
  }
  writePin(pin);
  const shown = pin['x-origin'].at(-1)?.operations.join(', ');
  return {
    output: `${output}pinned ${shown} from ${name} (${form}, ${date}, sha256 ${sha256.slice(0, 12)}…)\n`,
  };
}
