import type { Code } from '../catalogue/codes';
import type { RequirementId } from '../catalogue/requirements';

/**
 * violation: a documented promise, a MUST of a standard or a harm is broken; drift: something undocumented beside what
 * is promised; advice: a SHOULD, which never fails a run.
 */
export type FindingClass = 'violation' | 'drift' | 'advice';

/** A way in which an answer is not what a requirement asks for. */
export interface Deviation {
  code: Code;
  class: FindingClass;
  /** Where in the body, as a JSON Pointer. */
  pointer?: string;
  expected: string;
  actual: string;
  /** A place in the document that says it more exactly than the requirement's own source. */
  source?: string;
}

/** A deviation as a check finds it: a violation, unless it says otherwise. */
export type FoundDeviation = Omit<Deviation, 'class'> & { class?: FindingClass };

/** A requirement looked at once: kept, or deviated from. */
export interface Judgement {
  requirement: RequirementId;
  deviation?: Deviation;
}
