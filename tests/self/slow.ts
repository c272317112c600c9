import { SLOW_TAG } from '../../src/run/slow-tag';

/**
 * Details of a test for which nobody is to wait while working: most that start a whole command, or try many cases. `npm test`
 * leaves it to `npm run test:slow`; CI runs both.
 */
export const SLOW = { tag: SLOW_TAG };
