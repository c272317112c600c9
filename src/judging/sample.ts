import { derivationIn } from '../catalogue/derived-ids';
import { FORM_TEXTS } from '../catalogue/forms';
import { seenState, type Exchange } from './exchange';

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
export function sampleOf(exchange: Exchange): string {
  const { operation, state, form, path } = exchange;
  const noun = OPERATION_NOUNS[operation];
  if (operation === 'create') return form ? `${noun} ${FORM_TEXTS[form]}` : noun;
  if (state === 'racing') return `${noun} ${outcomeInRace(exchange)}`;
  if (state === 'none') return noun;
  if (state !== 'near-miss' && state !== 'malformed') return `${noun} of ${state} sessions`;
  return `${noun} of ${derivationIn(path)?.text ?? `${state} ids`}`;
}

/** In a race the state of the session is not known before the response: what one outcome shows the others need not. */
function outcomeInRace({ operation, answer }: Exchange): string {
  if (!answer) return 'without a response in a race';
  if (operation === 'deny')
    return answer.status >= 200 && answer.status < 300 ? 'accepted in a race' : 'rejected in a race';
  const seen = seenState(operation, answer);
  return seen === 'unclear' ? 'in a race' : `in a race that show it as ${seen}`;
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

/**
 * Several samples in short: "creates" for those of all forms.
 * @param samples names of those in which it was seen
 * @param all names of all samples that were judged
 */
export function joinedSamples(samples: readonly string[], all: readonly string[]): string {
  const names = [...new Set(samples)];
  if (names.length <= MAX_NAMED) return names.join(' and ');
  const nouns = Object.values(OPERATION_NOUNS).filter((noun) => names.some((name) => name.startsWith(noun)));
  const [noun] = nouns;
  if (noun === undefined || nouns.length > 1) return 'responses';
  const isAll = all.every((name) => names.includes(name) || !name.startsWith(noun));
  if (isAll) return noun;
  const states = names.flatMap((name) => /^\w+ of (\w+) sessions$/.exec(name)?.[1] ?? []);
  return states.length === names.length
    ? `${noun} of ${states.slice(0, -1).join(', ')} and ${states.at(-1)} sessions`
    : `${noun} of ${names.length} kinds`;
}
