import type { RequirementId } from './requirements';

/** The requirements that the rules for single responses judge, whichever test sent the request; no test is tagged with them. */
export const JUDGED_ON_EVERY_RESPONSE = [
  'DENY-3',
  'REJECT-5',
  'CREATE-2',
  'CREATE-5',
  'CREATE-6',
  'CREATE-8',
  'CREATE-9',
  'POLL-2',
  'POLL-7',
  'WIRE-1',
  'WIRE-2',
  'WIRE-3',
  'WIRE-4',
  'WIRE-5',
] as const satisfies RequirementId[];
