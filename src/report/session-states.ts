import type { StatedRequirement } from './statement';
import type { RequirementId } from '../catalogue/requirements';
import type { SessionState } from '../judging/states';

/** What a run has shown of a transition; `accepted`: broken, and that is a known deviation. */
export type Shown = 'kept' | 'broken' | 'accepted' | 'not judged';

type State = 'start' | 'pending' | 'denied' | 'completed' | 'expired' | 'unknown';

/** A step in the life of a session, or one that must not change anything. */
export interface Transition {
  from: State;
  to: State;
  label: string;
  /** Without a judgement of this one it is not judged. */
  judgedBy: RequirementId;
  /** Other requirements whose findings break it. */
  also: RequirementId[];
  /** Only findings with sessions of these states count, where a requirement is about several. */
  states?: SessionState[];
}

export const TRANSITIONS: Transition[] = [
  { from: 'start', to: 'pending', label: 'POST', judgedBy: 'CREATE-1', also: ['CREATE-3', 'CREATE-7'] },
  {
    from: 'pending',
    to: 'pending',
    label: 'polled, unchanged, another one denied',
    judgedBy: 'POLL-1',
    also: ['DENY-4', 'DENY-9', 'ID-2', 'ID-6', 'ID-7'],
  },
  {
    from: 'pending',
    to: 'denied',
    label: 'DELETE answers 200',
    judgedBy: 'DENY-1',
    also: ['DENY-2', 'DENY-6', 'DENY-7', 'DENY-8'],
  },
  { from: 'pending', to: 'completed', label: 'a person approves it', judgedBy: 'POLL-5', also: [] },
  { from: 'pending', to: 'expired', label: 'its time is over', judgedBy: 'POLL-8', also: ['POLL-6'] },
  {
    from: 'denied',
    to: 'denied',
    label: 'DELETE is rejected, it stays denied',
    judgedBy: 'REJECT-2',
    also: ['DENY-5', 'REJECT-8'],
    states: ['denied', 'racing'],
  },
  {
    from: 'completed',
    to: 'completed',
    label: 'DELETE is rejected, the key stays',
    judgedBy: 'REJECT-3',
    also: ['REJECT-7'],
  },
  {
    from: 'expired',
    to: 'expired',
    label: 'DELETE is rejected',
    judgedBy: 'REJECT-4',
    also: ['REJECT-8'],
    states: ['expired'],
  },
  {
    from: 'unknown',
    to: 'unknown',
    label: 'DELETE is rejected, of a near miss too',
    judgedBy: 'REJECT-1',
    also: ['POLL-3', 'REJECT-6', 'ID-1', 'ID-3'],
  },
];

/** How what was shown looks: colours of the box, and a mark for readers who see no colours. */
export const LOOKS: Record<Shown, { mark: string; fill: string; stroke: string }> = {
  kept: { mark: '✔', fill: '#dafbe1', stroke: '#1a7f37' },
  broken: { mark: '✘', fill: '#ffc1ba', stroke: '#cf222e' },
  accepted: { mark: '✘', fill: '#fff8c5', stroke: '#9a6700' },
  'not judged': { mark: '?', fill: '#eaeef2', stroke: '#6e7781' },
};

export interface ShownTransition extends Transition {
  shown: Shown;
  /** The requirements that show it. */
  by: RequirementId[];
}

/** What a run has shown of each transition. */
export function shownTransitions(requirements: StatedRequirement[]): ShownTransition[] {
  return TRANSITIONS.map((transition) => {
    const concerned = requirements.filter(
      ({ id }) => id === transition.judgedBy || transition.also.includes(id),
    );
    const breaking = (outcome: StatedRequirement['outcome']): RequirementId[] =>
      concerned.filter((one) => one.outcome === outcome && concerns(transition, one)).map(({ id }) => id);
    const failing = breaking('fail');
    if (failing.length > 0) return { ...transition, shown: 'broken', by: failing };
    const known = breaking('known');
    if (known.length > 0) return { ...transition, shown: 'accepted', by: known };
    const judged = concerned.filter(({ outcome }) => outcome !== 'not-judged').map(({ id }) => id);
    return judged.includes(transition.judgedBy)
      ? { ...transition, shown: 'kept', by: judged }
      : { ...transition, shown: 'not judged', by: [transition.judgedBy] };
  });
}

function concerns({ judgedBy, states }: Transition, { id, findings }: StatedRequirement): boolean {
  // What a requirement label of one state only is about that one.
  if (!states || id === judgedBy) return true;
  return findings.some((finding) => finding.states.some((state) => states.includes(state)));
}

/** The life of a session as a Mermaid state diagram; each transition is a box, since only boxes can have a colour there. */
export function stateDiagram(requirements: StatedRequirement[]): string {
  const transitions = shownTransitions(requirements);
  const name = (state: State): string => (state === 'start' ? '[*]' : state);
  const className = (shown: Shown): string => shown.replace(' ', '_');
  return [
    'stateDiagram-v2',
    '  direction LR',
    ...transitions.map(
      ({ label, shown, by }, i) =>
        `  state "${LOOKS[shown].mark} ${label}<br/>${shown} (${idsText(by)})" as t${i + 1}`,
    ),
    ...transitions.flatMap(({ from, to }, i) => [
      `  ${name(from)} --> t${i + 1}`,
      `  t${i + 1} --> ${name(to)}`,
    ]),
    ...Object.entries(LOOKS).map(
      ([shown, { fill, stroke }]) =>
        `  classDef ${className(shown as Shown)} fill:${fill},stroke:${stroke},color:#1f2328`,
    ),
    ...transitions.map(({ shown }, i) => `  class t${i + 1} ${className(shown)}`),
  ].join('\n');
}

/** Ids in short: "DENY-1, 2, REJECT-8". */
export function idsText(ids: readonly string[]): string {
  return ids
    .map((id, i) => {
      const prefix = id.slice(0, id.indexOf('-'));
      return ids[i - 1]?.startsWith(`${prefix}-`) ? id.slice(prefix.length + 1) : id;
    })
    .join(', ');
}
