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

/**
 * One step of a walk: data, so that a walk can be printed, repeated and shortened. The "others" are sessions without a
 * name, of which a walk may have many.
 */
export type Step =
  | { do: 'create'; session: SessionName; form: FormName }
  | { do: 'poll' | 'deny'; session: SessionName; times: number; connection: StepConnection }
  | { do: 'approve' | 'expire'; session: SessionName }
  | { do: 'poll derived' | 'deny derived'; session: SessionName; derivation: DerivationName; times: number }
  | {
      do: 'safe method';
      session: SessionName;
      request: SafeRequest;
      times: number;
      connection: StepConnection;
    }
  | { do: 'other method'; session: SessionName; request: UndocumentedRequest }
  | { do: 'poll unknown' | 'deny unknown'; times: number; connection: StepConnection }
  | { do: 'wait'; ms: number }
  | { do: 'create others'; times: number; connection: StepConnection }
  /** `deny others`: those that nothing has ended yet. */
  | { do: 'poll others' | 'deny others'; connection: StepConnection }
  /** Each that nothing has ended yet is brought into the state, and polled at once. */
  | { do: 'approve others' | 'expire others' }
  | { do: 'at once'; parts: BatchPart[] };

export type Walk = Step[];

/** So often is an operation repeated at most. */
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
      return `${verbOf(step)} the id of ${step.session} changed to ${step.derivation}${times(step.times)}`;
    case 'safe method':
      return `send ${step.request} to ${step.session}${times(step.times)}${on(step.connection)}`;
    case 'other method':
      return `send ${step.request} to ${step.session}`;
    case 'poll unknown':
    case 'deny unknown':
      return `${verbOf(step)} an unknown session${times(step.times)}${on(step.connection)}`;
    case 'wait':
      return `wait ${step.ms} ms`;
    case 'create others':
      return `create ${step.times === 1 ? 'another session' : `${step.times} other sessions`}${on(step.connection)}`;
    case 'poll others':
      return `poll each of the other sessions${on(step.connection)}`;
    case 'deny others':
      return `deny each of the other sessions that is pending${on(step.connection)}`;
    case 'approve others':
    case 'expire others':
      return `${verbOf(step)} each of the other sessions that is pending, and poll it`;
    case 'at once':
      return `at once: ${step.parts.map(({ action, session }) => `${action} ${session}`).join(', ')}`;
  }
}

function verbOf(step: Step): string {
  return step.do.split(' ')[0] ?? '';
}

function times(count: number): string {
  return count === 1 ? '' : ` ${count} times`;
}

function on(connection: StepConnection): string {
  return connection === 'kept' ? ' over the kept connection' : '';
}
