import { type RequirementId, REQUIREMENT_IDS } from './requirements';

export function requirementsOf(tags: readonly string[]): RequirementId[] {
  return REQUIREMENT_IDS.filter((id) => tags.includes(`@${id}`));
}
