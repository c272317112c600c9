import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';

/** The place of one request at the gate. */
export interface Lane {
  /** Holds back the last byte of a request that is about to be written to a socket. */
  hold(socket: Socket, request: ClientRequest, released: () => void): void;
  /** The request has failed; the others don't wait for it. */
  leave(): void;
}

/**
 * The start of a race: each request is written up to its last byte, and when all are that far, all last bytes are sent in
 * one tick. The requests then reach the handlers of the server within microseconds, whatever connections and TLS cost.
 */
export class StartingGate {
  private readonly held: (() => void)[] = [];
  private isOpen = false;
  private readonly timer: NodeJS.Timeout;

  /**
   * @param expected how many requests take part
   * @param maxWaitMs a server that serves one connection at a time never lets all of them come so far: then the gate
   *   opens for those that have
   */
  constructor(
    private expected: number,
    maxWaitMs: number,
  ) {
    this.timer = setTimeout(() => this.open(), maxWaitMs);
  }

  lane(): Lane {
    let isDone = false;
    const once = (act: () => void) => (): void => {
      if (isDone) return;
      isDone = true;
      act();
    };
    return {
      hold: (socket, request, released) => {
        const sendLast = holdLastByte(socket, request, () =>
          once(() => this.ready(() => (released(), sendLast())))(),
        );
      },
      leave: () =>
        once(() => {
          this.expected--;
          this.openWhenComplete();
        })(),
    };
  }

  private ready(send: () => void): void {
    if (this.isOpen) {
      send();
      return;
    }
    this.held.push(send);
    this.openWhenComplete();
  }

  private openWhenComplete(): void {
    if (this.held.length >= this.expected) this.open();
  }

  private open(): void {
    if (this.isOpen) return;
    this.isOpen = true;
    clearTimeout(this.timer);
    for (const send of this.held) send();
  }
}

/**
 * Diverts what the HTTP client writes to a socket until the request is complete, and then writes all of it but the last
 * byte. Node.js has no call for it: a request without a body is written as soon as its headers are.
 * @param written called when that much has been handed to the operating system
 * @returns sends the last byte
 */
function holdLastByte(socket: Socket, request: ClientRequest, written: () => void): () => void {
  const chunks: Buffer[] = [];
  const write = socket.write.bind(socket);
  socket.write = ((chunk: string | Buffer, encoding: BufferEncoding, callback?: () => void) => {
    chunks.push(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk);
    if (callback) process.nextTick(callback);
    return true;
  }) as Socket['write'];
  request.once('finish', () => {
    socket.write = write;
    const bytes = Buffer.concat(chunks);
    chunks.splice(0, chunks.length, bytes.subarray(-1));
    write(bytes.subarray(0, -1), (error) => {
      if (!error) written();
    });
  });
  return () => write(chunks[0] ?? '');
}
