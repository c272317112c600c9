import { REQUIREMENT_IDS, type RequirementId } from '../catalogue/requirements';
import { CODES } from '../catalogue/codes';
import type { Code } from '../catalogue/codes';

/** A deviation that a team has accepted, for a while and for a reason. */
export interface KnownDeviation {
  requirement: RequirementId;
  code: Code;
  /** Only the finding at this JSON Pointer; without it the finding wherever it is. */
  pointer?: string;
  reason: string;
  owner: string;
  /** The last day on which it is accepted: YYYY-MM-DD. */
  expires: string;
  /** Only for this host (with its port, if it has one); without it for any target. */
  target?: string;
}

/** What a finding is known by. */
export interface FindingKey {
  requirement: RequirementId;
  code: Code;
  pointer?: string | undefined;
}

/** The accepted deviations of a run, and which of them were met. */
export class KnownDeviations {
  private readonly met = new Set<KnownDeviation>();
  private readonly entries: KnownDeviation[];
  private readonly expired: KnownDeviation[];

  /** @param host the target's host, with its port; @param today YYYY-MM-DD */
  constructor(entries: KnownDeviation[], host: string, today: string) {
    const here = entries.filter(({ target }) => target === undefined || target === host);
    this.entries = here.filter(({ expires }) => expires >= today);
    this.expired = here.filter(({ expires }) => expires < today);
  }

  accepts(finding: FindingKey): boolean {
    const entry = this.entries.find(
      (one) =>
        one.requirement === finding.requirement &&
        one.code === finding.code &&
        (one.pointer === undefined || one.pointer === (finding.pointer ?? '')),
    );
    if (entry) this.met.add(entry);
    return entry !== undefined;
  }

  /** One line for each entry that must go or be looked at again. */
  errors(wasJudged: (requirement: RequirementId) => boolean): string[] {
    const stale = this.entries.filter((entry) => !this.met.has(entry) && wasJudged(entry.requirement));
    return [
      ...this.expired.map(
        (entry) =>
          `KNOWN_DEVIATIONS: the entry for ${entryName(entry)} expired on ${entry.expires}; mend the API, or decide anew (owner: ${entry.owner})`,
      ),
      ...stale.map(
        (entry) =>
          `KNOWN_DEVIATIONS: the entry for ${entryName(entry)} is stale: nothing deviates any more; remove it (owner: ${entry.owner})`,
      ),
    ];
  }
}

export function entryName({ requirement, code, pointer }: FindingKey): string {
  return `${requirement} ${code}${pointer === undefined ? '' : ` at ${JSON.stringify(pointer)}`}`;
}

export function isRequirementId(value: unknown): value is RequirementId {
  return REQUIREMENT_IDS.some((id) => id === value);
}

export function isCode(value: unknown): value is Code {
  return typeof value === 'string' && Object.hasOwn(CODES, value);
}
