import type { Socket } from 'node:net';

/** Long enough to see what a server sends behind its answer in another packet. */
const LINGER_MS = 300;

/**
 * Watches connections between two requests, or for a moment after the only one: whatever a server sends then would be
 * read as the beginning of the next response (RFC 9112, section 6.3).
 */
export class LateBytes {
  private readonly watched = new WeakMap<Socket, (bytes: Buffer) => void>();
  private readonly lingering = new Map<Socket, { timer: NodeJS.Timeout; end: () => void }>();

  /** @param found called with the first bytes, at most once */
  watch(socket: Socket, found: (bytes: Buffer) => void): void {
    const listener = (bytes: Buffer): void => {
      this.unwatch(socket);
      socket.destroy();
      // RFC 9110, section 15.5.9: some servers announce with a 408 that they close an idle connection.
      if (!/^HTTP\/1\.\d 408 /.test(bytes.toString('latin1', 0, 20))) found(bytes);
    };
    this.watched.set(socket, listener);
    socket.on('data', listener);
  }

  /** The connection carries the next request. */
  unwatch(socket: Socket): void {
    const listener = this.watched.get(socket);
    if (listener) socket.off('data', listener);
    this.watched.delete(socket);
  }

  /** Keeps a connection open for a moment that carries no further request. */
  linger(socket: Socket, end: () => void): void {
    const stop = (): void => {
      clearTimeout(this.lingering.get(socket)?.timer);
      this.lingering.delete(socket);
      end();
    };
    const timer = setTimeout(stop, LINGER_MS);
    timer.unref();
    socket.unref();
    socket.once('close', stop);
    this.lingering.set(socket, { timer, end: stop });
  }

  /** Closes the connections that are only watched: a server with few workers may need them for the next request. */
  release(): void {
    for (const { end } of [...this.lingering.values()]) end();
  }
}
