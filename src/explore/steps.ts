import type { DerivationName } from '../catalogue/derived-ids';
import type { FormName } from '../catalogue/forms';

/** The sessions of a walk. One that a step names first is created then, in the plain form. */
export const SESSION_NAMES = ['A', 'B', 'C', 'D'] as const;
export type SessionName = (typeof SESSION_NAMES)[number];

/** `kept`: the connection that carries all requests of the walk that say so. */
export type StepConnection = 'new' | 'kept';

export type SafeRequest = 'HEAD' | 'OPTIONS' | 'GET with overrides';
export type UndocumentedRequest = 'POST' | 'PUT' | 'PATCH';

/** What takes part in a concurrent batch. */
export interface BatchPart {
  action: 'deny' | 'poll' | 'approve';
  session: SessionName;
}

/** One step of a walk: data, so that a walk can be printed, repeated and shortened. */
export type Step =
  | { do: 'create'; session: SessionName; form: FormName }
  | { do: 'poll' | 'deny'; session: SessionName; times: number; connection: StepConnection }
  | { do: 'approve' | 'expire'; session: SessionName }
  | { do: 'poll derived' | 'deny derived'; session: SessionName; derivation: DerivationName }
  | { do: 'safe method'; session: SessionName; request: SafeRequest; times: number }
  | { do: 'other method'; session: SessionName; request: UndocumentedRequest }
  | { do: 'poll unknown' | 'deny unknown'; times: number }
  | { do: 'wait'; ms: number }
  /** Creates sessions and denies them, one after the other. */
  | { do: 'create and deny'; times: number; connection: StepConnection }
  /** Polls each of them. */
  | { do: 'poll denied' }
  | { do: 'at once'; parts: BatchPart[] };

export type Walk = Step[];

export const MAX_TIMES = 12;

/** A step in words. */
export function describeStep(step: Step): string {
  switch (step.do) {
    case 'create':
      return `create ${step.session}${step.form === 'plain' ? '' : ` (form ${step.form})`}`;
    case 'poll':
    case 'deny':
      return `${step.do} ${step.session}${times(step.times)}${on(step.connection)}`;
    case 'approve':
    case 'expire':
      return `${step.do} ${step.session}`;
    case 'poll derived':
    case 'deny derived':
      return `${step.do.split(' ')[0]} the id of ${step.session} changed to ${step.derivation}`;
    case 'safe method':
      return `send ${step.request} to ${step.session}${times(step.times)}`;
    case 'other method':
      return `send ${step.request} to ${step.session}`;
    case 'poll unknown':
    case 'deny unknown':
      return `${step.do.split(' ')[0]} an unknown session${times(step.times)}`;
    case 'wait':
      return `wait ${step.ms} ms`;
    case 'create and deny':
      return `create and deny a session${times(step.times)}${on(step.connection)}`;
    case 'poll denied':
      return 'poll the sessions that were created and denied, each once';
    case 'at once':
      return `at once: ${step.parts.map(({ action, session }) => `${action} ${session}`).join(', ')}`;
  }
}

function times(count: number): string {
  return count === 1 ? '' : ` ${count} times`;
}

function on(connection: StepConnection): string {
  return connection === 'kept' ? ' over the kept connection' : '';
}
