import type { Certificates } from '../network/trust';
import type { IsAnswering } from './http-exchange';

/** What the gateway needs to know of a run's settings. */
export interface GatewaySettings {
  /** Bound on one request, from the first byte sent to the last one received. */
  requestTimeoutMs: number;
  /** Infinity where nothing bounds the pace. */
  maxRequestsPerSecond: number;
  /** Headers for the target only; their values are secrets. */
  extraHeaders: Record<string, string>;
  /** Each request to the target carries a W3C traceparent. */
  traceparent: boolean;
  /** Authorities to trust beside the usual ones, and the client's certificate, which the target alone sees. */
  certificates: Certificates;
  providerStateUrl: URL | undefined;
  completedSessionId: string | undefined;
  expiredSessionId: string | undefined;
  /** Given by a stand-in that runs in the same process. */
  isAnswering?: IsAnswering;
}
