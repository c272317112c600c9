import type { Contract } from '../../contract/contract';
import type { Code } from '../../catalogue/codes';
import type { OperationName } from '../../catalogue/operations';
import type { RequirementId } from '../../catalogue/requirements';
import { derivationIn } from '../../catalogue/derived-ids';
import type { Answer, FailureKind } from '../answer';
import { classed, type FindingClass, type Judgement } from '../deviation';
import type { Exchange } from '../exchange';
import type { SessionState } from '../states';

/** The requirement that says how a request is answered when the session is in this state. */
const DENIAL_REQUIREMENT: Record<SessionState, RequirementId> = {
  pending: 'DENY-1',
  racing: 'DENY-7',
  unknown: 'REJECT-1',
  denied: 'REJECT-2',
  completed: 'REJECT-3',
  expired: 'REJECT-4',
  'near-miss': 'ID-1',
  malformed: 'ID-4',
  none: 'ID-7',
};

export function answerRequirement(
  { operation, state }: Pick<Exchange, 'operation' | 'state'>,
  judgedAs?: RequirementId,
): RequirementId {
  if (judgedAs) return judgedAs;
  if (operation === 'create') return 'CREATE-1';
  if (operation === 'poll') return 'POLL-7';
  return DENIAL_REQUIREMENT[state];
}

/** The request names an id that was derived from the id of a session, and that no session has. */
export function hasDerivedId({ state }: Pick<Exchange, 'state'>): boolean {
  return state === 'near-miss' || state === 'malformed';
}

/** The requirement that such an id is rejected. */
function derivedIdRequirement({ state, path }: Exchange): RequirementId {
  if (derivationIn(path)?.contains) return 'ID-8';
  return state === 'malformed' ? 'ID-3' : 'ID-1';
}

/** Failures of the HTTP message itself; they are the same whatever was requested. */
const MESSAGE_CODES = ['malformed', 'truncated', 'too-large', 'encoding'] as const;

/** No complete response, while the API answers other requests: a finding of the requirement that promises one. */
export function judgeFailure(
  exchange: Pick<Exchange, 'operation' | 'state'>,
  { kind, message }: { kind: FailureKind; message: string },
  judgedAs?: RequirementId,
): Judgement {
  // A server may reject a malformed request line by closing the connection. Had it crashed, nothing would answer.
  if (exchange.state === 'malformed' && kind === 'reset') return { requirement: 'ID-4' };
  const messageCode = MESSAGE_CODES.find((code) => code === kind);
  const code = messageCode ?? (kind === 'timeout' ? kind : kind === 'bad-gateway' ? 'status' : 'no-answer');
  // After two timeouts no denial is sent any more, so the finding must not depend on which test sent the first ones.
  const asked = exchange.operation === 'deny' ? undefined : judgedAs;
  const requirement = messageCode ? 'WIRE-3' : answerRequirement(exchange, asked);
  const deviation = classed(requirement, { code, expected: 'a complete response', actual: message });
  return { requirement, deviation };
}

interface StatusRule {
  requirement: RequirementId;
  kept: boolean;
  code: Code;
  class?: FindingClass;
  expected: string;
}

/** Judges the status by the operation and the state that the session is in. */
export function judgeStatus(
  exchange: Exchange & { operation: OperationName },
  { status }: Answer,
  contract: Contract,
  judgedAs: RequirementId | undefined,
): Judgement[] {
  const { operation } = exchange;
  // Of a denial it is asked only where a rejection is expected.
  const statuses = contract.statuses(operation).filter((one) => operation !== 'deny' || !one.startsWith('2'));
  const requirement = answerRequirement(exchange, judgedAs);
  const isDocumented = contract.response(operation, status) !== undefined;
  const documented = mustBeDocumented(requirement, isDocumented, `status ${statuses.join(' or ')}`);
  const rules =
    operation === 'deny'
      ? denialRules(exchange, status, requirement, documented)
      : operation === 'poll'
        ? pollRules(exchange, status, requirement, documented)
        : [mustBe(201, status, requirement)];
  const derived = derivationIn(exchange.path);
  const actual = derived ? `status ${status} for ${derived.text}` : `status ${status}`;
  return rules.map(({ requirement, kept, ...deviation }) =>
    kept ? { requirement } : { requirement, deviation: classed(requirement, { ...deviation, actual }) },
  );
}

function mustBe(documented: number, status: number, requirement: RequirementId): StatusRule {
  const expected = `status ${documented}`;
  return { requirement, kept: status === documented, code: 'status', expected };
}

function mustBeDocumented(requirement: RequirementId, kept: boolean, expected: string): StatusRule {
  return { requirement, kept, code: 'undocumented-status', class: 'drift', expected };
}

function pollRules(
  exchange: Exchange,
  status: number,
  requirement: RequirementId,
  documented: StatusRule,
): StatusRule[] {
  // The test judges whether such an id finds a session; how the request is rejected doesn't matter.
  if (hasDerivedId(exchange)) return [];
  const violation = { requirement, code: 'status' } as const;
  if (status >= 500) return [{ ...violation, kept: false, expected: 'status 200 or 404' }];
  if (exchange.state === 'pending') return [{ ...violation, kept: documented.kept, expected: 'status 200' }];
  return [documented];
}

function denialRules(
  exchange: Exchange,
  status: number,
  requirement: RequirementId,
  documented: StatusRule,
): StatusRule[] {
  const { state, mayHaveExpired } = exchange;
  if (state === 'pending') {
    const denied = mustBe(200, status, requirement);
    return [{ ...denied, kept: denied.kept || mayHaveExpired }];
  }
  // Any of several concurrent denials may be the first; the test counts those that were accepted.
  if (state === 'racing') return [];
  const isAccepted = status >= 200 && status < 300;
  const rejected = { kept: !isAccepted, code: 'accepted', expected: 'a rejection' } as const;
  if (hasDerivedId(exchange)) return [{ requirement: derivedIdRequirement(exchange), ...rejected }];
  return isAccepted ? [{ requirement, ...rejected }] : [documented];
}
