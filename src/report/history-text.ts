import type { Change, ChangedFinding, History } from './changes';
import { findingName } from './history';
import type { StatedFinding } from './statement';

/** Names in one line; the summary has all of them. */
const MAX_NAMES = 8;

/** "new", or "still there since 2026-11-02, on 5 of the last 14 runs, flaky"; undefined without earlier runs. */
export function seenBeforeText(
  history: History | undefined,
  id: string,
  finding: Pick<StatedFinding, 'code' | 'pointer'>,
): string | undefined {
  if (!history || history.runs === 0) return undefined;
  const name = findingName(id, finding);
  const changed = history.findings.find((one) => findingName(one.requirement, one) === name);
  return changed && changedText(changed);
}

export function changedText({ change, flaky, since, foundIn, of }: ChangedFinding): string {
  const nights = of === 0 ? 'not judged before' : `found in ${foundIn} of ${of} earlier runs that judged it`;
  const words: Record<Change, string> = {
    new: `new, ${nights}`,
    still: `still there since ${since ?? 'the last run'}, ${nights}`,
    gone: `gone, ${nights}`,
    unknown: `not judged this time, ${nights}`,
  };
  return `${words[change]}${flaky ? '; flaky: it comes and goes' : ''}`;
}

/** The changes in a few lines: what is new, gone, still there. */
export function changeText(history: History): string[] {
  const { runs, last, lastVerdict, lastTarget, findings, unreadable } = history;
  const notes = unreadable.map((line) => `not read: ${line}`);
  if (runs === 0 || last === undefined) return ['no earlier run of this target', ...notes];
  const part = (what: string, some: ChangedFinding[]): string => {
    const names = some.map((one) => findingName(one.requirement, one));
    const more = names.length - MAX_NAMES;
    const listed = `${names.slice(0, MAX_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
    return `${some.length} ${what}${some.length > 0 ? ` (${listed})` : ''}`;
  };
  const of = (change: Change): ChangedFinding[] => findings.filter((one) => one.change === change);
  const parts = [part('new', of('new')), part('gone', of('gone')), part('still there', of('still'))];
  if (of('unknown').length > 0) parts.push(part('not judged this time', of('unknown')));
  const flaky = findings.filter((one) => one.flaky);
  if (flaky.length > 0) parts.push(part('flaky', flaky));
  const compared = runs === 1 ? `the run of ${last}` : `${runs} runs, the last of ${last}`;
  const other = lastTarget === undefined ? '' : `, of ${lastTarget}`;
  return [`since ${compared} (${lastVerdict ?? ''}${other}): ${parts.join(', ')}`, ...notes];
}
