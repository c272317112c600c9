import type { ProviderStep } from '../../gateway/provider-states';
import type { Exchange } from '../../judging/exchange';

/** What a run did, as far as it takes to do it again. */
export interface Journal {
  exchanges: readonly Exchange[];
  providerSteps: readonly ProviderStep[];
  /** For each label a text of the shape of what it stands for. */
  likenesses: Readonly<Record<string, string>>;
  /** How long the run waited before it looked at a session again. */
  settleMs: number;
}

export const EMPTY_JOURNAL: Journal = { exchanges: [], providerSteps: [], likenesses: {}, settleMs: 0 };

/** In ms, by the run's own clock where it is known: two requests count as concurrent only where they really were. */
export function sentAt({ sentAtMs, startedAt }: Exchange): number {
  return sentAtMs ?? Date.parse(startedAt);
}

export function answeredAt(exchange: Exchange): number {
  return exchange.answeredAtMs ?? sentAt(exchange) + exchange.durationMs;
}

/** In the order in which they were sent. */
export function bySending(one: Exchange, other: Exchange): number {
  return sentAt(one) - sentAt(other) || one.n - other.n;
}
