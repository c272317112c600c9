import { derivationName } from '../../catalogue/derived-ids';
import type { Exchange } from '../../judging/exchange';
import type { Finding } from '../../judging/finding';
import type { Journal } from './journal';
import { isChange, sessionsIn } from './relevant';
import type { Step } from './steps';

/** A race shows its fault in some rounds only. */
const RACE_ROUNDS = 10;
/** An intermittent finding is expected so often in the rounds of its scenario. */
const EXPECTED_TIMES = 3;
/** Where the run doesn't tell whether the finding is intermittent. */
const MAX_UNCERTAIN_ROUNDS = 9;
const FEW_ROUNDS = 5;
/** No line sends more, or waits longer, but for its first round. */
const MAX_REQUESTS = 120;
const MAX_WAIT_MS = 20_000;

/** How often the scenario is repeated: once, unless the finding is, or may be, intermittent. */
export function roundsOf(
  finding: Finding,
  shown: Exchange,
  steps: readonly Step[],
  journal: Journal,
): number {
  if (steps.some(({ kind }) => kind === 'approval')) return 1;
  const requests = steps.flatMap((step) => (step.kind === 'requests' ? [step] : []));
  const isRace = requests.some((step) => step.areConcurrent);
  const needed = isRace ? RACE_ROUNDS : neededRounds(finding, shown, journal.exchanges);
  const sent = requests.reduce((sum, { exchanges }) => sum + exchanges.length, 0);
  const waitMs = requests.reduce((sum, step) => sum + step.waitMs, 0);
  return Math.max(1, Math.floor(Math.min(needed, MAX_REQUESTS / sent, MAX_WAIT_MS / waitMs)));
}

function neededRounds(finding: Finding, shown: Exchange, exchanges: readonly Exchange[]): number {
  const { seen, of, showedIn, judgedIn } = finding;
  const forms = formsIn(exchanges);
  const alike = exchanges.filter((one) => isAlike(one, shown) && forms(one) === forms(shown));
  const judged = alike.filter(({ n }) => judgedIn?.has(n) ?? false).length;
  const showed = alike.filter(({ n }) => showedIn?.has(n) ?? false).length;
  if (judged > 1) return showed === judged ? 1 : (EXPECTED_TIMES * judged) / showed;
  // The preflight is not judged; what it was answered tells all the same.
  if (!isChange(finding.code) && alike.some(({ answer }) => answer?.status !== shown.answer?.status))
    return (EXPECTED_TIMES * alike.length) / Math.max(showed, 1);
  // The only create of its form may be answered so because of the form, or because it is the third one.
  if (isCreate(shown) && exchanges.some((one) => isCreate(one) && one.form !== shown.form)) return FEW_ROUNDS;
  return seen === of ? 1 : Math.min((EXPECTED_TIMES * of) / seen, MAX_UNCERTAIN_ROUNDS);
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

function isCreate({ operation }: Exchange): boolean {
  return operation === 'create';
}

/** The forms that the sessions of a request were created with. */
function formsIn(exchanges: readonly Exchange[]): (one: Exchange) => string {
  const forms = new Map(exchanges.filter(isCreate).map(({ session, form }) => [session, form]));
  return (one) => (isCreate(one) ? '' : [...sessionsIn(one)].map((label) => forms.get(label)).join());
}
