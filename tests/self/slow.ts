/**
 * Details of a test that takes seconds: it starts whole commands, or tries many cases. `npm test` leaves it to
 * `npm run test:slow`; CI runs both.
 */
export const SLOW = { tag: '@slow' };
