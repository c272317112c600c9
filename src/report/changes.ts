/** new: not in the run before; still: there too; gone: judged, and no longer found; unknown: not judged this time. */
export type Change = 'new' | 'still' | 'gone' | 'unknown';

export interface ChangedFinding {
  requirement: string;
  code: string;
  pointer?: string;
  change: Change;
  /** It came or went at least twice in the runs that judged its requirement. */
  flaky: boolean;
  /** When the first of the latest runs in a row that found it began. */
  since?: string;
  /** On how many of the earlier runs that judged its requirement it was found. */
  foundIn: number;
  of: number;
}

/** The findings of a run compared with those of earlier ones. */
export interface History {
  /** How many earlier runs it is compared with. */
  runs: number;
  first?: string;
  last?: string;
  lastVerdict?: string;
  /** Address that the last of them judged, where it was another one. */
  lastTarget?: string;
  findings: ChangedFinding[];
  /** Findings that are not listed. */
  moreFindings?: number;
  unreadable: string[];
}
