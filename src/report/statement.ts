import type { Code } from '../catalogue/codes';
import type { Level, RequirementId } from '../catalogue/requirements';
import type { ResultOutcome } from '../judging/collector';
import type { FindingClass } from '../judging/deviation';
import type { KnownDeviation } from '../judging/known-deviations';
import type { Cause } from '../judging/not-judged';
import type { SessionState } from '../judging/states';
import type { History } from './changes';
import type { Latency } from './latency';
import type { StatedRequest } from './stated-request';
import type { Verdict } from './verdict';

/** Version 1 had no number, and named expected and actual otherwise. */
export const SCHEMA_VERSION = 2;

/** The conformance statement of a run; its JSON Schema is schemas/conformance.schema.json. */
export interface Statement {
  schemaVersion: typeof SCHEMA_VERSION;
  verdict: Verdict;
  target: { kind: 'stand-in' | 'remote'; url: string };
  contract: { sha256: string; source: string; date: string };
  /** W3C trace id of all requests of the run. */
  traceId?: string;
  startedAt: string;
  durationMs: number;
  requests: number;
  /** Answers that turned a request away for now: 429, 502, 503, 504. */
  rateLimited: number;
  /** `accepted`: findings that are known deviations; `blocked`: requirements that those blocked. */
  counts: { judged: number; expected: number; accepted: number; blocked: number };
  requirements: StatedRequirement[];
  latency: Latency[];
  /** The random walks of npm run explore. */
  walks?: StatedWalks;
  /** The findings compared with those of earlier runs, where PREVIOUS names some. */
  history?: History;
  left: { created: number; denied: number; leftBehind: number; sessions: string[] };
  errors: string[];
}

/** `walked` of the `of` walks of a seed were walked; those that failed in their shortest form. */
export interface StatedWalks {
  seed: number;
  walked: number;
  of: number;
  failing: {
    requirement: RequirementId;
    code: Code;
    pointer?: string;
    /** For a person. */
    lines: string[];
    /** Name of the file with a script that walks it again. */
    script: string;
  }[];
}

export interface StatedRequirement {
  id: RequirementId;
  topic: string;
  level: Level;
  title: string;
  source: string;
  outcome: ResultOutcome;
  /** No test that was selected is about it; it may have been judged all the same, and does not count. */
  selected?: false;
  /** Why it, or a part of it, was not judged. */
  reason?: string;
  cause?: Cause;
  /** The reported finding that blocks it, such as "DENY-1/status". */
  blockedBy?: string;
  /** How long the requests took by which tests judged it. */
  durationMs: number;
  findings: StatedFinding[];
  /** How many more findings there were than are listed. */
  moreFindings?: number;
}

export interface StatedFinding {
  code: Code;
  class: FindingClass;
  pointer?: string;
  message: string;
  expected?: string;
  actual?: string;
  seen: number;
  of: number;
  /** How many responses did not show it, where all of them came before the first that did. */
  cleanBefore?: number;
  /** What the `of` requests have in common: "denials of unknown sessions". */
  among: string;
  /** States of the sessions with which it was seen. */
  states: SessionState[];
  accepted: boolean;
  source: string;
  /** The first request that showed it, as the API's own logs know it. */
  request?: StatedRequest;
  curl?: string;
  /** An entry for KNOWN_DEVIATIONS, to be completed by the team that accepts the finding. */
  entry: KnownDeviation;
}
