import { createHash } from 'node:crypto';
import { harmless } from './harmless';
import { nameOf, type IssueReport, type Subject } from './issue-report';
import type { Issue, IssueTracker } from './tracker';

const REPORT = '\n<!-- report -->\n';
const FOOTER = '\n<!-- end of report -->\n';
const MAX_KEYS = 100;
const MAX_NAMES = 20;

/** What the first line of the body holds, for the next run. */
interface Marker extends Subject {
  verdict: string;
  /** Hash of the title and the text. */
  shown: string;
  keys: string[];
}

/**
 * Opens, updates, reopens or closes the one issue of a subject, so that it is open exactly while the subject is red. What
 * changed is told in a comment, since an edit notifies nobody. The same report twice changes nothing.
 * @param run address of the run that made the report, where there is one
 * @returns what was done, in one line
 */
export async function keepIssue(
  tracker: IssueTracker,
  subject: Subject,
  report: IssueReport,
  run: string | undefined,
): Promise<string> {
  const all = (await tracker.list(markerStart(subject))).sort((a, b) => a.number - b.number);
  const [issue, ...duplicates] = all.filter(({ state }) => state === 'open');
  for (const { number } of duplicates) {
    await tracker.comment(number, `A duplicate of #${issue?.number}.`);
    await tracker.close(number);
  }
  const seeRun = run === undefined ? '' : ` [The run](${run})`;
  const done = await keepOne(tracker, subject, report, issue ?? all.at(-1), seeRun);
  const closed = duplicates.map(({ number }) => `; closed its duplicate #${number}`);
  return done + closed.join('');
}

async function keepOne(
  tracker: IssueTracker,
  subject: Subject,
  report: IssueReport,
  issue: Issue | undefined,
  seeRun: string,
): Promise<string> {
  const isOpen = issue?.state === 'open';
  if (report.state === 'green') {
    if (!issue || !isOpen) return `${report.verdict}: no issue is open`;
    await tracker.comment(issue.number, report.closing + seeRun);
    await tracker.close(issue.number);
    return `closed #${issue.number}: ${report.verdict}`;
  }
  if (!isOpen && report.state === 'unknown' && !report.opensWhenUnknown)
    return `${report.verdict}: opens no issue`;

  const before = isOpen ? readMarker(issue.body) : undefined;
  const text = textOf(report, isOpen ? issue : undefined);
  const keys = report.state === 'unknown' ? (before?.keys ?? []) : report.keys.slice(0, MAX_KEYS);
  const marker: Marker = { ...subject, verdict: report.verdict, shown: hash(report.title, text), keys };
  const body = `${writeMarker(marker)}\n${text}\n${report.about}${seeRun}\n`;
  if (!issue) return `opened #${await tracker.create(report.title, body)}: ${report.verdict}`;
  // Compared by the marker: a person may have edited title and text.
  if (before && writeMarker(before) === writeMarker(marker))
    return `#${issue.number} says it already: ${report.verdict}`;
  if (!isOpen) await tracker.reopen(issue.number);
  const changes = changesOf(before, marker);
  // The body comes last: while its marker is the old one, a run that failed here is made up for by the next one.
  if (changes.length > 0) await tracker.comment(issue.number, `${changes.join('\n')}${seeRun}`);
  await tracker.edit(issue.number, report.title, body);
  return `${isOpen ? 'updated' : 'reopened'} #${issue.number}: ${report.verdict}`;
}

/** Where the run could not tell, the report of the last one that could stays below. */
function textOf({ state, text }: IssueReport, open: Issue | undefined): string {
  const shown = harmless(text);
  if (state !== 'unknown') return REPORT + shown + FOOTER;
  const before = open?.body.split(REPORT)[1]?.split(FOOTER)[0];
  return before === undefined
    ? `\n${shown}\n`
    : `\n${shown}\n\n## The last report before\n${REPORT}${before}${FOOTER}`;
}

function changesOf(before: Marker | undefined, now: Marker): string[] {
  if (!before) return [`Again **${now.verdict}**.`];
  const appeared = now.keys.filter((key) => !before.keys.includes(key));
  const gone = before.keys.filter((key) => !now.keys.includes(key));
  return [
    ...(before.verdict === now.verdict ? [] : [`Now **${now.verdict}** (before: ${before.verdict}).`]),
    ...(appeared.length > 0 ? [`- New: ${namesOf(appeared)}`] : []),
    ...(gone.length > 0 ? [`- Gone: ${namesOf(gone)}`] : []),
  ];
}

/** Names with how often each stands there: several findings of a requirement may have one code. */
function namesOf(keys: string[]): string {
  const counts = new Map<string, number>();
  for (const name of keys.map(nameOf)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const names = [...counts].map(([name, count]) => (count === 1 ? name : `${name} (${count})`));
  const more = names.length - MAX_NAMES;
  return names.slice(0, MAX_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function markerStart({ kind, target }: Subject): string {
  return `<!-- contract-issue ${JSON.stringify({ kind, target }).slice(0, -1)},`;
}

function writeMarker({ kind, target, verdict, shown, keys }: Marker): string {
  return `<!-- contract-issue ${JSON.stringify({ kind, target, verdict, shown, keys })} -->`;
}

function readMarker(body: string): Marker | undefined {
  const json = /^<!-- contract-issue (\{.*\}) -->/.exec(body)?.[1];
  try {
    const marker = JSON.parse(json ?? '') as Marker;
    return { ...marker, keys: Array.isArray(marker.keys) ? marker.keys.map(String) : [] };
  } catch {
    return undefined;
  }
}

function hash(...values: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 16);
}
