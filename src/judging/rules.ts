import type { Contract } from '../contract/contract';
import type { Answer } from './answer';
import type { Judgement } from './deviation';
import type { Exchange } from './exchange';
import { judgeBody, judgeUndocumentedBody } from './rules/body';
import type { Facts } from './rules/facts';
import { judgeSecrets } from './rules/secrets';
import { judgeStackTraces } from './rules/stack-traces';
import { hasDerivedId, judgeStatus } from './rules/status';

export type { Facts } from './rules/facts';
export { answerRequirement, judgeFailure } from './rules/status';

/**
 * Judges a complete response on its own: everything that the document, the standards and the harms say about a single
 * response, whichever test sent the request. Tests judge what follows from several responses.
 */
export function judgeAnswer(
  exchange: Exchange,
  answer: Answer,
  contract: Contract,
  facts: Facts,
): Judgement[] {
  const { operation } = exchange;
  const leaks = [...judgeSecrets(exchange, answer), ...judgeStackTraces(answer)];
  // The document says nothing about other responses, but what must not be shown is not shown there either.
  if (operation === 'other') return leaks;
  const statuses = judgeStatus({ ...exchange, operation }, answer, contract, facts.judgedAs);
  const judgements: Judgement[] = [
    { requirement: 'WIRE-3' },
    // Any complete response keeps ID-4; judgeFailure reports that there was none.
    ...(operation === 'deny' && exchange.state === 'malformed' ? [{ requirement: 'ID-4' as const }] : []),
    ...leaks,
    ...statuses,
  ];
  const codes = statuses.map(({ deviation }) => deviation?.code);
  // One cause makes one finding: a response with the wrong status is not checked further.
  if (codes.includes('status') || codes.includes('accepted')) return judgements;
  // A proxy or a framework may answer for the API, in its own way: a page, plain text, nothing.
  const mayBeOthers = exchange.state === 'malformed' || (operation === 'poll' && hasDerivedId(exchange));
  if (mayBeOthers && answer.status !== 200) return judgements;
  const documented = contract.response(operation, answer.status);
  if (documented) return [...judgements, ...judgeBody(exchange, answer, documented, facts)];
  const rejection = statuses.find(({ deviation }) => deviation?.class === 'drift');
  return rejection
    ? [...judgements, judgeUndocumentedBody(rejection.requirement, answer, contract)]
    : judgements;
}
