import { requirement, type RequirementId } from '../catalogue/requirements';

/** Of requirements without a topic of their own. */
const BY_PREFIX: Record<string, string> = {
  CREATE: 'Creating a session',
  POLL: 'Polling a session',
  DENY: 'Denying a pending session',
  REJECT: 'Rejecting other denials',
  ID: 'Session ids',
  WIRE: 'HTTP and JSON',
};

/** What a requirement is reported under. */
export function topicOf(id: RequirementId): string {
  const { topic } = requirement(id) as { topic?: string };
  const prefix = id.slice(0, id.indexOf('-'));
  return topic ?? BY_PREFIX[prefix] ?? prefix;
}
