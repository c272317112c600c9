import { valueAt } from '../../contract/json';
import type { Code } from '../../catalogue/codes';
import type { Finding } from '../../judging/finding';
import { seenState, shownKey, type Exchange } from '../../judging/exchange';
import { labelsIn } from '../../judging/labels';
import { derivationName } from '../../catalogue/derived-ids';
import { answeredAt, bySending, sentAt, type Journal } from './journal';

/*
 * Which requests of a run matter to a finding: those that made the sessions of the request that showed it what they were,
 * and, where a session is not what it should be, whatever else the same tests did that may have changed it.
 */

/** A session is not what it should be: the request that shows it is not the one that did it. */
const CHANGED = new Set<Code>([
  'still-pending',
  'yields-key',
  'not-pending',
  'touched',
  'state-changed',
  'key-changed',
  'created',
  'not-completed',
  'not-expired',
]);

export function isChange(code: Code): boolean {
  return CHANGED.has(code);
}

/** The exchanges to send again, the one that showed the finding included, in the order in which they were sent. */
export function relevantExchanges(finding: Finding, shown: Exchange, journal: Journal): Exchange[] {
  const { exchanges } = journal;
  const earlier = exchanges.filter((one) => isSentBefore(one, shown) && !isLook(one)).sort(bySending);
  if (shown.follows) return [...oneAfterTheOther(shown, earlier), shown];
  const chosen = new Set([shown, ...sourcesOf(finding, shown, earlier)]);
  addPast(chosen, earlier);
  for (const one of [...causesOf(finding, shown, earlier, journal), ...crowdOf(finding, shown, earlier)])
    chosen.add(one);
  addCompany(chosen, finding, exchanges);
  addPast(chosen, earlier);
  const afterRace = pollAfterRace(shown, exchanges);
  const relevant = [...chosen, ...(afterRace ? [afterRace] : [])].filter(({ follows }) => !follows);
  return withoutRepeatedPolls(relevant.sort(bySending), shown);
}

/** What a poll that followed a denial shows needs no race, but what a poll before the denial has left in a cache, perhaps. */
function oneAfterTheOther({ session = '' }: Exchange, earlier: readonly Exchange[]): Exchange[] {
  return earlier
    .filter((one) => isOwn(one, session))
    .filter((one, i, own) => one.operation !== 'poll' || own[i + 1]?.operation === 'deny')
    .map((one) => {
      const alone = { ...one };
      delete alone.batch;
      return alone;
    });
}

/** A session is not in the state that its own requests should have brought it to. */
const NOT_REACHED = new Set<Code>(['still-pending', 'not-completed', 'not-expired', 'yields-key']);

function causesOf(
  { code, seen, of }: Finding,
  shown: Exchange,
  earlier: readonly Exchange[],
  journal: Journal,
): Exchange[] {
  // What a race shows was done in the race.
  if (shown.batch !== undefined) return [];
  if (seen === of && NOT_REACHED.has(code)) return denialSinceProvided(shown, earlier, journal);
  if (shown.operation === 'create' && seen < of) return denialBefore(shown, earlier);
  return CHANGED.has(code) ? causesOfChange(shown, earlier) : causesOfAnswer(shown, earlier);
}

/**
 * The last denial of another session after the provider brought this one into its state: it may have undone that each time.
 * Where the session's own denial is to have brought it about, whatever was done to others it is so every time.
 */
function denialSinceProvided(
  shown: Exchange,
  earlier: readonly Exchange[],
  { providerSteps }: Journal,
): Exchange[] {
  const step = providerSteps.findLast(({ session }) => session === shown.session);
  const denial = earlier.findLast((one) => one.operation === 'deny' && one.state === 'pending');
  return step && denial && denial.n > step.after && denial.session !== shown.session ? [denial] : [];
}

/**
 * What was created between the session and the request that shows an intermittent finding: some servers end a session, or
 * take another one for it, when more are created, or pending. Until the session last showed something else, that has not
 * happened, and of those before that only what was still pending counts.
 */
function crowdOf({ seen, of }: Finding, shown: Exchange, earlier: readonly Exchange[]): Exchange[] {
  const isAboutSession = shown.operation === 'deny' || shown.operation === 'poll';
  if (seen === of || shown.batch !== undefined || !isAboutSession || shown.session === undefined) return [];
  const own = earlier.filter((one) => isOwn(one, shown.session ?? ''));
  const otherwise = own.findLast(
    (one) => one.operation === shown.operation && one.state === shown.state && !isSameResponse(one, shown),
  );
  const created = own.find(isCreate);
  const since = otherwise ?? created;
  if (!created || !since) return [];
  const wasDenied = ({ session }: Exchange): boolean =>
    earlier.some((one) => one.operation === 'deny' && one.session === session && isSentBefore(one, since));
  return earlier.filter(
    (one) => isCreate(one) && isSentBefore(created, one) && (isSentBefore(since, one) || !wasDenied(one)),
  );
}

