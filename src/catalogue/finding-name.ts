import type { Code } from './codes';
import type { RequirementId } from './requirements';

/** A finding by its requirement and code, as entries of KNOWN_DEVIATIONS and variants name it: "DENY-4/touched". */
export type FindingName = `${RequirementId}/${Code}`;

export interface FindingKey {
  requirement: RequirementId;
  code: Code;
}

export function findingName({ requirement, code }: FindingKey): FindingName {
  return `${requirement}/${code}`;
}
