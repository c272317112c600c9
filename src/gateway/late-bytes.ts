import type { Connection } from '../network/connection';

/** Long enough to see what a server sends behind its answer in another packet. */
const LINGER_MS = 300;

/** RFC 9110, section 15.5.9: some servers announce with a 408 that they close an idle connection. */
export function isIdleTimeout(bytes: Buffer): boolean {
  return /^HTTP\/1\.\d 408 /.test(bytes.toString('latin1', 0, 20));
}

/**
 * Keeps connections open for a moment that carry no further request: what a server sends then would be read as the
 * beginning of the next response (RFC 9112, section 6.3).
 */
export class LingeringConnections {
  private readonly ends = new Set<() => void>();

  add(connection: Connection, close: () => void): void {
    const end = (): void => {
      clearTimeout(timer);
      this.ends.delete(end);
      close();
    };
    const timer = setTimeout(end, LINGER_MS);
    timer.unref();
    connection.unref();
    connection.once('close', end);
    this.ends.add(end);
  }

  /** Closes them all: a server with few workers may need them for the next request. */
  close(): void {
    for (const end of [...this.ends]) end();
  }
}
