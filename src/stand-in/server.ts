import { readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { OPERATIONS } from '../catalogue/operations';
import { PIN_PATH } from '../contract/pin';
import { Model, type Session } from './model';
import { afterTurns } from './turns';
import type { Handler, Hook, Reply, StandInCall, Variant } from './variant';

const BASE_PATH = '/api';
const PROVIDER_STATES_PATH = '/_provider-states';
const VERIFY_PATH = '/verify';
const DOCUMENT_PATH = '/openapi.json';
const LIFE_MS = 10 * 60_000;
const MAX_REQUEST_BYTES = 16 * 1024;
const MAX_DEVICE_NAME = 100;
const MAX_CALLBACK_URL = 2048;

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
  private readonly counts = new Map<string, number>();
  private readonly reuses = new WeakMap<Socket, number>();
  /** Connections on which nothing more will come, by the client's port: how often a client has asked about it. */
  private readonly silent = new Map<number, number>();
  private readonly server: http.Server;

  private constructor(
    private readonly variant: Variant | undefined,
    clockSpeed?: number,
  ) {
    this.model = new Model(variant?.lifeMs ?? LIFE_MS, variant?.newId, clockSpeed);
    this.server = http.createServer(
      { keepAliveTimeout: 60_000, maxHeaderSize: 64 * 1024 },
      (request, response) => void this.serve(request, response),
    );
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
    const beside = this.besideTheApi(request.method ?? '', path, new URLSearchParams(query), body);
    if (beside) return write(response, beside, socket);
    const call = this.understand(request, path, new URLSearchParams(query), body, reuses);
    const hooks = [this.variant?.every, this.variant?.[call.operation]];
    const handle = hooks.reduceRight<Handler>(
      (next, hook) => (hook ? around(hook, next) : next),
      (one) => this.answer(one),
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
      socket: request.socket,
      model: this.model,
    };
  }

  private answer(call: StandInCall): Reply {
    switch (call.operation) {
      case 'create':
        return this.create(call);
      case 'poll':
        return poll(call.session);
      case 'deny':
        return call.session && this.model.deny(call.session)
          ? json(200, { success: true })
          : error(500, 'This session is not pending');
      case 'other':
        return other(call);
    }
  }

  private create({ body, headers }: StandInCall): Reply {
    const fields = readFields(body, headers['content-type']);
    if (typeof fields === 'string') return error(500, fields);
    const session = this.model.create(fields.deviceName ?? 'Unknown device', fields.callbackUrl);
    return json(201, {
      sessionId: session.id,
      verificationUrl: `${this.origin}${VERIFY_PATH}?session=${encodeURIComponent(session.id)}`,
      expiresAt: new Date(session.expiresAt).toISOString(),
    });
  }

  /** What is no part of the API: provider states, the approval page, the document. */
  private besideTheApi(
    method: string,
    path: string,
    query: URLSearchParams,
    body: string,
  ): Reply | undefined {
    if (path === PROVIDER_STATES_PATH && !this.variant?.noProviderStates)
      return method === 'POST' ? this.provideAsUsual(body) : error(405, 'POST a provider state');
    if (path === DOCUMENT_PATH)
      return {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: readFileSync(PIN_PATH, 'utf8'),
      };
    if (path === VERIFY_PATH) return this.verify(method, query);
    return undefined;
  }

  private provideAsUsual(body: string): Reply {
    if (this.variant?.providerStates === 'page') return page(200, 'Welcome');
    if (this.variant?.providerStates !== 'later') return this.provide(body);
    afterTurns(30, () => this.provide(body));
    return json(202, {});
  }

  private provide(body: string): Reply {
    const asked = parse(body) as
      { state?: unknown; params?: { sessionId?: unknown }; action?: unknown } | undefined;
    if (asked?.action === 'teardown') return json(200, {});
    const session = this.model.find(String(asked?.params?.sessionId));
    if (!session) return error(404, 'There is no such session');
    if (asked?.state === 'session is completed') return this.provideCompleted(session);
    if (asked?.state === 'session is expired')
      return this.model.expire(session) ? json(200, {}) : error(409, 'This session has ended already');
    return error(400, 'The states are "session is completed" and "session is expired"');
  }

  private provideCompleted(session: Session): Reply {
    const approve = (): Reply =>
      this.model.complete(session) ? json(200, {}) : error(409, 'This session can no longer be approved');
    return this.variant?.approve ? this.variant.approve(session, this.model, approve) : approve();
  }

  private verify(method: string, query: URLSearchParams): Reply {
    const session = this.model.find(query.get('session') ?? '');
    if (!session) return page(404, 'There is no such session.');
    if (method === 'POST')
      return this.model.complete(session)
        ? page(200, 'Approved. You can close this page.')
        : page(409, 'This session can no longer be approved.');
    if (session.state !== 'pending') return page(200, `This session is ${session.state}.`);
    return page(
      200,
      `<form method="post"><p>Let ${escape(session.deviceName)} use your account?</p><button>Approve</button></form>`,
    );
  }
}

