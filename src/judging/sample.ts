import { derivationIn } from '../catalogue/derived-ids';
import { FORM_TEXTS } from '../catalogue/forms';
import type { Exchange } from './exchange';

/*
 * The responses that could have shown a finding: those to the same operation on a session in the same state, by name.
 */

const MAX_NAMED = 2;
const OPERATION_NOUNS = {
  create: 'creates',
  poll: 'polls',
  deny: 'denials',
  other: 'other requests',
} as const;

/** What a response is one of: "denials of unknown sessions". */
export function sampleOf({ operation, state, form, path }: Exchange): string {
  const noun = OPERATION_NOUNS[operation];
  if (operation === 'create') return form ? `${noun} ${FORM_TEXTS[form]}` : noun;
  if (state === 'racing') return `concurrent ${noun} of one session`;
  if (state === 'none') return noun;
  if (state !== 'near-miss' && state !== 'malformed') return `${noun} of ${state} sessions`;
  return `${noun} of ${derivationIn(path)?.text ?? `${state} ids`}`;
}

/** A single request in words: "DELETE of a denied session". */
export function requestText({ method, operation, state, form, path }: Exchange): string {
  if (operation === 'create') return form ? `create ${FORM_TEXTS[form]}` : 'create';
  if (state === 'racing') return `one of several concurrent ${OPERATION_NOUNS[operation]}`;
  if (state === 'none') return method;
  const isDerived = state === 'near-miss' || state === 'malformed';
  const derived = derivationIn(path)?.text ?? `a ${state} id`;
  return `${method} of ${isDerived ? derived : `${/^[aeiou]/.test(state) ? 'an' : 'a'} ${state} session`}`;
}

/** Several samples in short: "creates" for those of many forms. */
export function joinedSamples(samples: Iterable<string>): string {
  const names = [...new Set(samples)];
  if (names.length <= MAX_NAMED) return names.join(' and ');
  const nouns = Object.values(OPERATION_NOUNS).filter((noun) => names.some((name) => name.startsWith(noun)));
  return nouns.length === 1 && names.every((name) => name.startsWith(`${nouns[0]}`))
    ? (nouns[0] ?? '')
    : 'responses';
}
