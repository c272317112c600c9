import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';

/**
 * A socket as the HTTP client gets it. In between stands what Node.js has no call for: to hold the last byte of a request
 * back, and to see what a server sends while no request is underway (since 2026 Node.js drops such bytes unseen).
 */
export class Connection extends Duplex {
  private held: Buffer[] | undefined;
  private found: ((bytes: Buffer) => void) | undefined;

  constructor(private readonly socket: Socket) {
    super({ allowHalfOpen: false });
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    // What was received before is read first.
    socket.on('close', () => setImmediate(() => this.destroy()));
  }

  /** @param found called with the first bytes that arrive before the next request; they end the connection */
  watch(found: (bytes: Buffer) => void): void {
    this.found = found;
  }

  unwatch(): void {
    this.found = undefined;
  }

  /** Collects what is written from now on. */
  hold(): void {
    this.held = [];
  }

  /**
   * Writes what was collected but for its last byte.
   * @param written called when that much has been handed to the operating system
   * @returns sends the last byte
   */
  writeHeld(written: () => void): () => void {
    const bytes = Buffer.concat(this.held ?? []);
    this.held = undefined;
    this.socket.write(bytes.subarray(0, -1), (error) => {
      if (!error) written();
    });
    return () => this.socket.write(bytes.subarray(-1));
  }

  private receive(chunk: Buffer): void {
    const { found } = this;
    if (!found) {
      if (!this.push(chunk)) this.socket.pause();
      return;
    }
    this.unwatch();
    this.destroy();
    found(chunk);
  }

  override _read(): void {
    this.socket.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    if (!this.held) {
      this.socket.write(chunk, encoding, callback);
      return;
    }
    this.held.push(chunk);
    callback();
  }

  override _final(callback: () => void): void {
    this.socket.end(callback);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.socket.destroy();
    callback(error);
  }

  // --- What the HTTP client asks of a socket -----------------------------------------------------------------------

  get bytesRead(): number {
    return this.socket.bytesRead;
  }

  get connecting(): boolean {
    return this.socket.connecting;
  }

  get localPort(): number | undefined {
    return this.socket.localPort;
  }

  get timeout(): number | undefined {
    return this.socket.timeout;
  }

  /** Of TLS: the certificate of the server has been accepted. */
  get authorized(): boolean {
    return (this.socket as Partial<TLSSocket>).authorized === true;
  }

  destroySoon(): void {
    if (this.writableFinished) this.destroy();
    else this.end(() => this.destroy());
  }

  setTimeout(ms: number, callback?: () => void): this {
    this.socket.setTimeout(ms, callback);
    return this;
  }

  setKeepAlive(enable?: boolean, initialDelay?: number): this {
    this.socket.setKeepAlive(enable, initialDelay);
    return this;
  }

  setNoDelay(noDelay?: boolean): this {
    this.socket.setNoDelay(noDelay);
    return this;
  }

  ref(): this {
    this.socket.ref();
    return this;
  }

  unref(): this {
    this.socket.unref();
    return this;
  }
}