function isCreate({ operation }: Exchange): boolean {
  return operation === 'create';
}

/** A look of the gateway's own, which no test asked for. */
export function isLook({ operation, state }: Exchange): boolean {
  return operation === 'poll' && state === 'none';
}

function isSentBefore(one: Exchange, other: Exchange): boolean {
  return one !== other && bySending(one, other) < 0;
}

/** Sent at once, so that they may have got in each other's way. */
export function areConcurrent(one: Exchange, other: Exchange): boolean {
  if (one.batch !== undefined || other.batch !== undefined) return one.batch === other.batch;
  const areDenials = [one, other].every(
    ({ operation, state }) => operation === 'deny' && MAY_RACE.has(state),
  );
  const overlap = sentAt(one) < answeredAt(other) && sentAt(other) < answeredAt(one);
  return areDenials && one.state === other.state && one.test === other.test && overlap;
}

const MAY_RACE = new Set(['pending', 'racing']);

/** The sessions, and ids of none, that a request names. */
export function sessionsIn({ session, path, requestBody }: Exchange): Set<string> {
  const labels = labelsIn(`${session ?? ''} ${path} ${requestBody ?? ''}`);
  return new Set(labels.filter((label) => /^\$(?:SESSION|UNKNOWN|GIVEN)_/.test(label)));
}

function namesAny(one: Exchange, labels: ReadonlySet<string>): boolean {
  return [...sessionsIn(one)].some((label) => labels.has(label));
}

/** One of the three operations, on the session itself. */
function isOwn({ operation, session, path, requestBody }: Exchange, label: string): boolean {
  const isOther = operation === 'other' || derivationName(path) !== undefined;
  return session === label && !isOther && !(operation === 'deny' && requestBody !== undefined);
}

/** The first exchanges that showed what the finding shows, or compares with. */
export function sourcesOf(finding: Finding, shown: Exchange, earlier: readonly Exchange[]): Exchange[] {
  if (finding.code === 'not-returned') return senderOf(finding, shown, earlier);
  if (finding.code !== 'secret-shown' && finding.code !== 'key-changed') return [];
  const labels = labelsIn(
    [JSON.stringify(shown.answer ?? ''), finding.expected, finding.actual].join(' '),
  ).filter((label) => /^\$(?:SESSION|API_KEY|VERIFICATION)_/.test(label));
  const sources = labels.map((label) =>
    earlier.find((one) => labelsIn(JSON.stringify(one.answer ?? '')).includes(label)),
  );
  return sources.filter((one): one is Exchange => one !== undefined && one !== shown);
}

/** The create of another session that sent the value. */
function senderOf({ pointer = '' }: Finding, shown: Exchange, earlier: readonly Exchange[]): Exchange[] {
  // The finding has a long value in short.
  const value = valueAt(shown.answer?.json?.value, pointer);
  if (typeof value !== 'string') return [];
  const sender = earlier.findLast(
    (one) =>
      isCreate(one) && one.session !== shown.session && one.requestBody?.includes(JSON.stringify(value)),
  );
  return sender ? [sender] : [];
}

/**
 * What may have changed the session: whatever the tests that dealt with it did since it was last seen otherwise; where that
 * is nothing, whatever they did at any time, since a change may take a while; where that is nothing either, what any test
 * did.
 */
function causesOfChange(shown: Exchange, earlier: readonly Exchange[]): Exchange[] {
  const [label = ''] = sessionsIn(shown);
  const own = earlier.filter((one) => isOwn(one, label));
  const about = earlier.filter((one) => sessionsIn(one).has(label) && one.operation !== 'create');
  const tests = new Set([shown, ...about].map(({ test }) => test));
  const all = suspectsAfter(own.at(-1), earlier);
  const near = all.filter(({ test }) => tests.has(test));
  const otherwise = own.findLast((one) => one.operation === 'poll' && !isSameLook(one, shown));
  const isSince = (one: Exchange): boolean => otherwise !== undefined && answeredAt(one) > sentAt(otherwise);
  const since = near.filter(isSince);
  // With nothing in between, the looks themselves may be what changed it.
  if (otherwise?.test === shown.test) return since;
  const isExplained = [...near, ...own].some(
    ({ operation }) => operation === 'deny' || operation === 'other',
  );
  if (isExplained) return near;
  const created = own.find(({ operation }) => operation === 'create');
  const isLater = (one: Exchange): boolean => created !== undefined && answeredAt(one) > sentAt(created);
  return [...near, ...all.filter((one) => one.operation !== 'create' && (isSince(one) || isLater(one)))];
}

