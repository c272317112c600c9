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

/** A response whose body is not known may still violate these, but does not show that they are kept. */
export const NEED_THE_WHOLE_BODY: readonly RequirementId[] = ['WIRE-4', 'WIRE-5'];

const MESSAGE = ['WIRE-1', 'WIRE-2', 'WIRE-3'] as const;
const CREATED = ['CREATE-1', 'CREATE-2', ...MESSAGE] as const;

/** The requirements that a create has to keep before there is a session: one of them has blocked what needs one. */
export const BEFORE_A_SESSION: readonly RequirementId[] = [...CREATED, 'CREATE-3', 'CREATE-7'];

type JudgedOnEveryResponse = (typeof JUDGED_ON_EVERY_RESPONSE)[number];
type Requirements = readonly RequirementId[];

/**
 * The requirements that a response has to keep before a rule judges it by this one. Where none did, one of them has
 * blocked it: the first of which there is a finding.
 */
export const JUDGED_AFTER: Record<JudgedOnEveryResponse, Requirements> &
  Partial<Record<RequirementId, Requirements>> = {
  'DENY-3': ['DENY-1', ...MESSAGE, 'CREATE-1', 'CREATE-2', 'POLL-1', 'POLL-7'],
  'REJECT-5': ['REJECT-2', 'REJECT-1', 'REJECT-3', 'REJECT-4', ...MESSAGE],
  'CREATE-2': ['CREATE-1', ...MESSAGE],
  'CREATE-3': CREATED,
  'CREATE-5': CREATED,
  'CREATE-6': CREATED,
  'CREATE-8': ['CREATE-5', ...CREATED],
  'CREATE-9': ['CREATE-6', ...CREATED],
  'POLL-2': ['POLL-7', ...MESSAGE],
  'POLL-4': ['POLL-7', 'POLL-2', ...MESSAGE, 'POLL-1'],
  'POLL-5': ['POLL-7', 'POLL-2', ...MESSAGE],
  // Judged on whatever comes.
  'POLL-7': [],
  'WIRE-1': [],
  'WIRE-2': [],
  'WIRE-3': [],
  'WIRE-4': [],
  'WIRE-5': [],
};
