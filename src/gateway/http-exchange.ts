import type http from 'node:http';
import type { Duplex } from 'node:stream';
import { decodeBody } from './content-encoding';
import type { Connection } from '../network/connection';
import { hintFor } from '../network/hints';
import type { Route } from '../network/route';
import type { Lane } from './starting-gate';
import {
  failureOf,
  headOf,
  MAX_BODY_BYTES,
  MAX_HEADER_BYTES,
  tooLarge,
  type Failure,
  type WireRequest,
  type WireResult,
} from './wire-message';

/** Whether an answer to what came from this local port (undefined: not connected yet) is still due. */
export type IsAnswering = (localPort: number | undefined) => boolean;

export interface ExchangeOptions {
  route: Route;
  agent: http.Agent;
  hasClientCertificate: boolean;
  /** Bound on the time from the beginning, or from the start of a race, to the last byte of the answer. */
  timeoutMs: number;
  /** The time is extended while this is true. */
  isAnswering?: IsAnswering | undefined;
  /** The request takes part in a race. */
  lane?: Lane | undefined;
  /** The request has a connection, which may have carried others before. */
  onConnection: (connection: Connection) => void;
  /** The answer is complete, and its connection can be used again. */
  onComplete: (connection: Connection) => void;
}

/** One HTTP/1.1 request and its answer. Bounded in time and memory; it never throws. */
export class HttpExchange {
  readonly result: Promise<WireResult>;
  private resolve: (result: WireResult) => void = () => undefined;
  private readonly outgoing: http.ClientRequest;
  private readonly isSecure: boolean;
  private connection: Connection | undefined;
  private response: http.IncomingMessage | undefined;
  private readonly chunks: Buffer[] = [];
  private size = 0;
  private bytesBefore = 0;
  private sentAt = new Date();
  private sentAtMs = performance.now();
  private isSettled = false;
  private deadline: NodeJS.Timeout;

  constructor(
    request: WireRequest,
    private readonly options: ExchangeOptions,
  ) {
    this.result = new Promise((resolve) => (this.resolve = resolve));
    this.isSecure = request.origin.protocol === 'https:';
    const { path, method, headers } = request;
    const { agent, route } = options;
    this.outgoing = route.request(path, { method, headers, agent, maxHeaderSize: MAX_HEADER_BYTES });
    this.deadline = this.startDeadline();
    this.outgoing.on('socket', (socket) => this.connect(socket as Duplex as Connection));
    this.outgoing.on('response', (incoming) => this.receive(incoming));
    this.outgoing.on('upgrade', (_response, socket) => {
      socket.destroy();
      this.settle({
        kind: 'malformed',
        message: 'status 101, a switch to a protocol that was not asked for',
      });
    });
    this.outgoing.on('error', (error: NodeJS.ErrnoException) => this.fail(error));
    this.outgoing.on('close', () => setImmediate(() => this.break()));
    this.outgoing.end(request.body);
  }

  private connect(connection: Connection): void {
    this.connection = connection;
    this.bytesBefore = connection.bytesRead;
    this.options.onConnection(connection);
    this.options.lane?.hold(connection, this.outgoing, () => this.start());
  }

  /** The race starts: only from now on does the server have the whole request. */
  private start(): void {
    this.sentAt = new Date();
    this.sentAtMs = performance.now();
    clearTimeout(this.deadline);
    this.deadline = this.startDeadline();
  }

  private startDeadline(): NodeJS.Timeout {
    return setTimeout(() => {
      if (this.options.isAnswering?.(this.connection?.localPort)) {
        this.deadline = this.startDeadline();
        return;
      }
      const phase = this.response
        ? 'the head of the response was received, but its body did not end'
        : this.hasAnyByte()
          ? 'the response began, but did not end'
          : this.connection?.connecting === false
            ? 'no response'
            : 'no connection';
      this.settle({ kind: 'timeout', message: `${phase} within ${this.options.timeoutMs} ms` });
    }, this.options.timeoutMs);
  }

  private receive(incoming: http.IncomingMessage): void {
    this.response = incoming;
    incoming.on('data', (chunk: Buffer) => {
      this.size += chunk.length;
      if (this.size > MAX_BODY_BYTES) this.settle(tooLarge());
      else this.chunks.push(chunk);
    });
    incoming.on('end', () => {
      if (incoming.complete && this.connection) this.options.onComplete(this.connection);
      // Bytes behind the end of the message, in the same packet, make the parser fail in this turn.
      setImmediate(() => (incoming.complete ? this.settle(undefined) : this.break()));
    });
    incoming.on('error', () => this.break());
  }

  private fail(error: NodeJS.ErrnoException): void {
    const { route, hasClientCertificate } = this.options;
    const failure = failureOf(error, route, this.isSecure && this.connection?.authorized !== true);
    if (!failure) return this.break();
    const hint = failure.hint ?? hintFor(error, route, hasClientCertificate);
    this.settle({ ...failure, ...(hint !== undefined && { hint }) });
  }

  private break(): void {
    this.settle(
      this.hasAnyByte()
        ? { kind: 'truncated', message: 'the connection broke before the response was complete' }
        : { kind: 'reset', message: 'the connection was closed before any byte of a response' },
    );
  }

  private hasAnyByte(): boolean {
    return this.response !== undefined || (this.connection?.bytesRead ?? 0) > this.bytesBefore;
  }

  private settle(failure: Failure | undefined): void {
    if (this.isSettled) return;
    this.isSettled = true;
    clearTimeout(this.deadline);
    const answeredAtMs = performance.now();
    this.options.lane?.leave();
    const head = this.response && headOf(this.response);
    const body = failure ? undefined : decodeBody(Buffer.concat(this.chunks), head?.headers ?? []);
    if (failure) this.outgoing.destroy();
    this.resolve({
      answer: head && { ...head, body: body && 'bytes' in body ? body.bytes : Buffer.alloc(0) },
      failure: failure ?? (body && 'failure' in body ? body.failure : undefined),
      reused: this.outgoing.reusedSocket,
      sentAt: this.sentAt,
      sentAtMs: this.sentAtMs,
      answeredAtMs,
    });
  }
}