/** Denials, other requests, and what was created since the last request about the session: it may have brought it back. */
function suspectsAfter(last: Exchange | undefined, earlier: readonly Exchange[]): Exchange[] {
  return earlier.filter(
    (one) =>
      one.operation === 'deny' ||
      one.operation === 'other' ||
      (one.operation === 'create' && last !== undefined && isSentBefore(last, one)),
  );
}

function isSameResponse(one: Exchange, other: Exchange): boolean {
  return isSameLook(one, other) && one.answer?.status === other.answer?.status;
}

function isSameLook(one: Exchange, other: Exchange): boolean {
  return (
    seenState('poll', one.answer) === seenState('poll', other.answer) && shownKey(one) === shownKey(other)
  );
}

/** The last denial of a session that was created in the same way: some servers refuse a device whose session was denied. */
function denialBefore({ form }: Exchange, earlier: readonly Exchange[]): Exchange[] {
  const alike = new Set(
    earlier.filter((one) => one.operation === 'create' && one.form === form).map(({ session }) => session),
  );
  const denial = earlier.findLast(
    ({ operation, state, session }) => operation === 'deny' && state === 'pending' && alike.has(session),
  );
  return denial ? [denial] : [];
}

/** What the same test did before with any session, but for requests with ids that name none. */
function causesOfAnswer(shown: Exchange, earlier: readonly Exchange[]): Exchange[] {
  if (shown.operation === 'create' || derivationName(shown.path) !== undefined) return [];
  // The clean-up looks back on all tests: whatever they did with the session.
  if (shown.state === 'none') return earlier.filter((one) => namesAny(one, sessionsIn(shown)));
  return earlier.filter(
    (one) =>
      one.test === shown.test &&
      one.operation === 'deny' &&
      derivationName(one.path) === undefined &&
      answeredAt(one) <= sentAt(shown),
  );
}

/** What was sent at the same time, and what the same connection carried before. */
function addCompany(chosen: Set<Exchange>, { requirement }: Finding, exchanges: readonly Exchange[]): void {
  // Responses of a race don't say whose session they are about, so it is one session's where others don't matter.
  const isCompany = (one: Exchange, other: Exchange): boolean =>
    areConcurrent(one, other) &&
    (one.batch === undefined || one.session === other.session || requirement === 'DENY-8');
  for (const one of [...chosen]) {
    for (const other of exchanges) if (other !== one && isCompany(one, other)) chosen.add(other);
    for (const other of carriedBefore(one, exchanges)) chosen.add(other);
  }
}

/** What a race has led to is seen when it is over. */
export function pollAfterRace(shown: Exchange, exchanges: readonly Exchange[]): Exchange | undefined {
  if (shown.batch === undefined) return undefined;
  return exchanges
    .filter(
      ({ operation, session, test, follows }) =>
        operation === 'poll' && session === shown.session && test === shown.test && !follows,
    )
    .sort(bySending)
    .find((one) => sentAt(one) >= answeredAt(shown) && !areConcurrent(one, shown));
}

/** Denials have a connection of their own, unless the test keeps one. */
export function carriedBefore(exchange: Exchange, exchanges: readonly Exchange[]): Exchange[] {
  if (exchange.operation !== 'deny' || !exchange.reused) return [];
  const denials = exchanges
    .filter((one) => one.operation === 'deny' && one.test === exchange.test && isSentBefore(one, exchange))
    .sort(bySending);
  const first = denials.findLastIndex(({ reused }) => !reused);
  return denials.slice(Math.max(first, 0));
}

/** How each session that is named came to be what it was then. */
function addPast(chosen: Set<Exchange>, earlier: readonly Exchange[]): void {
  // A set can grow while it is gone through.
  for (const one of chosen)
    for (const label of sessionsIn(one))
      for (const other of earlier) if (isOwn(other, label) && isSentBefore(other, one)) chosen.add(other);
}

/** Of polls that follow one another and show the same only the last one matters, unless polls are what it is about. */
function withoutRepeatedPolls(exchanges: Exchange[], shown: Exchange): Exchange[] {
  if (shown.operation === 'poll') return exchanges;
  return exchanges.filter((one, i) => {
    const next = exchanges.slice(i + 1).find((other) => other.session === one.session);
    if (one.batch !== undefined || (next && areConcurrent(one, next))) return true;
    return !(one.operation === 'poll' && next?.operation === 'poll' && isSameLook(one, next));
  });
}
