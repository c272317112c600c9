import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { RequirementId } from '../catalogue/requirements';
import type { Model, Session } from './model';
import type { Code } from '../catalogue/codes';

/** A request as the stand-in understood it. */
export interface StandInCall {
  operation: 'create' | 'poll' | 'deny' | 'other';
  method: string;
  path: string;
  /** The id of the path, decoded; empty for a path without an id. */
  id: string;
  /** The path segment with the id as it came. */
  rawId: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
  /** The session that has the id. */
  session: Session | undefined;
  /** Counts the calls of this operation from 1. */
  nth: number;
  /** Requests that the connection had carried before. */
  reuses: number;
  /** When the connection was opened, on the clock of performance.now(). */
  connectedAtMs: number;
  socket: Socket;
  model: Model;
}

/** What goes back. `raw` is written instead of an HTTP response; `broken` says how the answer fails to come. */
export interface Reply {
  status: number;
  headers: Record<string, string | string[]>;
  body: string | Buffer;
  delayMs?: number;
  /** The same in turns of the event loop (turns.ts), where other requests are to come first on any machine. */
  delayTurns?: number;
  raw?: string | Buffer;
  broken?: 'hang' | 'reset' | 'drip' | 'endless' | 'half';
}

export type Handler = (call: StandInCall) => Reply;
export type Hook = (call: StandInCall, next: Handler) => Reply;
/** Around the approval of a session, which a provider state asks for. */
export type ApprovalHook = (session: Session, model: Model, next: () => Reply) => Reply;

/** A finding that a fault must cause. */
export type Declared = `${RequirementId}/${Code}`;

/**
 * A way in which an API may differ from a plain one. A fault declares the findings that it must cause, all of them; a
 * benign variant keeps the contract in an unusual way, and causes none; an outage leaves nothing to judge.
 */
export interface Variant {
  name: string;
  kind: 'fault' | 'benign' | 'outage';
  /** One sentence: what is wrong with it, or unusual. */
  description: string;
  findings?: readonly Declared[];
  /**
   * It depends on what the line of a finding does not repeat: the number of requests before it in the whole run, or a
   * connection that was opened before it was needed.
   */
  dependsOnWholeRun?: true;
  /** Of an outage: words of the line that names its likely cause. */
  cause?: string;
  /** Around single operations, or around all of them. */
  create?: Hook;
  poll?: Hook;
  deny?: Hook;
  other?: Hook;
  every?: Hook;
  newId?: (n: number) => string;
  lifeMs?: number;
  approve?: ApprovalHook;
  /** Without the endpoint for provider states. */
  noProviderStates?: boolean;
  /** A page answers in place of that endpoint, or it acts a little later. */
  providerStates?: 'page' | 'later';
  /** Settings of a run against it, where the usual ones would not show it. */
  settings?: { settleMs?: number; requestTimeoutMs?: number; waitForExpiryMs?: number };
}
