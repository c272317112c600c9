import type { Exchange } from '../../judging/exchange';
import type { Finding } from '../../judging/finding';
import { answeredAt, sentAt } from './journal';
import { isChange } from './relevant';
import type { ProvidingStep, RequestStep, Step } from './steps';

/** Bash takes about so long to start another curl, on a machine that is busy. */
const START_MS = 50;

/** What one curl can send together with others. */
export type Link = RequestStep | ProvidingStep;

/**
 * Links that one curl sends, each on a connection of its own: the run sent them so soon after one another that separate
 * curls are slower, and some faults are over by then. What every such response shows does not depend on how soon it is sent,
 * so that its line stays one curl a request. A create stands alone, since the next request needs its id.
 */
export function chainsOf(steps: readonly Step[], finding: Finding, shown: Exchange): (Link[] | Step)[] {
  const mayBeOver = isChange(finding.code) || finding.seen < finding.of;
  const chains: (Link[] | Step)[] = [];
  for (const [i, step] of steps.entries()) {
    const before = chains.at(-1);
    const chain = Array.isArray(before) ? before : [];
    const next = steps.slice(i).find(({ kind }) => kind !== 'provider');
    const isLinked = mayBeOver && isRequest(next, shown) && isSoonAfter(chain.findLast(isRequests), next);
    if (isLinked && (isRequest(step, shown) || isProvided(step))) chain.push(step);
    else chains.push(isRequest(step, shown) ? [step] : step);
  }
  return chains;
}

/** A chain begins with a request. */
export function waitBefore([first]: readonly Link[]): number {
  return first?.kind === 'requests' ? first.waitMs : 0;
}

function isRequest(step: Step | undefined, shown: Exchange): step is RequestStep {
  if (step?.kind !== 'requests' || step.areConcurrent) return false;
  return step.exchanges.every((one) => one.operation !== 'create' || one === shown);
}

function isRequests(link: Link): link is RequestStep {
  return link.kind === 'requests';
}

/** At once, without polls until it is. */
function isProvided(step: Step): step is ProvidingStep {
  return step.kind === 'provider' && step.path === undefined;
}

function isSoonAfter(before: RequestStep | undefined, { exchanges, waitMs }: RequestStep): boolean {
  const [first] = exchanges;
  const last = before?.exchanges.at(-1);
  return waitMs === 0 && !!first && !!last && sentAt(first) - answeredAt(last) < START_MS;
}
