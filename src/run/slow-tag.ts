/** Of the suite's own tests for which nobody is to wait while working; see tests/self/slow.ts. */
export const SLOW_TAG = '@slow';
