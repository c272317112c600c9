import { declareReversed } from './variants';

declareReversed([
  // A test that runs alone judges each denial that it sends.
  'plain',
  'short-lived',
  // Found by what a test makes for itself.
  'denied-accepted-the-third-time',
  'denial-undone-on-second-poll',
  'approval-late-for-the-first',
  'rejection-revives-denied',
  // Folded in this order only.
  'ends-when-idle',
  'denial-of-the-device',
  // The same findings as in the usual order.
  'denial-refused',
  'denial-hangs',
  'denial-resets',
  'denial-only-of-polled',
  'denial-once-per-connection',
  'denial-not-when-older',
  'denial-of-another',
  'denial-of-all',
  'unknown-accepted',
  'completed-accepted',
  'expired-accepted',
  'completed-polls-pending',
  'expired-polls-pending',
  'fresh-not-found',
  'head-denies',
  'id-prefix',
]);
