import type { Contract } from '../../contract/contract';
import { NEED_THE_WHOLE_BODY } from '../../catalogue/every-response';
import { isObject, parseJson } from '../../contract/json';
import { checkedResponseOf, type CheckedResponse } from '../../judging/checked-response';
import { runCheck, type Check, type CheckResult } from '../../judging/checks';
import type { FindingsCollector } from '../../judging/collector';
import { classed, type Judgement } from '../../judging/deviation';
import type { Exchange } from '../../judging/exchange';
import type { NotJudged } from '../../judging/not-judged';
import { answerRequirement, judgeAnswer, type Facts } from '../../judging/rules';
import type { Recorded, Unknown } from './recorded';

const NO_BODY: NotJudged = { cause: 'setting', reason: 'the recording does not contain the body' };

/** Judges recorded exchanges under a contract, as they were judged when they were recorded. */
export function rejudge(recorded: Recorded, contract: Contract, collector: FindingsCollector): void {
  const sent = new Map<string, { deviceName?: string; callbackUrl?: string } | undefined>();
  for (const exchange of recorded.exchanges) {
    const { n, session, operation, answer } = exchange;
    const unknown = recorded.unknown.get(n) ?? {};
    const repeated = operation === 'create' && session !== undefined && sent.has(session);
    if (operation === 'create' && session !== undefined && !repeated)
      sent.set(session, unknown.request ? undefined : sentIn(exchange));
    if (exchange.isJudged && answer) {
      const known = sent.get(session ?? '');
      const facts: Facts = {
        judgedAs: exchange.judgedAs,
        repeated,
        ...(answer.json && { body: alike(answer.json.value, recorded.likenesses) }),
        ...(known && { sent: known }),
      };
      for (const judgement of judgeAnswer(exchange, answer, contract, facts))
        if (isKnown(judgement, exchange, unknown, contract)) collector.judged(judgement, exchange);
      if (unknown.body && operation !== 'other')
        for (const id of BODY_REQUIREMENTS[operation]) collector.missed(id, NO_BODY);
    }
    for (const judgement of exchange.judgements)
      judgeByCheck(judgement, exchange, unknown, contract, collector);
  }
}

const BODY_REQUIREMENTS = {
  create: ['CREATE-2'],
  poll: ['POLL-2'],
  deny: ['DENY-3', 'REJECT-5'],
} as const;

/** Whether a judgement rests on nothing that the recording does not tell. */
function isKnown(
  { requirement, deviation }: Judgement,
  exchange: Exchange,
  unknown: Unknown,
  contract: Contract,
): boolean {
  if (unknown.message && requirement === 'WIRE-3') return false;
  if (unknown.state && exchange.operation === 'deny' && requirement === answerRequirement(exchange))
    return false;
  // A create that is rejected may have been invalid.
  if (unknown.message && requirement === 'CREATE-1' && exchange.answer?.status !== 201)
    return !unknown.request && contract.isValidRequest('create', bodyOf(exchange));
  if (!unknown.body) return true;
  const isOfBody =
    requirement === 'WIRE-2' || deviation?.code === 'undocumented-body' || deviation?.code === 'schema';
  const isAbsence = NEED_THE_WHOLE_BODY.includes(requirement) && !deviation;
  return !isOfBody && !isAbsence;
}

function judgeByCheck(
  judgement: Exchange['judgements'][number],
  exchange: Exchange,
  unknown: Unknown,
  contract: Contract,
  collector: FindingsCollector,
): void {
  const { check, requirement } = judgement;
  if (!check) return collector.reported(judgement, exchange);
  const response = checkedResponseOf(exchange, contract);
  const { deviation, notJudged } = unknown.body ? runWithoutBody(check, response) : runCheck(check, response);
  collector.reported(
    { ...judgement, notJudged, deviation: deviation && classed(requirement, deviation) },
    exchange,
  );
}

class NoBody extends Error {}

/** A check that reads the body can't judge a response without one. */
function runWithoutBody(check: Check, response: CheckedResponse): CheckResult {
  const get = (): never => {
    throw new NoBody();
  };
  try {
    return runCheck(check, Object.defineProperties({ ...response }, { text: { get }, json: { get } }));
  } catch (error) {
    if (error instanceof NoBody) return { notJudged: NO_BODY };
    throw error;
  }
}

function bodyOf({ requestBody }: Exchange): unknown {
  if (requestBody === undefined) return undefined;
  const parsed = parseJson(requestBody);
  return 'value' in parsed ? parsed.value : null;
}

function sentIn(exchange: Exchange): { deviceName?: string; callbackUrl?: string } {
  const body = bodyOf(exchange);
  return isObject(body) ? body : {};
}

/** A body with texts of the right shape in place of labels; inside of a longer text, which is a URL, encoded for it. */
function alike(value: unknown, likenesses: Record<string, string>): unknown {
  if (typeof value === 'string') {
    const whole = Object.hasOwn(likenesses, value) ? likenesses[value] : undefined;
    if (whole !== undefined) return whole;
    return value.replace(/\$\{?([A-Z_]+_\d+)\}?/g, (label, name: string) =>
      encodeURIComponent(likenesses[`$${name}`] ?? label),
    );
  }
  if (Array.isArray(value)) return value.map((one) => alike(one, likenesses));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, alike(one, likenesses)]));
}
