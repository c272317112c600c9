import { error, page } from '../replies';
import { afterTurns } from '../turns';
import type { Hook, Reply, StandInCall, Variant } from '../variant';
import { benign, countIn } from './hooks';

/** The moment in which a rate limiter counts requests, in turns of the event loop; a race arrives within it. */
const MOMENT_TURNS = 20;
/** How long a rate limiter lets nothing else pass; retries at the spacing that they begin with come too early. */
const WHILE_TURNS = 30;

type Counts = Record<string, unknown>;

/** Turns away what goes beyond the first requests of a moment. */
function beyond(first: number, countedIn: (call: StandInCall) => Counts, refusal: () => Reply): Hook {
  return (call, next) => {
    const counts = countedIn(call);
    if (Number(counts.inMoment ?? 0) >= first) return refusal();
    counts.inMoment = Number(counts.inMoment ?? 0) + 1;
    afterTurns(MOMENT_TURNS, () => (counts.inMoment = Number(counts.inMoment) - 1));
    return next(call);
  };
}

/** Lets one request pass in so many turns, and no other one meanwhile. */
function oneIn(turns: number, refusal: () => Reply): Hook {
  return (call, next) => {
    const { notes } = call.model;
    if (notes.isTaken) return refusal();
    notes.isTaken = true;
    afterTurns(turns, () => (notes.isTaken = false));
    return next(call);
  };
}

/** Lets so many requests pass in each window of so many turns. */
function perWindow(requests: number, turns: number, refusal: () => Reply): Hook {
  return (call, next) => {
    const { notes } = call.model;
    notes.inWindow ??= (afterTurns(turns, () => delete notes.inWindow), 0);
    if (Number(notes.inWindow) >= requests) return refusal();
    notes.inWindow = Number(notes.inWindow) + 1;
    return next(call);
  };
}

/** Turns away all requests while more connections are open than that, idle or not. */
function whileConnected(connections: number, refusal: () => Reply): Hook {
  return (call, next) => {
    const { socket, model, reuses } = call;
    const open = (model.notes.open ??= new Set()) as Set<unknown>;
    open.add(socket);
    if (reuses === 0) socket.once('close', () => open.delete(socket));
    return open.size > connections ? refusal() : next(call);
  };
}

/** Turns away the first races of a run as a whole: all denials of a session that come within one moment. */
function wholeRaces(races: number, refusal: () => Reply): Hook {
  return (call, next) => {
    const { session, model } = call;
    if (!session) return next(call);
    const { notes } = session;
    const waiting = Number(notes.waiting ?? 0);
    if (waiting === 1) notes.isRefused = countIn(model.notes, 'races') <= races;
    notes.waiting = waiting + 1;
    return later(MOMENT_TURNS, () => {
      notes.waiting = Number(notes.waiting) - 1;
      const isRefused = notes.isRefused === true;
      if (notes.waiting === 0) notes.isRefused = false;
      return isRefused ? refusal() : next(call);
    });
  };
}

/** Does what is asked for, and answers, when that many turns have passed. */
function later(turns: number, act: () => Reply): Reply {
  const reply: Reply = { status: 0, headers: {}, body: '', delayTurns: turns + 5 };
  afterTurns(turns, () => Object.assign(reply, act()));
  return reply;
}

const ofClient = ({ model }: StandInCall): Counts => model.notes;
const ofPath = ({ model, path }: StandInCall): Counts => (model.notes[path] ??= {}) as Counts;

/** As nginx's limit_req answers unless told otherwise: 503, a page, no Retry-After. */
const limitReq = (): Reply => page(503, '503 Service Temporarily Unavailable');

function tooMany(headers: Record<string, string> = {}): Reply {
  const refusal = error(429, 'Too many requests');
  return { ...refusal, headers: { ...refusal.headers, ...headers } };
}

/** Correct APIs behind rate limiters, and behind a balancer. */
export const BUSY: Variant[] = [
  {
    ...benign('limit-503-by-path', 'a second request of the same path in the same moment is answered 503'),
    poll: beyond(1, ofPath, limitReq),
    deny: beyond(1, ofPath, limitReq),
  },
  {
    ...benign('limit-503-by-client', 'a fourth request of a client in the same moment is answered 503'),
    every: beyond(3, ofClient, limitReq),
  },
  {
    ...benign('limit-429-by-client', 'a third request of a client in the same moment is answered 429'),
    every: beyond(2, ofClient, () => tooMany()),
  },
  {
    ...benign('limit-429-with-retry-after', 'a third denial in the same moment is answered 429'),
    deny: beyond(2, ofClient, () => tooMany({ 'retry-after': '0' })),
  },
  {
    ...benign('limit-429-without-burst', 'one request of a client passes in a while; others get 429'),
    every: oneIn(WHILE_TURNS, () => tooMany()),
  },
  {
    ...benign('limit-in-windows', 'ten requests of a client pass in each window; others are answered 429'),
    every: perWindow(10, 5 * WHILE_TURNS, () => tooMany()),
  },
  {
    ...benign('limit-429-by-connections', 'while more than four connections are open, all get 429'),
    every: whileConnected(4, () => tooMany()),
    settings: { requestTimeoutMs: 2000 },
  },
  {
    ...benign('races-always-503', 'all concurrent denials of a session are turned away as a whole, always'),
    deny: wholeRaces(Infinity, limitReq),
    settings: { requestTimeoutMs: 1000 },
  },
  {
    ...benign('races-503', 'the first three races of denials are turned away as a whole with 503 and a page'),
    deny: wholeRaces(3, limitReq),
  },
  {
    ...benign('race-429-retry-after', 'the first race of denials is turned away as a whole, for a second'),
    deny: wholeRaces(1, () => tooMany({ 'retry-after': '1' })),
  },
  {
    ...benign('two-processes', 'every second request goes to a process that is slower'),
    every: (call, next) => {
      const count = countIn(call.model.notes, 'requests');
      return count % 2 === 0 ? later(MOMENT_TURNS, () => next(call)) : next(call);
    },
  },
];
