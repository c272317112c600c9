import { isObject } from '../../contract/json';
import { Secrets } from '../../gateway/secrets';
import { Translator } from '../../gateway/translator';
import { TURNED_AWAY } from '../../judging/answer';
import type { Exchange } from '../../judging/exchange';
import { readEntry, type ForeignEntry } from './foreign-entry';
import { UnreadableRecording, type Recorded, type Unknown } from './recorded';
import { infer } from './session-track';

/** What the exchanges of another tool's recording are filed under, instead of the title of a test. */
const TEST = 'recording';
/** Clocks of the recorder and of the API differ. */
const MAX_SKEW_MS = 60_000;

/**
 * Makes exchanges of the entries of another tool's HAR file, such as a browser's developer tools or a proxy write it.
 * Requests to anything but the session API are left out, and secrets become labels.
 * @throws UnreadableRecording where no request to the session API is left
 */
export function fromForeignEntries(entries: readonly unknown[]): Recorded {
  const read = entries.map(readEntry).filter((one) => one !== undefined);
  if (read.length === 0)
    throw new UnreadableRecording(
      `contains no request to the session API (no path of its ${entries.length} entries has /v1/api/auth/sessions)`,
    );
  // Tools write entries in the order in which they began, or ended, or in any other.
  const sorted = read.sort((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt));
  const secrets = new Secrets();
  const exchanges = exchangesOf(sorted, secrets);
  const unknown = new Map<number, Unknown>();
  for (const [i, exchange] of exchanges.entries()) {
    const { state, checks } = infer(exchange, exchanges);
    const status = exchange.answer?.status ?? 0;
    exchange.state = state ?? (status >= 200 && status < 300 ? 'pending' : 'unknown');
    const isTurnedAway = TURNED_AWAY.has(status) || status === 407;
    exchange.isJudged = exchange.answer !== undefined && !isTurnedAway;
    if (exchange.isJudged) exchange.judgements = checks.map((one) => ({ test: TEST, ...one }));
    const { isBodyKnown, isRequestKnown } = sorted[i] as ForeignEntry;
    unknown.set(exchange.n, {
      message: true,
      state: state === undefined,
      body: exchange.answer !== undefined && !isBodyKnown,
      request: !isRequestKnown,
    });
  }
  return {
    exchanges: secrets.maskAll(exchanges),
    likenesses: secrets.likenesses(),
    unknown,
    notes: notesOf(entries.length, exchanges, unknown),
  };
}

function exchangesOf(entries: ForeignEntry[], secrets: Secrets): Exchange[] {
  const expiries = new Map<string, number>();
  // Bodies of creates tell which ids are sessions, wherever these stand.
  const translators = entries.map(({ base }) => new Translator(new URL(base), {}, secrets, undefined));
  const answers = entries.map((entry, i) => {
    const { answer } = entry;
    if (!answer) return undefined;
    const translated = translators[i]?.fromWire(answer, entry.operation).answer;
    if (!translated || entry.isBodyKnown) return translated;
    const { status, statusText, httpVersion, headers } = translated;
    return { status, statusText, httpVersion, headers, text: undefined, byteOrderMark: false };
  });
  return entries.map((entry, i): Exchange => {
    const { operation, id, query, startedAt, durationMs } = entry;
    const answer = answers[i];
    const body = answer?.json?.value;
    const session =
      id !== undefined
        ? secrets.label(secrets.has(id) ? 'SESSION' : 'GIVEN', id)
        : isObject(body) && typeof body.sessionId === 'string'
          ? body.sessionId
          : undefined;
    if (operation === 'create' && session !== undefined && isObject(body))
      expiries.set(session, Date.parse(String(body.expiresAt)));
    const expiry = session === undefined ? NaN : (expiries.get(session) ?? NaN);
    return {
      n: i + 1,
      test: TEST,
      operation,
      state: 'none',
      session,
      method: entry.method,
      base: entry.base,
      path: `v1/api/auth/sessions${id === undefined ? '' : `/${session}`}${query === '' ? '' : `?${secrets.mask(query)}`}`,
      requestHeaders: entry.mediaType === undefined ? {} : { 'content-type': entry.mediaType },
      requestBody: entry.requestBody,
      startedAt,
      durationMs,
      reused: false,
      answer,
      failure: undefined,
      // An expiry that is not known may have been at any time.
      mayHaveExpired: !(Date.parse(startedAt) + durationMs < expiry - MAX_SKEW_MS),
      isJudged: false,
      judgements: [],
    };
  });
}

function notesOf(total: number, exchanges: Exchange[], unknown: ReadonlyMap<number, Unknown>): string[] {
  const others = total - exchanges.length;
  const of = (isOne: (exchange: Exchange) => boolean | undefined): number => exchanges.filter(isOne).length;
  const unanswered = of(({ answer }) => answer === undefined);
  const turnedAway = of(({ answer, isJudged }) => answer !== undefined && !isJudged);
  const bodiless = of(({ n }) => unknown.get(n)?.body);
  const unclear = of(({ n, isJudged }) => isJudged && unknown.get(n)?.state);
  const notes: [number, string][] = [
    [others, 'are not requests to the session API, and were ignored'],
    [unanswered, 'have no response of the API, and were not judged'],
    [turnedAway, 'were turned away for now (429, 502, 503, 504), and were not judged'],
    [bodiless, 'have no body in the recording, or a part of it; their bodies were not judged'],
    [
      unclear,
      'are denials of a session in a state that the recording does not show; their status was not judged',
    ],
  ];
  const lines = notes.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return lines.length > 0 ? [`of ${total} entries ${lines.join('; ')}`] : [];
}
