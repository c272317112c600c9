import { randomBytes } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Exchange } from '../judging/exchange';
import { printableTexts } from '../judging/printable';
import { CALL_HEADER, OUTCOME_HEADER, type RunVerbs } from './protocol';
import type { Run } from './run';
import type { Sent } from './run-link';
import type { Call } from '../gateway/call';

/** Headers of a test's request that go on to the target; the others are its HTTP client's own. */
const PASSED_ON = [
  'accept',
  'content-type',
  'origin',
  'access-control-request-method',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
];
/** Headers of the target's answer that say how it came, or that a client would act upon. */
const NOT_PASSED_BACK = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'content-encoding',
  'trailer',
  'upgrade',
  'set-cookie',
]);

/** Clients take up to 16 KiB of headers; a longer answer is asked for by a verb of its own. */
const MAX_HEADER_BYTES = 8 * 1024;
const MAX_PASSED_BACK_BYTES = 4 * 1024;

/** The door of a run: an HTTP server on loopback through which tests in other processes reach its gateway. */
export class GatewayServer {
  /** Nobody else on the machine can guess the path. */
  private readonly path = `/${randomBytes(12).toString('hex')}/`;
  private readonly server = http.createServer(
    { keepAliveTimeout: 0, requestTimeout: 0 },
    (request, response) => {
      this.serve(request, response).catch((error: unknown) => {
        // The test that asked is told, and fails; the run and what it knows live on.
        response.writeHead(500).end((error as Error).message);
      });
    },
  );

  /** @param open the run, which need not be there before it is asked for */
  constructor(private readonly open: () => Promise<Run>) {}

  /** @returns the address of the run, with a trailing slash */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${this.path}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const [, path, kind, rest = ''] = /^(\/[^/]*\/)(api|run)\/(.*)$/s.exec(request.url ?? '') ?? [];
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString('utf8');
    if (path !== this.path) {
      response.writeHead(404).end();
    } else if (kind === 'run') {
      const run = await this.open();
      const answer = await run.answer(rest as keyof RunVerbs, JSON.parse(body));
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    } else {
      await this.forward(rest, request, body, response);
    }
  }

  private async forward(
    path: string,
    request: http.IncomingMessage,
    body: string,
    response: http.ServerResponse,
  ): Promise<void> {
    const call = JSON.parse(decodeURIComponent(String(request.headers[CALL_HEADER]))) as Call;
    const headers = Object.fromEntries(
      PASSED_ON.map((name) => [name, request.headers[name]]).filter(
        (pair): pair is [string, string] => typeof pair[1] === 'string',
      ),
    );
    const { gateway } = await this.open();
    const { outcome: told, exchange } = await gateway.send(call, {
      method: request.method ?? '',
      path,
      headers,
      body: body === '' ? undefined : body,
    });
    // The target has a say in its texts, which end up in the reports of tests.
    const outcome = printableTexts(told);
    const sent: Sent = { ...outcome, ...(exchange?.answer && { answer: exchange.answer }) };
    const whole = encodeURIComponent(JSON.stringify(sent));
    response.setHeader(
      OUTCOME_HEADER,
      whole.length <= MAX_HEADER_BYTES ? whole : encodeURIComponent(JSON.stringify(outcome)),
    );
    writeAnswer(response, exchange, outcome.notJudged?.reason ?? outcome.failure?.message ?? '');
  }
}

/** Shows a test's HTTP client, and so the trace, what came; where nothing did, a 502 that says why. */
function writeAnswer(response: http.ServerResponse, exchange: Exchange | undefined, problem: string): void {
  const answer = exchange?.answer;
  if (!answer || answer.status < 200 || answer.status > 599) {
    response.writeHead(502, { 'content-type': 'text/plain; charset=utf-8' }).end(problem);
    return;
  }
  let size = 0;
  for (const [name, value] of answer.headers) {
    size += name.length + value.length;
    if (NOT_PASSED_BACK.has(name.toLowerCase()) || size > MAX_PASSED_BACK_BYTES) continue;
    try {
      response.appendHeader(name, value);
    } catch {
      // Node sends no characters that a header may not hold; the exchange has them all the same.
    }
  }
  response.writeHead(answer.status).end(answer.text ?? '');
}
