import type { Finding } from '../../judging/collector';
import { judgementOf, type Exchange } from '../../judging/exchange';
import { chainsOf, waitBefore, type Link } from './chains';
import type { Journal } from './journal';
import { pollAfterRace, relevantExchanges, sourcesOf } from './relevant';
import { isAlike, roundsOf } from './rounds';
import { Shell } from './shell';
import { isForApproval, stepsOf, type Step } from './steps';
import { setUnknownId, setVariables } from './variables';

/** As many ids as it takes to say that they can be computed. */
const IDS = 14;
const APPROVE = "read -rp 'Approve the session at its verificationUrl, then press Enter: '";

/**
 * One line of bash that shows a finding, with curl and jq: what led to it is done again, in the same order, and what shows
 * it is printed last. It sets all variables that it uses, and asks for those that only the user knows.
 */
export function reproducingLine(finding: Finding, shown: Exchange, journal: Journal): string {
  const { code } = finding;
  if (code === 'id-computable' || code === 'id-repeated') return idsLine(shown, finding, journal);
  const exchanges = relevantExchanges(finding, shown, journal);
  // How many of several concurrent requests are accepted is decided in the race; more rounds show more than older sessions.
  const doesAgeMatter = shown.batch === undefined || (code !== 'accepted-twice' && code !== 'accepted');
  const steps = stepsOf(exchanges, shown, journal, { doesAgeMatter });
  const rounds = roundsOf(finding, shown, steps, journal);
  const shell = new Shell(journal, code, rounds > 1);
  const sources = new Set<Exchange | undefined>([
    ...sourcesOf(finding, shown, exchanges),
    ...comparedWith(finding, shown, exchanges),
    pollAfterRace(shown, exchanges),
  ]);
  const isShown = (one: Exchange): boolean =>
    one === shown || sources.has(one) || (rounds > 1 && isAlike(one, shown));
  const commandsOf = (step: Link[] | Step): string[] => {
    if (Array.isArray(step)) return [...shell.wait(waitBefore(step)), shell.send(step, shown, isShown)];
    if (step.kind === 'approval') return [APPROVE];
    if (step.kind === 'provider') return shell.provide(step.step, step.path);
    const wait = shell.wait(step.waitMs);
    const [created] = step.exchanges;
    if (!created || step.areConcurrent) return [...wait, shell.race(step)];
    const isPrinted = isShown(created) || isForApproval(created, exchanges, journal);
    return [...wait, ...shell.create(created, isPrinted), ...setUnknownId(created, exchanges, journal)];
  };
  const scenario = chainsOf(steps, finding, shown).flatMap(commandsOf).join('; ');
  return [
    ...setVariables(exchanges, steps, journal),
    rounds > 1 ? `for round in {1..${rounds}}; do ${scenario}; done` : scenario,
  ].join('; ');
}

/** What a check compares with, an earlier response of the same kind may have shown. */
function comparedWith(finding: Finding, shown: Exchange, exchanges: readonly Exchange[]): Exchange[] {
  const compares = judgementOf(shown, finding)?.check?.expectedValue !== undefined;
  // A race shows all of its responses.
  if (!compares || shown.batch !== undefined || shown.session === undefined) return [];
  return exchanges.filter(
    ({ operation, session }) => operation === shown.operation && session === shown.session,
  );
}

/** Creates sessions, with the time before each and after the last: their ids show how they are made. */
function idsLine(shown: Exchange, { code }: Finding, journal: Journal): string {
  const create = `${new Shell(journal, code, false).curl(shown)} | jq -r .sessionId`;
  return [
    ...setVariables([shown], [], journal),
    `for nth in {1..${IDS}}; do jq -n now; ${create}; done; jq -n now`,
  ].join('; ');
}
