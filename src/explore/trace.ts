import type { ProviderState } from '../gateway/call';

/** What an attempt did, in order, to be repeated. */
export type TraceEntry =
  | { did: 'request'; exchange: number; keptConnection: boolean; batch?: number }
  | { did: 'provide'; session: string; state: ProviderState; batch?: number }
  | { did: 'wait'; ms: number };
