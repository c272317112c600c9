import { createHash } from 'node:crypto';
import type { Exchange } from '../../judging/exchange';
import { labelsIn } from '../../judging/labels';
import type { Journal } from './journal';
import { sessionsIn } from './relevant';
import type { Step } from './steps';
import { word } from './words';

/** Sets what is used and not made by a step: secrets of the user, ids of the user's sessions, ids of none. */
export function setVariables(
  exchanges: readonly Exchange[],
  steps: readonly Step[],
  journal: Journal,
): string[] {
  const labels = new Set(
    exchanges.flatMap((one) =>
      labelsIn([one.base, one.path, ...Object.values(one.requestHeaders), one.requestBody ?? ''].join(' ')),
    ),
  );
  const set = [...labels].flatMap((label) => {
    const name = label.slice(1);
    if (label.startsWith('$UNKNOWN') && madeFrom(label, exchanges, journal) === undefined)
      return [`${name}=${word([{ text: unknownId(label, journal) }])}`];
    if (label.startsWith('$GIVEN')) return [givenId(label, exchanges)];
    if (label.startsWith('$HEADER') || label.startsWith('$KEY'))
      return [`: "\${${name}:?set it to ${secretOf(label, exchanges)}}"`];
    return [];
  });
  const isProvided = steps.some(
    (step) => step.kind === 'provider' || (step.kind === 'requests' && step.alongside),
  );
  return [...set, ...(isProvided ? [': "${PROVIDER_STATE_URL:?set it as for the run}"'] : [])];
}

/**
 * Sets an id that no session has, and that looks like that of the session which the line has just created: its last
 * letters and digits are others of their kind.
 */
export function setUnknownId(created: Exchange, exchanges: readonly Exchange[], journal: Journal): string[] {
  const unknown = [...exchanges]
    .flatMap((one) => [...sessionsIn(one)])
    .find((label) => label.startsWith('$UNKNOWN') && madeFrom(label, exchanges, journal) === created);
  if (unknown === undefined) return [];
  const id = (created.session ?? '').slice(1);
  const isHex = /^[\da-f-]+$/i.test(journal.likenesses[`$${id}`] ?? '');
  const others = isHex ? '0-9a-fA-F 5-90-4d-fa-cD-FA-C' : '0-9a-zA-Z 5-90-4n-za-mN-ZA-M';
  const tail = `$(printf %s "\${${id}: -${REPLACED}}" | tr ${others})`;
  return [`${unknown.slice(1)}="\${${id}%${'?'.repeat(REPLACED)}}${tail}"`];
}

/** How many characters at the end are replaced; a shorter id could be the id of another session. */
const REPLACED = 12;

/** The create before its first use, from which an unknown id can be made; only one is made so. */
function madeFrom(
  label: string,
  exchanges: readonly Exchange[],
  { likenesses }: Journal,
): Exchange | undefined {
  const unknown = exchanges.find((one) => [...sessionsIn(one)].some((other) => other.startsWith('$UNKNOWN')));
  const created = exchanges.find(({ operation, session }) => operation === 'create' && session !== undefined);
  const isLong = (likenesses[created?.session ?? ''] ?? '').length > REPLACED;
  if (!unknown || !created || !isLong || !sessionsIn(unknown).has(label)) return undefined;
  return exchanges.indexOf(created) < exchanges.indexOf(unknown) ? created : undefined;
}

function secretOf(label: string, exchanges: readonly Exchange[]): string {
  const headers = exchanges.flatMap(({ requestHeaders }) => Object.entries(requestHeaders));
  const [name] = headers.find(([, value]) => labelsIn(value).includes(label)) ?? [];
  return name === undefined ? 'the secret in BASE_URL' : `the secret in the header ${name}`;
}

function givenId(label: string, exchanges: readonly Exchange[]): string {
  const state = exchanges.some(({ session, state: of }) => session === label && of === 'expired')
    ? 'EXPIRED'
    : 'COMPLETED';
  return `${label.slice(1)}=\${${state}_SESSION_ID:?set it as for the run}`;
}

/** An id that no session has, of the shape that sessions' ids have; the same one for each line of a run. */
function unknownId(label: string, { likenesses }: Journal): string {
  const likeness = likenesses[label] ?? '00000000-0000-0000-0000-000000000000';
  const isHex = /^[\da-f-]+$/i.test(likeness);
  const opening = isHex ? '' : (/^(?:[a-z]{2,12}[_-])*/i.exec(likeness)?.[0] ?? '');
  const isUuid = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i.test(likeness);
  const made = [...likeness.slice(opening.length)].map((char, i) => {
    const byte = createHash('sha256').update(`${label} ${i}`).digest()[0] ?? 0;
    if (isUuid && i === 14) return '4';
    if (isUuid && i === 19) return 'a';
    const alphabet = alphabetOf(char, isHex);
    return alphabet[byte % alphabet.length] ?? char;
  });
  return opening + made.join('');
}

function alphabetOf(char: string, isHex: boolean): string {
  if (/\d/.test(char)) return '0123456789';
  if (/[a-z]/.test(char)) return isHex ? 'abcdef' : 'abcdefghijklmnopqrstuvwxyz';
  if (/[A-Z]/.test(char)) return isHex ? 'ABCDEF' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  return char;
}
