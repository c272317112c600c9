import { type RequirementId, REQUIREMENT_IDS } from './requirements';

/** The requirements of a test's tags. Whole tags are compared: "@DENY-1" is not the beginning of "@DENY-10". */
export function requirementsOf(tags: readonly string[]): RequirementId[] {
  return REQUIREMENT_IDS.filter((id) => tags.includes(`@${id}`));
}
