import { REQUIREMENT_IDS, type RequirementId } from '../catalogue/requirements';
import type { FindingKey } from '../catalogue/finding-name';
import { CODES } from '../catalogue/codes';
import type { Code } from '../catalogue/codes';

/** A deviation that a team has accepted until a date, and why. */
export interface KnownDeviation {
  requirement: RequirementId;
  code: Code;
  /** Only the finding at this JSON Pointer; without it at any place. */
  pointer?: string;
  reason: string;
  owner: string;
  /** The last day on which it is accepted: YYYY-MM-DD. */
  expires: string;
  /** Only for this host (with its port, if it has one); without it for any target. */
  target?: string;
}

interface Place extends FindingKey {
  pointer?: string | undefined;
}

/** The accepted deviations of a run, and which of them were seen. */
export class KnownDeviations {
  private readonly seen = new Set<KnownDeviation>();
  private readonly entries: KnownDeviation[];
  private readonly expired: KnownDeviation[];

  /** @param host the target's host, with its port; @param today YYYY-MM-DD */
  constructor(entries: KnownDeviation[], host: string, today: string) {
    const here = entries.filter(({ target }) => target === undefined || target === host);
    this.entries = here.filter(({ expires }) => expires >= today);
    this.expired = here.filter(({ expires }) => expires < today);
  }

  /** Whether a finding that was seen is accepted. */
  accepts(finding: Place): boolean {
    const entry = this.entries.find(
      (one) => isFor(one, finding) && (one.pointer === undefined || one.pointer === (finding.pointer ?? '')),
    );
    if (entry) this.seen.add(entry);
    return entry !== undefined;
  }

  /** Whether a finding would be accepted, should it be seen. */
  wouldAccept(finding: FindingKey): boolean {
    return this.entries.some((one) => isFor(one, finding));
  }

  /** One line for each entry that is expired or stale. */
  errors(wasJudged: (requirement: RequirementId) => boolean): string[] {
    const stale = this.entries.filter((entry) => !this.seen.has(entry) && wasJudged(entry.requirement));
    return [
      ...this.expired.map(
        (entry) =>
          `KNOWN_DEVIATIONS: the entry for ${entryName(entry)} expired on ${entry.expires}: fix the API, or set a later date (owner: ${entry.owner})`,
      ),
      ...stale.map(
        (entry) =>
          `KNOWN_DEVIATIONS: the entry for ${entryName(entry)} is stale: the deviation is not seen any more; remove the entry (owner: ${entry.owner})`,
      ),
    ];
  }
}

function isFor(entry: KnownDeviation, { requirement, code }: FindingKey): boolean {
  return entry.requirement === requirement && entry.code === code;
}

export function entryName({ requirement, code, pointer }: Place): string {
  return `${requirement} ${code}${pointer === undefined ? '' : ` at ${JSON.stringify(pointer)}`}`;
}

export function isRequirementId(value: unknown): value is RequirementId {
  return REQUIREMENT_IDS.some((id) => id === value);
}

export function isCode(value: unknown): value is Code {
  return typeof value === 'string' && Object.hasOwn(CODES, value);
}
