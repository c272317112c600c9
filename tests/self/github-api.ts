import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Issue, IssueChange } from '../../src/report/drift-issue/github';

type StoredIssue = Issue & { author: string; comments: string[] };

/** What stands in for GitHub's issues API in tests, on loopback: filters, pages, and the answers that it gives wrongly. */
export class GitHubApi {
  readonly issues: StoredIssue[] = [];
  /** Method and path of all that changed something. */
  readonly writes: string[] = [];
  readonly authorizations = new Set<string | undefined>();
  /** Answers this in place of what is right: a status and a body, or a broken connection. */
  fault:
    { method: string; status: number; body: string; headers?: Record<string, string> } | 'reset' | undefined;
  private readonly server = http.createServer((request, response) => void this.answer(request, response));

  static async start(): Promise<GitHubApi> {
    const api = new GitHubApi();
    await new Promise<void>((resolve) => api.server.listen(0, '127.0.0.1', resolve));
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/api/v3`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  add(issue: Partial<StoredIssue>): StoredIssue {
    const added: StoredIssue = {
      number: this.issues.length + 1,
      state: 'open',
      title: 'Some issue',
      body: null,
      author: 'github-actions[bot]',
      comments: [],
      ...issue,
    };
    this.issues.push(added);
    return added;
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const sent = chunks.length > 0 ? (JSON.parse(Buffer.concat(chunks).toString()) as IssueChange) : {};
    const { method = '' } = request;
    const url = new URL(request.url ?? '', this.url);
    this.authorizations.add(request.headers.authorization);
    if (this.fault === 'reset') return void request.socket.destroy();
    if (this.fault?.method === method) {
      response.writeHead(this.fault.status, this.fault.headers).end(this.fault.body);
      return;
    }
    if (method !== 'GET') this.writes.push(`${method} ${url.pathname.replace('/api/v3/repos/us/ours', '')}`);
    const [, number, comments] =
      /^\/api\/v3\/repos\/us\/ours\/issues(?:\/(\d+))?(\/comments)?$/.exec(url.pathname) ?? [];
    const issue = this.issues.find((one) => one.number === Number(number));
    const say = (status: number, body: unknown, headers = {}): void =>
      void response.writeHead(status, headers).end(JSON.stringify(body));
    if (method === 'GET' && !number) return this.list(url, say);
    if (method === 'POST' && !number) return say(201, this.add(sent));
    if (method === 'POST' && issue && comments) {
      issue.comments.push(sent.body ?? '');
      return say(201, {});
    }
    if (method === 'PATCH' && issue) return say(200, Object.assign(issue, sent));
    say(404, { message: 'Not Found' });
  }

  private list(url: URL, say: (status: number, body: unknown, headers?: object) => void): void {
    const { state = 'open', creator, per_page = '30', page = '1' } = Object.fromEntries(url.searchParams);
    const found = this.issues
      .filter((issue) => (state === 'all' || issue.state === state) && (!creator || issue.author === creator))
      .sort((a, b) => b.number - a.number);
    const end = Number(page) * Number(per_page);
    const next = new URL(url);
    next.searchParams.set('page', String(Number(page) + 1));
    const headers =
      found.length > end ? { link: `<${next.href}>; rel="next", <${url.href}>; rel="last"` } : {};
    say(200, found.slice(end - Number(per_page), end), headers);
  }
}
