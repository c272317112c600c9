import type { Plan } from './plan';
import type { BatchPart, SessionName, Step, Walk } from './steps';

type Range = [min: number, max: number];

/** What happens to a pending session at once, and to the same one, or another, when it has ended. */
type Scene = (plan: Plan, session: SessionName, other: SessionName) => Walk;

const SCENES: Scene[] = [
  approvalRace,
  (plan, session) => [
    atOnce(plan, session, { denials: [2, 3], polls: [0, 0] }),
    atOnce(plan, session, { denials: [1, 2], polls: [1, 2] }),
  ],
  twoSessions,
  (plan, session) => [
    ...plan.end(session, 'approve'),
    atOnce(plan, session, { denials: [3, 3], polls: [0, 0] }),
    atOnce(plan, session, { denials: [1, 1], polls: [2, 3] }),
  ],
  approvalRace,
  (plan, session) => [
    atOnce(plan, session, { denials: [1, 2], polls: [2, 3] }),
    atOnce(plan, session, { denials: [1, 2], polls: [2, 3] }),
  ],
  twoSessions,
  (plan, session) => [
    ...plan.end(session, 'expire'),
    atOnce(plan, session, { denials: [3, 3], polls: [0, 0] }),
    atOnce(plan, session, { denials: [1, 2], polls: [1, 2] }),
  ],
  (plan, session) => [
    atOnce(plan, session, { denials: [0, 0], polls: [4, 4] }),
    ...plan.end(session, 'approve'),
    atOnce(plan, session, { denials: [0, 0], polls: [5, 5] }),
  ],
];

/** Two scenes, each with a session of its own or two. */
export function concurrency(plan: Plan): Walk {
  const [first, second] = [0, 1].map((i) => plan.inTurn(SCENES, 2 * plan.turn + i));
  return [...(first?.(plan, 'A', 'B') ?? []), ...(second?.(plan, 'C', 'D') ?? [])];
}

/** A denial races an approval, beside polls. */
function approvalRace(plan: Plan, session: SessionName): Walk {
  const polls = parts(plan, 'poll', session, [2, 3]);
  const denials = parts(plan, 'deny', session, [1, 2]);
  return [
    { do: 'at once', parts: [...inAnyOrder(plan, polls, denials), ...plan.approval(session)] },
    plan.deny(session),
  ];
}

function twoSessions(plan: Plan, session: SessionName, other: SessionName): Walk {
  const denials = parts(plan, 'deny', session, [2, 3]);
  const others = [...parts(plan, 'deny', other, [1, 2]), ...parts(plan, 'poll', other, [0, 1])];
  const approval = plan.draw.oneIn(3) ? plan.approval(other) : [];
  const polls = [session, other].flatMap((one) => parts(plan, 'poll', one, [1, 1]));
  return [
    { do: 'at once', parts: [...inAnyOrder(plan, denials, others), ...approval] },
    { do: 'at once', parts: inAnyOrder(plan, polls, parts(plan, 'deny', session, [1, 1])) },
  ];
}

function atOnce(
  plan: Plan,
  session: SessionName,
  { denials, polls }: { denials: Range; polls: Range },
): Step {
  const all = inAnyOrder(plan, parts(plan, 'poll', session, polls), parts(plan, 'deny', session, denials));
  return { do: 'at once', parts: all };
}

/** Those of the first kind are mostly sent before those of the other, and sometimes all in any order. */
function inAnyOrder({ draw }: Plan, ...kinds: BatchPart[][]): BatchPart[] {
  return draw.oneIn(3) ? draw.shuffled(kinds.flat()) : kinds.flat();
}

function parts(
  { draw }: Plan,
  action: BatchPart['action'],
  session: SessionName,
  [min, max]: Range,
): BatchPart[] {
  return Array.from({ length: draw.between(min, max) }, () => ({ action, session }));
}
