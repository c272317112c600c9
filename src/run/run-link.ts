import http from 'node:http';
import type { APIRequestContext } from '@playwright/test';
import type { ApiRequest } from '../gateway/translator';
import { CALL_HEADER, OUTCOME_HEADER, type RunSettings, type RunVerbs } from './protocol';
import type { Run } from './run';
import type { Call, Outcome } from '../gateway/call';
import type { Answer } from '../judging/answer';

/** The result of a request: the outcome, and the answer where there is one. */
export type Sent = Outcome & { answer?: Answer };

/** A run as its tests reach it. */
export interface RunLink {
  /** Sends a request of the API through the run's gateway. */
  send(call: Call, request: ApiRequest): Promise<Sent>;
  call<V extends keyof RunVerbs>(verb: V, body: RunVerbs[V]['params']): Promise<RunVerbs[V]['result']>;
  settings(): Promise<RunSettings>;
  /** Waits until what has been done to the target is SETTLE_MS old. */
  wait(ms: number): Promise<void>;
}

/** The run lives in the runner, which outlives the worker of a test: Playwright's request context leads there. */
export class RemoteRun implements RunLink {
  private readonly agent = new http.Agent({ keepAlive: true });
  private known: Promise<RunSettings> | undefined;

  /** @param gateway address of the run's gateway, with a trailing slash */
  constructor(
    private readonly gateway: string,
    private readonly request: APIRequestContext,
  ) {}

  async send(call: Call, { method, path, headers, body }: ApiRequest): Promise<Sent> {
    const response = await this.request.fetch(`${this.gateway}api/${path}`, {
      method,
      headers: { ...headers, [CALL_HEADER]: encodeURIComponent(JSON.stringify(call)) },
      ...(body !== undefined && { data: Buffer.from(body) }),
      maxRedirects: 0,
      // The gateway bounds each request, and says what it waited for.
      timeout: 0,
    });
    const header = response.headers()[OUTCOME_HEADER];
    if (header === undefined) throw new Error(await response.text());
    const sent = JSON.parse(decodeURIComponent(header)) as Sent;
    if (sent.answer || sent.failure || sent.notJudged) return sent;
    return { ...sent, ...(await this.call('answer', { exchange: sent.exchange })) };
  }

  /** Not through the request context, whose calls are steps of the test in reports and traces. */
  async call<V extends keyof RunVerbs>(verb: V, body: RunVerbs[V]['params']): Promise<RunVerbs[V]['result']> {
    return JSON.parse(
      await this.post(`${this.gateway}run/${verb}`, JSON.stringify(body)),
    ) as RunVerbs[V]['result'];
  }

  settings(): Promise<RunSettings> {
    return (this.known ??= this.call('settings', {}));
  }

  async wait(ms: number): Promise<void> {
    await sleep(ms);
  }

  async close(): Promise<void> {
    this.agent.destroy();
    await this.request.dispose();
  }

  private post(url: string, body: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const headers = { 'content-length': Buffer.byteLength(body) };
      const request = http.request(url, { method: 'POST', agent: this.agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          if (response.statusCode === 200) resolve(text);
          else reject(new Error(text));
        });
      });
      request.on('error', reject);
      request.end(body);
    });
  }
}

/** The run lives in the worker itself, as the many runs against variants of the stand-in do. */
export class LocalRun implements RunLink {
  constructor(private readonly run: Run) {}

  async send(call: Call, request: ApiRequest): Promise<Sent> {
    const { outcome, exchange } = await this.run.gateway.send(call, request);
    return { ...outcome, ...(exchange?.answer && { answer: exchange.answer }) };
  }

  call<V extends keyof RunVerbs>(verb: V, body: RunVerbs[V]['params']): Promise<RunVerbs[V]['result']> {
    return this.run.answer(verb, body);
  }

  settings(): Promise<RunSettings> {
    return this.call('settings', {});
  }

  /** The clock of the stand-in goes further than that, however much of the wait a busy machine has taken already. */
  async wait(ms: number): Promise<void> {
    this.run.letTimePass();
    await sleep(ms);
  }
}

async function sleep(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, Math.max(ms, 0)));
}
