import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { OPERATIONS } from '../catalogue/operations';
import { answer } from './api';
import { Model } from './model';
import { error } from './replies';
import { DOCUMENT_PATH, PROVIDER_STATES_PATH, Surroundings, VERIFY_PATH } from './surroundings';
import type { Handler, Hook, StandInCall, Variant } from './variant';
import { write } from './write';

const BASE_PATH = '/api';
const LIFE_MS = 10 * 60_000;
const MAX_REQUEST_BYTES = 16 * 1024;

export interface StandInOptions {
  port?: number;
  /** Address to listen on; 127.0.0.1 unless said otherwise. */
  host?: string;
  variant?: Variant;
  /** How much faster than time its clock goes; 1 unless given. */
  clockSpeed?: number;
}

/**
 * An API that keeps the contract of the three session operations, with a page on which a person approves a session and
 * an endpoint for provider states. It is a model of the contract, not of the vendor's code.
 */
export class StandIn {
  private readonly model: Model;
  private readonly surroundings: Surroundings;
  private readonly counts = new Map<string, number>();
  private readonly reuses = new WeakMap<Socket, number>();
  private readonly connectedAtMs = new WeakMap<Socket, number>();
  /** Connections on which nothing more will come, by the client's port: how often a client has asked about it. */
  private readonly silent = new Map<number, number>();
  private readonly server: http.Server;

  private constructor(
    private readonly variant: Variant | undefined,
    clockSpeed?: number,
  ) {
    this.model = new Model(variant?.lifeMs ?? LIFE_MS, variant?.newId, clockSpeed);
    this.surroundings = new Surroundings(this.model, variant);
    this.server = http.createServer(
      { keepAliveTimeout: 60_000, maxHeaderSize: 64 * 1024 },
      (request, response) => void this.serve(request, response),
    );
    this.server.on('connection', (socket: Socket) => this.connectedAtMs.set(socket, performance.now()));
  }

  static async start({
    port = 0,
    host = '127.0.0.1',
    variant,
    clockSpeed,
  }: StandInOptions = {}): Promise<StandIn> {
    const standIn = new StandIn(variant, clockSpeed);
    await new Promise<void>((resolve, reject) => {
      standIn.server.once('error', reject);
      standIn.server.listen(port, host, resolve);
    });
    return standIn;
  }

  private get origin(): string {
    const { address, family, port } = this.server.address() as AddressInfo;
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  }

  get baseUrl(): URL {
    return new URL(`${this.origin}${BASE_PATH}/`);
  }

  get providerStateUrl(): URL | undefined {
    return this.variant?.noProviderStates ? undefined : new URL(`${this.origin}${PROVIDER_STATES_PATH}`);
  }

  get documentUrl(): URL {
    return new URL(`${this.origin}${DOCUMENT_PATH}`);
  }

  /** How many sessions are pending. */
  get openSessions(): number {
    return [...this.model.sessions.values()].filter(({ state }) => state === 'pending').length;
  }

  /** Sets its clock forward by a while. */
  letTimePass(): void {
    this.model.letTimePass();
  }

  /**
   * Whether a client in this process, known by its port, may still get an answer. What was written completely is still
   * on its way when a client asks for the first time.
   */
  readonly isAnswering = (port: number | undefined): boolean => {
    const asked = port === undefined ? undefined : this.silent.get(port);
    if (port === undefined || asked === undefined) return true;
    this.silent.set(port, asked + 1);
    return asked === 0;
  };

  /** Follows a connection, so that isAnswering can tell. */
  private follow({ remotePort = 0 }: Socket, response: http.ServerResponse, isReused: boolean): void {
    this.silent.delete(remotePort);
    response.on('finish', () => this.silent.set(remotePort, 0));
    if (!isReused) response.socket?.on('close', () => this.silent.delete(remotePort));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { socket } = request;
    const reuses = this.reuses.get(socket) ?? 0;
    this.reuses.set(socket, reuses + 1);
    this.follow(socket, response, reuses > 0);
    const body = await readBody(request);
    if (body === undefined) return write(response, error(413, 'The request body is too large'), socket);
    const [path = '', query = ''] = (request.url ?? '').split(/\?(.*)/s);
    const parameters = new URLSearchParams(query);
    const beside = this.surroundings.answer(request.method ?? '', path, parameters, body);
    if (beside) return write(response, beside, socket);
    const call = this.understand(request, path, parameters, body, reuses);
    const hooks = [this.variant?.every, this.variant?.[call.operation]];
    const handle = hooks.reduceRight<Handler>(
      (next, hook) => (hook ? around(hook, next) : next),
      (one) => answer(one, `${this.origin}${VERIFY_PATH}`),
    );
    const reply = handle(call);
    if (reply.broken === 'hang' || reply.broken === 'drip') this.silent.set(socket.remotePort ?? 0, 1);
    write(response, reply, socket);
  }

  private understand(
    request: http.IncomingMessage,
    path: string,
    query: URLSearchParams,
    body: string,
    reuses: number,
  ): StandInCall {
    const sessions = `${BASE_PATH}${OPERATIONS.create.path}`;
    const method = request.method ?? '';
    const rawId = path.startsWith(`${sessions}/`) ? path.slice(sessions.length + 1) : '';
    const id = decode(rawId);
    const isSession = rawId !== '' && !rawId.includes('/');
    const operation =
      path === sessions && method === 'POST'
        ? 'create'
        : isSession && method === 'GET'
          ? 'poll'
          : isSession && method === 'DELETE'
            ? 'deny'
            : 'other';
    const nth = (this.counts.get(operation) ?? 0) + 1;
    this.counts.set(operation, nth);
    return {
      operation,
      method,
      path,
      id,
      rawId,
      query,
      headers: request.headers,
      body,
      session: this.model.find(id),
      nth,
      reuses,
      connectedAtMs: this.connectedAtMs.get(request.socket) ?? 0,
      socket: request.socket,
      model: this.model,
    };
  }
}

function around(hook: Hook, next: Handler): Handler {
  return (call) => hook(call, next);
}

async function readBody(request: http.IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_REQUEST_BYTES) chunks.push(chunk);
  }
  return size > MAX_REQUEST_BYTES ? undefined : Buffer.concat(chunks).toString('utf8');
}

/** An id that is not percent-encoded UTF-8 is no session's. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
}
