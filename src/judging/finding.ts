import { CODES } from '../catalogue/codes';
import type { RequirementId } from '../catalogue/requirements';
import type { Deviation, FindingClass } from './deviation';
import type { Exchange } from './exchange';
import { requestText } from './sample';
import type { SessionState } from './states';

/** Equal deviations of a run, counted as one. */
export interface Finding extends Deviation {
  requirement: RequirementId;
  /** How many responses showed it, of how many that could have shown it. */
  seen: number;
  of: number;
  /** Numbers of the exchanges with these responses. */
  showedIn?: ReadonlySet<number>;
  judgedIn?: ReadonlySet<number>;
  /** How many responses did not show it, where all of them came before the first that did. */
  cleanBefore?: number;
  /** What those responses are: "denials of unknown sessions". */
  among: string;
  /** The first exchange that showed it. */
  exchange: Exchange | undefined;
  /** The states of the sessions with which it was seen. */
  states: SessionState[];
  tests: string[];
  accepted: boolean;
}

/** A finding as one sentence. */
export function messageOf({ code, expected, actual, exchange }: Finding): string {
  const request = exchange ? ` (${requestText(exchange)})` : '';
  return `${CODES[code]}: expected ${expected}, actual ${actual}${request}`;
}

export function rank(cls: FindingClass): number {
  return ['violation', 'drift', 'advice'].indexOf(cls);
}
