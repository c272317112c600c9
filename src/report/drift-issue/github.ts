const TIMEOUT_MS = 30_000;
const PER_PAGE = 100;
const MAX_PAGES = 100;
/** Who GITHUB_TOKEN acts as. What others have written is not looked at, and never changed. */
const AUTHOR = 'github-actions[bot]';

export interface Issue {
  number: number;
  state: 'open' | 'closed';
  title: string;
  body: string | null;
  pull_request?: unknown;
}

export type IssueChange = Partial<Pick<Issue, 'state' | 'title' | 'body'>>;

/**
 * The issues of one repository, over GitHub's REST API.
 * Every method throws an Error of one line when the API can't be reached or answers anything but a success.
 */
export class GitHubIssues {
  private readonly url: string;

  constructor(
    api: string,
    repository: string,
    private readonly token: string,
  ) {
    this.url = `${api.replace(/\/$/, '')}/repos/${repository}/issues`;
  }

  /** All that a workflow has opened, open or closed, newest first. */
  async list(): Promise<Issue[]> {
    const all: Issue[] = [];
    for (let page = 1; page <= MAX_PAGES; page++) {
      const query = new URLSearchParams({
        state: 'all',
        creator: AUTHOR,
        per_page: String(PER_PAGE),
        page: String(page),
      });
      const { body, headers } = await this.send('GET', `?${query.toString()}`);
      if (!Array.isArray(body)) throw new Error('GitHub answered something else than a list of issues');
      all.push(...(body as Issue[]));
      if (!/rel="next"/.test(headers.get('link') ?? ''))
        return all.filter(({ pull_request }) => pull_request === undefined);
    }
    throw new Error(`${AUTHOR} has opened more than ${MAX_PAGES * PER_PAGE} issues here`);
  }

  async create(title: string, body: string): Promise<number> {
    const created = (await this.send('POST', '', { title, body })).body as Issue;
    return created.number;
  }

  async edit(number: number, change: IssueChange): Promise<void> {
    await this.send('PATCH', `/${number}`, change);
  }

  async comment(number: number, body: string): Promise<void> {
    await this.send('POST', `/${number}/comments`, { body });
  }

  private async send(
    method: string,
    path: string,
    body?: object,
  ): Promise<{ body: unknown; headers: Headers }> {
    const what = `${method} ${this.url}${path.split('?')[0]}`;
    let response: Response;
    let text: string;
    try {
      response = await fetch(this.url + path, {
        method,
        // Elsewhere the token has no business.
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: {
          accept: 'application/vnd.github+json',
          authorization: `Bearer ${this.token}`,
          'x-github-api-version': '2022-11-28',
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      text = await response.text();
    } catch (error) {
      const { message, cause } = error as Error;
      throw new Error(`${what}: ${cause instanceof Error ? cause.message : message}`);
    }
    const json = parsed(text);
    if (!response.ok || json === undefined) {
      const says = json === undefined ? 'no JSON' : (json as { message?: unknown }).message;
      throw new Error(
        `${what}: status ${response.status}${typeof says === 'string' ? `, ${says}` : ''}${hint(response)}`,
      );
    }
    return { body: json, headers: response.headers };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function hint({ status, headers }: Response): string {
  if (status === 429 || headers.get('x-ratelimit-remaining') === '0')
    return ' (too many requests; run it again later)';
  if (status === 401) return ' (GITHUB_TOKEN is not valid here)';
  if (status === 403 || status === 404)
    return ' (GITHUB_TOKEN needs "issues: write", and the repository issues)';
  if (status === 410) return ' (issues are turned off in this repository)';
  return '';
}
