import type { End, Plan } from './plan';
import { MAX_TIMES, SESSION_NAMES, type SessionName, type Step, type Walk } from './steps';

/*
 * What walks are about. Each has a budget of about 20 requests: a walk of two sessions repeats much, one of four little.
 */

const ENDS: End[] = ['deny', 'approve', 'expire'];

/**
 * A session that has ended is polled many times and then denied many times, or the other way round, with one of each
 * between. It is one session, since that takes all requests of a walk.
 */
export function repetition(plan: Plan): Walk {
  const { draw } = plan;
  const [one, other] = draw.oneOf([
    [plan.poll, plan.deny],
    [plan.deny, plan.poll],
  ] as const);
  return [
    plan.create('A'),
    ...plan.end('A', plan.inTurn(ENDS)),
    one('A', draw.between(8, 9)),
    other('A'),
    one('A'),
    other('A', 8),
    one('A'),
  ];
}

/** One session is polled many times before it ends, another one is looked at in other ways before it is denied. */
export function looks(plan: Plan): Walk {
  return [
    plan.create('A'),
    plan.create('B'),
    plan.poll('A', plan.inTurn([MAX_TIMES, 7, 6])),
    ...plan.end('A', plan.inTurn(ENDS)),
    ...lookedAt(plan, 'B', plan.inTurn(['OPTIONS', 'poll unknown', 'deny unknown'])),
  ];
}

/** One session has ended, another one has not, and neither must be changed by a look at it. */
export function safeMethods(plan: Plan): Walk {
  const { draw } = plan;
  return [
    plan.create('A'),
    plan.create('B'),
    ...plan.end('A', plan.inTurn(ENDS)),
    ...lookedAt(plan, 'B', plan.inTurn(['HEAD', 'deny unknown', 'HEAD', 'poll unknown'])),
    plan.safe('HEAD', 'A', draw.between(3, 4)),
    plan.poll('A'),
    plan.safe('OPTIONS', 'A', draw.between(3, 4)),
    plan.deny('A'),
  ];
}

type Look = 'HEAD' | 'OPTIONS' | 'poll unknown' | 'deny unknown';

/** A pending session is polled after many looks, and denied right after some more. */
function lookedAt(plan: Plan, session: SessionName, what: Look): Walk {
  const { draw } = plan;
  const look = (times: number): Step =>
    what === 'HEAD' || what === 'OPTIONS'
      ? plan.safe(what, session, times)
      : plan.unknown(what === 'poll unknown' ? 'poll' : 'deny', times);
  return [look(draw.between(4, 5)), plan.poll(session), look(draw.between(1, 2)), plan.deny(session)];
}

/** So many of the default number of walks are about order. */
const ORDERS_IN_A_RUN = 6;

/**
 * Four sessions end in different ways or in the same one, the older or the newer one first, with something between; then
 * three of them are denied, in another order.
 */
export function order(plan: Plan): Walk {
  const { draw, turn } = plan;
  const aside = (): Walk => (draw.oneIn(2) ? [plan.aside(draw.oneOf(SESSION_NAMES))] : []);
  const look = (session: SessionName): Walk =>
    draw.oneIn(2) ? [] : [plan.poll(draw.oneOf([session, ...SESSION_NAMES]))];
  const [one = 'A', other = 'B'] = draw.shuffled(SESSION_NAMES);
  return [
    ...SESSION_NAMES.map((session) => plan.create(session)),
    ...(turn % ORDERS_IN_A_RUN >= 4 ? [one, other, one, other].map((session) => plan.poll(session)) : []),
    ...endings(plan).flatMap(([session, how]) => [
      ...aside(),
      ...(how ? plan.end(session, how) : []),
      ...look(session),
    ]),
    ...draw
      .shuffled(SESSION_NAMES)
      .map((session) => plan.deny(session))
      .slice(0, 3),
  ];
}

/** How the sessions end, and in which order; one may stay pending. */
function endings({ draw, turn }: Plan): [SessionName, End | undefined][] {
  const ways = [...ENDS, undefined];
  const round = turn % ORDERS_IN_A_RUN;
  if (round >= 4) {
    const [one, other] = draw.shuffled(ENDS);
    const same = [one, one, other, other];
    return draw.shuffled([0, 1, 2, 3] as const).map((i) => [SESSION_NAMES[i], same[i]]);
  }
  // Four walks have each pair of different ends, of an older and a newer session, in both orders.
  const ends = round < 2 ? ways : ways.reverse();
  const inOrder = ([1, 3, 0, 2] as const).map((i): [SessionName, End | undefined] => [
    SESSION_NAMES[i],
    ends[i],
  ]);
  return round % 2 === 0 ? inOrder : inOrder.reverse();
}

/**
 * Two sessions, with something between one operation and the next one, and all that is done to one of them between what is
 * done to the other one.
 */
export function mixture(plan: Plan): Walk {
  const { draw } = plan;
  const lives = (['A', 'B'] as const).map((session) => {
    const operation = draw.oneOf([plan.poll, plan.deny]);
    return [
      plan.aside(session),
      ...plan.end(session, draw.oneOf(ENDS)),
      plan.aside(session),
      operation(session),
      plan.aside(session),
      operation(session),
    ];
  });
  // What a connection has carried may matter: nothing else has been created over one.
  const created = plan.createOthers(1);
  return draw.oneIn(2) ? [created, ...merged(plan, lives)] : merged(plan, [...lives, [created]]);
}

/** Each list in its order, the steps of one between those of another. */
function merged({ draw }: Plan, lists: Walk[]): Walk {
  const left = lists.map((list) => [...list]);
  return draw.shuffled(left.flatMap((list) => list.map(() => list))).flatMap((list) => list.shift() ?? []);
}

/**
 * Many sessions end in the same way, and are all looked at again, beside one that stays pending. It needs more requests
 * than other walks.
 */
export function accumulation(plan: Plan): Walk {
  return [
    plan.create('A'),
    plan.createOthers(9, 'new'),
    plan.poll('A'),
    ...plan.endOthers(plan.inTurn(ENDS)),
    { do: 'poll others', connection: 'new' },
  ];
}
