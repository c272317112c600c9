import type { Finding } from '../../judging/finding';
import type { Exchange } from '../../judging/exchange';
import { derivationName } from '../../catalogue/derived-ids';
import type { Journal } from './journal';
import { isChange, sessionsIn } from './relevant';
import type { Step } from './steps';

/** A race is not won each time. */
const RACE_ROUNDS = 10;
/** Where a scenario shows the finding now and then, it is gone through so often that this many would be expected. */
const EXPECTED_TIMES = 3;
/** No line sends more, or waits longer, but for its first round. */
const MAX_REQUESTS = 120;
const MAX_WAIT_MS = 20_000;

/** How often a scenario is gone through: once, unless it did not show the finding each time. */
export function roundsOf(
  finding: Finding,
  shown: Exchange,
  steps: readonly Step[],
  journal: Journal,
): number {
  if (steps.some(({ kind }) => kind === 'approval')) return 1;
  const requests = steps.flatMap((step) => (step.kind === 'requests' ? [step] : []));
  const share = shareOf(finding, shown, journal.exchanges);
  const isRace = requests.some((step) => step.areConcurrent);
  if (share === 1 && !isRace) return 1;
  const sent = requests.reduce((sum, { exchanges }) => sum + exchanges.length, 0);
  const waitMs = requests.reduce((sum, step) => sum + step.waitMs, 0);
  const wanted = isRace ? RACE_ROUNDS : EXPECTED_TIMES / share;
  return Math.max(1, Math.floor(Math.min(wanted, MAX_REQUESTS / sent, MAX_WAIT_MS / waitMs)));
}

/** Which share of the requests that could have shown the finding did. */
function shareOf({ seen, of, code }: Finding, shown: Exchange, exchanges: readonly Exchange[]): number {
  const formOf = (label: string): string | undefined =>
    exchanges.find(({ operation, session }) => operation === 'create' && session === label)?.form;
  const forms = (one: Exchange): string => [...sessionsIn(one)].map(formOf).join();
  const alike = exchanges.filter((one) => isAlike(one, shown) && forms(one) === forms(shown));
  const judged = alike.filter(({ isJudged, judgements }) => isJudged || judgements.length > 0);
  const share = seen / Math.max(seen, Math.min(of, judged.length));
  // Another session that is as it should be says nothing about this one.
  if (isChange(code)) return share;
  const showed = alike.filter(({ answer }) => answer?.status === shown.answer?.status);
  return Math.min(share, showed.length / alike.length);
}

/** A request that could have shown it as well. */
export function isAlike(one: Exchange, shown: Exchange): boolean {
  return (
    one.operation === shown.operation &&
    stateOf(one) === stateOf(shown) &&
    one.form === shown.form &&
    one.judgedAs === shown.judgedAs &&
    derivationName(one.path) === derivationName(shown.path)
  );
}

/** The preflight asks for an unknown session, too. */
function stateOf({ operation, state, session }: Exchange): string {
  return operation !== 'create' && state === 'none' && session === undefined ? 'unknown' : state;
}