function around(hook: Hook, next: Handler): Handler {
  return (call) => hook(call, next);
}

export function poll(session: Session | undefined): Reply {
  if (!session || session.state === 'denied') return json(404, { message: 'Session not found' });
  if (session.state === 'completed') return json(200, { status: 'completed', apiKey: session.apiKey });
  if (session.state === 'expired') return json(200, { status: 'expired' });
  return json(200, { status: 'pending', deviceName: session.deviceName, callbackUrl: session.callbackUrl });
}

function other({ method, rawId, session }: StandInCall): Reply {
  if (method === 'HEAD' && rawId !== '') return poll(session);
  const allow = rawId === '' ? 'POST, OPTIONS' : 'GET, HEAD, DELETE, OPTIONS';
  if (method === 'OPTIONS') return { status: 204, headers: { allow }, body: '' };
  if (rawId === '' && method === 'DELETE') return json(404, { message: 'Not found' });
  return {
    ...json(405, { message: 'Method not allowed' }),
    headers: { allow, 'content-type': 'application/json' },
  };
}

export function json(status: number, value: unknown): Reply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

export function error(status: number, msg: string): Reply {
  return json(status, { success: false, msg });
}

export function page(status: number, content: string): Reply {
  const body = `<!doctype html><meta charset="utf-8"><title>Approve a session</title><main>${content}</main>`;
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
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

/** The documented members of a create request, or why it is refused. */
function readFields(
  body: string,
  contentType: string | undefined,
): { deviceName?: string; callbackUrl?: string } | string {
  if (body === '') return {};
  if (!/^application\/json\b/i.test(contentType ?? '')) return 'The body must be application/json';
  const value = parse(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'The body must be a JSON object';
  const { deviceName, callbackUrl } = value as Record<string, unknown>;
  if (
    deviceName !== undefined &&
    (typeof deviceName !== 'string' || Array.from(deviceName).length > MAX_DEVICE_NAME)
  )
    return `deviceName must be a string of up to ${MAX_DEVICE_NAME} characters`;
  if (
    callbackUrl !== undefined &&
    (typeof callbackUrl !== 'string' || callbackUrl.length > MAX_CALLBACK_URL || !URL.canParse(callbackUrl))
  )
    return `callbackUrl must be a URI of up to ${MAX_CALLBACK_URL} characters`;
  return {
    ...(deviceName !== undefined && { deviceName }),
    ...(callbackUrl !== undefined && { callbackUrl }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An id that is not percent-encoded UTF-8 is no session's. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
}

function write(response: http.ServerResponse, reply: Reply, socket: Socket): void {
  if (reply.delayMs !== undefined) {
    setTimeout(() => {
      // What a reply says may be settled while it waits.
      delete reply.delayMs;
      write(response, reply, socket);
    }, reply.delayMs);
    return;
  }
  if (reply.delayTurns !== undefined) {
    afterTurns(reply.delayTurns, () => {
      delete reply.delayTurns;
      write(response, reply, socket);
    });
    return;
  }
  if (reply.broken === 'hang' || socket.destroyed) return;
  if (reply.broken === 'reset') {
    socket.resetAndDestroy();
    return;
  }
  if (reply.raw !== undefined) {
    socket.end(reply.raw);
    return;
  }
  const length = Buffer.byteLength(reply.body);
  response.writeHead(reply.status, {
    ...(length > 0 && !reply.headers['transfer-encoding'] && { 'content-length': String(length) }),
    ...reply.headers,
  });
  if (reply.broken === 'half') {
    response.write(reply.body.slice(0, length / 2), () => socket.destroy());
  } else if (reply.broken === 'drip') {
    response.flushHeaders();
    const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : response.write(' ')), 20);
  } else if (reply.broken === 'endless') {
    const more = (): void => {
      while (!socket.destroyed && response.write(' '.repeat(64 * 1024)));
      if (!socket.destroyed) response.once('drain', more);
    };
    more();
  } else {
    response.end(reply.body);
  }
}
