import type { ClientRequest } from 'node:http';
import type { Connection } from '../network/connection';

/** The place of one request at the gate. */
export interface Lane {
  /** Holds back the last byte of a request that is about to be written. */
  hold(connection: Connection, request: ClientRequest, released: () => void): void;
  /** The request has failed; the others don't wait for it. */
  leave(): void;
}

/**
 * The start of a race: each request is written up to its last byte, and when all are that far, all last bytes are sent in
 * one tick, in the order of the lanes. The requests then reach the handlers of the server within microseconds, whatever
 * connections and TLS cost.
 */
export class StartingGate {
  private readonly held: { place: number; send: () => void }[] = [];
  private lanes = 0;
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
    const place = this.lanes++;
    let isDone = false;
    const once = (act: () => void) => (): void => {
      if (isDone) return;
      isDone = true;
      act();
    };
    return {
      hold: (connection, request, released) => {
        connection.hold();
        request.once('finish', () => {
          const written = once(() => this.ready(place, () => (released(), sendLast())));
          const sendLast = connection.writeHeld(written);
        });
      },
      leave: () =>
        once(() => {
          this.expected--;
          this.openWhenComplete();
        })(),
    };
  }

  private ready(place: number, send: () => void): void {
    if (this.isOpen) {
      send();
      return;
    }
    this.held.push({ place, send });
    this.openWhenComplete();
  }

  private openWhenComplete(): void {
    if (this.held.length >= this.expected) this.open();
  }

  private open(): void {
    if (this.isOpen) return;
    this.isOpen = true;
    clearTimeout(this.timer);
    for (const { send } of this.held.sort((a, b) => a.place - b.place)) send();
  }
}
