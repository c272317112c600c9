import type { HistoryVariant } from './history-hooks';
import { LOOKED_AT, NTH } from './history-of-counts';
import { IN_BETWEEN, TWO_SESSIONS } from './history-of-order';
import { ACCUMULATED, CONCURRENT, CONNECTION } from './history-of-servers';

/**
 * Faults for npm run explore. They are no variants of the contract tests, which are not expected to find them; the findings
 * that they declare are those of which explore must report one, and no other.
 */
export const HISTORY: HistoryVariant[] = [
  ...NTH,
  ...LOOKED_AT,
  ...TWO_SESSIONS,
  ...IN_BETWEEN,
  ...CONNECTION,
  ...ACCUMULATED,
  ...CONCURRENT,
];
