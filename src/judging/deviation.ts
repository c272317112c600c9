import type { Code } from '../catalogue/codes';
import { requirement, type RequirementId } from '../catalogue/requirements';

/**
 * violation: of a documented promise, a MUST of a standard, or a harm; drift: something undocumented; advice: of a SHOULD,
 * which never fails a run.
 */
export type FindingClass = 'violation' | 'drift' | 'advice';

/** How a response deviates from a requirement. */
export interface Deviation {
  code: Code;
  class: FindingClass;
  /** Where in the body, as a JSON Pointer. */
  pointer?: string;
  expected: string;
  actual: string;
  /** A place in the document that is more precise than the requirement's own source. */
  source?: string;
}

/** A deviation as a check finds it; without a class it has that of its requirement's level. */
export type FoundDeviation = Omit<Deviation, 'class'> & { class?: FindingClass };

export function classed(id: RequirementId, found: FoundDeviation): Deviation {
  return { class: requirement(id).level === 'SHOULD' ? 'advice' : 'violation', ...found };
}

/** A requirement judged once: kept, or deviated from. */
export interface Judgement {
  requirement: RequirementId;
  /** What the response is one of, where that is not said by its operation and the session's state. */
  among?: string | undefined;
  deviation?: Deviation;
}
