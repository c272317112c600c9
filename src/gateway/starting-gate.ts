import type { ClientRequest } from 'node:http';
import type { Connection } from '../network/connection';

/** The place of one request at the gate. */
export interface Lane {
  /** Holds back the last byte of a request that is about to be written. */
  hold(connection: Connection, request: ClientRequest, released: () => void): void;
  /** The request has its response, or has failed: the others don't wait for it, and those behind it are sent. */
  leave(): void;
}

interface Held {
  place: number;
  behind: number | undefined;
  send: () => void;
}

/**
 * The start of a race: each request is written up to its last byte, and when all are that far, all last bytes are sent in
 * one tick, in the order of the lanes. The requests then reach the handlers of the server within microseconds, whatever
 * connections and TLS cost. A request behind another one is held until that one has its response, so that it follows sooner
 * than a new request could.
 */
export class StartingGate {
  private held: Held[] = [];
  private readonly done = new Set<number>();
  private lanes = 0;
  private isOpen = false;
  /** Nothing is held any longer. */
  private isOver = false;
  private timer: NodeJS.Timeout;

  /**
   * @param expected how many requests take part
   * @param maxWaitMs a server that serves one connection at a time never lets all of them come so far: then the gate
   *   opens for those that have, and as long after that for those behind them
   */
  constructor(
    private expected: number,
    private readonly maxWaitMs: number,
  ) {
    this.timer = setTimeout(() => this.open(), maxWaitMs);
  }

  /** @param behind the place of the lane, counted from 0, whose response is waited for */
  lane(behind?: number): Lane {
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
          const written = once(() => this.ready({ place, behind, send: () => (released(), sendLast()) }));
          const sendLast = connection.writeHeld(written);
        });
      },
      leave: () => {
        this.done.add(place);
        once(() => this.expected--)();
        if (this.isOpen) this.sendReleased();
        else this.openWhenComplete();
      },
    };
  }

  private ready(one: Held): void {
    this.held.push(one);
    if (this.isOpen) this.sendReleased();
    else this.openWhenComplete();
  }

  private openWhenComplete(): void {
    if (this.held.length >= this.expected) this.open();
  }

  private open(): void {
    if (this.isOpen) return;
    this.isOpen = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.isOver = true;
      this.sendReleased();
    }, this.maxWaitMs).unref();
    this.sendReleased();
  }

  private sendReleased(): void {
    const isReleased = ({ behind }: Held): boolean =>
      behind === undefined || this.isOver || this.done.has(behind);
    const released = this.held.filter(isReleased).sort((a, b) => a.place - b.place);
    this.held = this.held.filter((one) => !isReleased(one));
    for (const { send } of released) send();
    if (this.isOpen && this.done.size === this.lanes) clearTimeout(this.timer);
  }
}
