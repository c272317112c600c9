import { EXPLANATIONS, type Explanation } from '../catalogue/explanations';
import { findingName, type FindingKey, type FindingName } from '../catalogue/finding-name';
import type { BlockedBy } from './not-judged';

export interface SeenFinding<F extends FindingKey = FindingKey> {
  finding: F;
  /** Labels of the sessions that it was seen with. */
  sessions: ReadonlySet<string>;
  /** Of the response that showed it; undefined where none did. */
  status?: number | undefined;
}

/** A finding that was seen without any session. */
const NO_SESSION = '';

interface Cause {
  explanation: Explanation;
  /** The session by which the other finding is looked at; undefined for any. */
  session: string | undefined;
}

/**
 * One cause makes one finding. A finding is folded into another one, by the explanations of the catalogue, where each
 * session that it was seen with is explained. It is always folded into a finding that is itself reported.
 */
export class Folding {
  private readonly sessions = new Map<FindingName, Set<string>>();
  private readonly statuses = new Map<FindingName, Set<number | undefined>>();

  constructor(
    seen: Iterable<SeenFinding>,
    private readonly explanations: readonly Explanation[] = EXPLANATIONS,
  ) {
    for (const { finding, sessions, status } of seen) {
      const name = findingName(finding);
      const known = this.sessions.get(name) ?? new Set();
      for (const session of atLeastOne(sessions)) known.add(session);
      this.sessions.set(name, known);
      this.statuses.set(name, new Set(this.statuses.get(name)).add(status));
    }
  }

  isFolded({ finding, sessions }: SeenFinding): boolean {
    const name = findingName(finding);
    return [...atLeastOne(sessions)].every((session) => this.cause(name, session) !== undefined);
  }

  /** The reported finding behind a finding: itself unless it is folded. Undefined where it was not seen. */
  reportedFor({ requirement, code }: BlockedBy): FindingName | undefined {
    const name = [...this.sessions.keys()].find((one) =>
      code ? one === findingName({ requirement, code }) : one.startsWith(`${requirement}/`),
    );
    return name && this.root(name, undefined);
  }

  private root(name: FindingName, session: string | undefined): FindingName {
    const sessions = session === undefined ? [...(this.sessions.get(name) ?? [])] : [session];
    const causes = sessions.map((one) => this.cause(name, one));
    const [first] = causes;
    // The catalogue has no cycles, so this ends.
    if (!first || causes.includes(undefined)) return name;
    return this.root(first.explanation.explainedBy, first.session);
  }

  private cause(name: FindingName, session: string): Cause | undefined {
    for (const explanation of this.explanations) {
      if (explanation.finding !== name) continue;
      if (explanation.status === 'same' && !this.haveOneStatus(name, explanation.explainedBy)) continue;
      const others = this.sessions.get(explanation.explainedBy);
      if (others?.has(session) && session !== NO_SESSION) return { explanation, session };
      if (others && explanation.sessions === 'any') return { explanation, session: undefined };
    }
    return undefined;
  }

  private haveOneStatus(name: FindingName, other: FindingName): boolean {
    const [status, ...more] = new Set([
      ...(this.statuses.get(name) ?? []),
      ...(this.statuses.get(other) ?? []),
    ]);
    return status !== undefined && more.length === 0;
  }
}

function atLeastOne(sessions: ReadonlySet<string>): ReadonlySet<string> {
  return sessions.size > 0 ? sessions : new Set([NO_SESSION]);
}
