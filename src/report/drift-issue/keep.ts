import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GitHubIssues, Issue } from './github';

const VERDICTS = ['none', 'prose', 'compatible', 'breaking', 'unreadable'] as const;

/** What `npm run drift` leaves in drift.json. */
export interface Drift {
  verdict: (typeof VERDICTS)[number];
  changes: unknown[];
}

/** Begins the body of the one issue; two hashes follow: of what has changed, and of all that the issue shows. */
const MARKER = '<!-- drift-watch ';
const REPORT = '\n<!-- report -->\n';
const FOOTER = '\n<!-- end of report -->\n';
const ABOUT =
  'The drift watch keeps this issue open exactly while the published document differs from the pin. ' +
  '`npm run spec:pull -- SOURCE` takes the change over.';
/** GitHub takes 65536 characters; a body may hold two reports. */
const MAX_REPORT = 30_000;

/**
 * Reads what `npm run drift` left in a folder; the report is Markdown.
 * @throws Error of one line
 */
export function readDrift(folder: string): { drift: Drift; report: string } {
  const path = join(folder, 'drift.json');
  const text = read(path);
  let drift: Partial<Drift> | null;
  try {
    drift = JSON.parse(text) as Partial<Drift> | null;
  } catch {
    throw new Error(`${path} is not JSON; npm run drift writes it`);
  }
  const verdict = VERDICTS.find((one) => one === drift?.verdict);
  if (verdict === undefined) throw new Error(`${path} holds none of the verdicts ${VERDICTS.join(', ')}`);
  return { drift: { verdict, changes: drift?.changes ?? [] }, report: read(join(folder, 'drift.md')) };
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new Error(`${path} can't be read; npm run drift writes it`);
  }
}

/**
 * Opens, updates, reopens or closes the one issue, so that it is open exactly while there is drift. Said twice, the
 * same changes nothing.
 * @param report Markdown
 * @param run the address of the workflow's run, where there is one
 * @returns what was done, in one line
 */
export async function keepIssue(
  issues: GitHubIssues,
  drift: Drift,
  report: string,
  run: string | undefined,
): Promise<string> {
  const seeRun = run === undefined ? '' : ` [The run](${run})`;
  const ours = (await issues.list()).filter(({ body }) => body?.startsWith(MARKER));
  const open = ours.filter(({ state }) => state === 'open');
  if (drift.verdict === 'none') {
    for (const { number } of open) {
      await issues.edit(number, { state: 'closed' });
      await issues.comment(number, `The published document and the pin agree again.${seeRun}`);
    }
    return open.length > 0
      ? `closed ${open.map(({ number }) => `#${number}`).join(', ')}`
      : 'no drift, no issue';
  }

  const title = `Drift of the published document: ${drift.verdict}`;
  const shown = reportsOf(drift, harmless(report), open[0]);
  const changes = hash(drift.verdict, drift.changes);
  const body = `${MARKER}${changes} ${hash(title, shown)} -->\n${shown}\n${ABOUT}${seeRun}\n`;
  const issue = open[0] ?? ours[0];
  if (!issue) return `opened #${await issues.create(title, body)}: ${drift.verdict}`;
  // A person may have edited title or text; what the marker stands for is not said anew.
  if (issue.state === 'open' && firstLine(issue.body) === firstLine(body))
    return `#${issue.number} says it already: ${drift.verdict}`;
  await issues.edit(issue.number, { state: 'open', title, body });
  // An edit notifies nobody.
  if (issue.state === 'closed' || !issue.body?.startsWith(MARKER + changes))
    await issues.comment(issue.number, `Now **${drift.verdict}**.${seeRun}`);
  return `${issue.state === 'open' ? 'updated' : 'reopened'} #${issue.number}: ${drift.verdict}`;
}

/** A document that can't be read says nothing of the changes found before: they stay, below. */
function reportsOf({ verdict }: Drift, report: string, open: Issue | undefined): string {
  if (verdict !== 'unreadable') return REPORT + report + FOOTER;
  const before = open?.body?.replaceAll('\r\n', '\n').split(REPORT)[1]?.split(FOOTER)[0];
  return before === undefined
    ? `\n${report}\n`
    : `\n${report}\n\n## When it could be read last\n${REPORT}${before}${FOOTER}`;
}

function firstLine(body: string | null): string | undefined {
  return body?.split('\n')[0]?.trim();
}

function hash(...values: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 16);
}

/** The document's words are somebody else's: they are not to notify people, nor to pass for our markers. */
function harmless(report: string): string {
  const text = report
    .replaceAll('\r\n', '\n')
    .replace(/@(?=\w)|<(?=!--)/g, '$&\u200b')
    .trim();
  return text.length <= MAX_REPORT
    ? text
    : `${text.slice(0, MAX_REPORT)}\n\n… and more: see the run's artifact.`;
}
