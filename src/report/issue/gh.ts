import { spawn } from 'node:child_process';
import { isObject } from '../../contract/json';
import type { Issue, IssueTracker } from './tracker';

/** The account that the token of a GitHub workflow acts as. */
export const WORKFLOW_ACCOUNT = 'github-actions[bot]';
const TIMEOUT_MS = 120_000;
const MAX_OUTPUT = 64 * 1024 * 1024;
const MAX_LINE = 400;
/** What gh's built-in jq makes of a page: a line an issue. Pull requests are issues, too, for this endpoint. */
const ISSUE_LINES = '.[] | select(has("pull_request") | not) | {number, state, body}';

/**
 * Issues on GitHub, over its command line `gh`, which takes token and repository from GH_TOKEN and GH_REPO.
 * Issues of other accounts are not looked at: anybody can write our marker into an issue.
 */
export class GhIssues implements IssueTracker {
  constructor(
    private readonly account = WORKFLOW_ACCOUNT,
    private readonly env = process.env,
  ) {}

  async list(start: string): Promise<Issue[]> {
    const query = new URLSearchParams({ state: 'all', creator: this.account, per_page: '100' });
    const path = `repos/{owner}/{repo}/issues?${query.toString()}`;
    const lines = await this.gh(['api', '--paginate', path, '--jq', ISSUE_LINES]);
    return lines
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map(issueOf)
      .filter(({ body }) => body.startsWith(start));
  }

  async create(title: string, body: string): Promise<number> {
    const address = await this.gh(['issue', 'create', '--title', title, '--body-file', '-'], body);
    const number = /\/(\d+)\s*$/.exec(address)?.[1];
    if (number === undefined) throw new Error('gh issue create did not answer the address of the new issue');
    return Number(number);
  }

  async edit(number: number, title: string, body: string): Promise<void> {
    await this.gh(['issue', 'edit', String(number), '--title', title, '--body-file', '-'], body);
  }

  async comment(number: number, body: string): Promise<void> {
    await this.gh(['issue', 'comment', String(number), '--body-file', '-'], body);
  }

  async close(number: number): Promise<void> {
    await this.gh(['issue', 'close', String(number)]);
  }

  async reopen(number: number): Promise<void> {
    await this.gh(['issue', 'reopen', String(number)]);
  }

  /**
   * Runs gh.
   * @param input what it reads from standard input: texts may be longer than an argument may be
   * @returns standard output
   * @throws Error of one line
   */
  private gh(args: string[], input = ''): Promise<string> {
    const name = `gh ${args.slice(0, 2).join(' ').replace(' --paginate', '')}`;
    const child = spawn('gh', args, {
      timeout: TIMEOUT_MS,
      env: { ...this.env, GH_PROMPT_DISABLED: '1', GH_NO_UPDATE_NOTIFIER: '1', NO_COLOR: '1' },
    });
    let [output, complaint] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      if (output.length > MAX_OUTPUT) child.kill();
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (complaint += chunk));
    // It may have ended without reading.
    child.stdin.on('error', () => undefined).end(input);
    return new Promise((resolve, reject) => {
      child.on('error', ({ message }) =>
        reject(
          new Error(
            message.includes('ENOENT')
              ? `${name}: the GitHub CLI is not installed, see https://cli.github.com`
              : `${name}: ${message}`,
          ),
        ),
      );
      child.on('close', (code, signal) => {
        if (code === 0) resolve(output);
        else reject(new Error(`${name}: ${whyFailed(complaint, signal)}`));
      });
    });
  }
}

function issueOf(line: string): Issue {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = undefined;
  }
  if (!isObject(value) || typeof value.number !== 'number')
    throw new Error('gh api answered something other than issues');
  const { number, state, body } = value;
  return {
    number,
    state: state === 'open' ? 'open' : 'closed',
    body: typeof body === 'string' ? body.replaceAll('\r\n', '\n') : '',
  };
}

function whyFailed(complaint: string, signal: NodeJS.Signals | null): string {
  if (signal) return `ended by ${signal} (it may take ${TIMEOUT_MS / 1000} s and answer ${MAX_OUTPUT} bytes)`;
  const line = complaint.replace(/\s+/g, ' ').trim().slice(0, MAX_LINE) || 'failed without a message';
  const status = /\(HTTP (\d+)\)/.exec(line)?.[1];
  const hints: Record<string, string> = {
    401: 'GH_TOKEN is not valid here',
    403: 'GH_TOKEN needs "issues: write"',
    404: 'GH_TOKEN needs "issues: write", and GH_REPO must name a repository',
    410: 'issues are turned off in this repository',
    429: 'run it again later',
  };
  const hint = hints[status ?? ''];
  return hint === undefined ? line : `${line} (${hint})`;
}
