import { Contract } from '../contract/contract';
import { readPin, type PinnedDocument } from '../contract/pin';
import { UnreadableSource } from '../contract/unreadable-source';
import { TURNED_AWAY } from '../judging/answer';
import { FindingsCollector } from '../judging/collector';
import type { Exchange } from '../judging/exchange';
import { KnownDeviations } from '../judging/known-deviations';
import { performBounded } from '../openapi/bounded';
import { readRecording } from '../report/recording/read';
import { rejudge } from '../report/recording/rejudge';
import type { Statement } from '../report/statement';
import { statementOf } from '../report/statement-of';
import type { Environment } from './environment';

export interface Rejudged {
  statement: Statement;
  /** What of the recording was left out. */
  notes: string[];
}

/**
 * Judges a recording again, under the pin or another document, without the API.
 * @throws UnreadableRecording, UnreadableSource
 */
export async function rejudgeFile(
  path: string,
  spec: string | undefined,
  { settings, known }: Environment,
): Promise<Rejudged> {
  const today = new Date().toISOString().slice(0, 10);
  const pin = spec === undefined ? readPin() : await pinOf(spec, today);
  const recorded = readRecording(path);
  const { exchanges } = recorded;
  const url = exchanges[0]?.base ?? '';
  const accepted = new KnownDeviations(known, URL.canParse(url) ? new URL(url).host : '', today);
  const collector = new FindingsCollector(accepted, settings.drift === 'fail');
  rejudge(recorded, new Contract(pin, spec === undefined), collector);
  const { start, end } = spanOf(exchanges);
  const statement = statementOf(
    {
      target: { kind: 'remote', url },
      pin,
      startedAt: start,
      requests: exchanges.length,
      rateLimited: exchanges.filter(({ answer }) => TURNED_AWAY.has(answer?.status ?? 0)).length,
      driftFails: settings.drift === 'fail',
      results: collector.results(),
      selected: collector.expected,
      left: { created: 0, denied: 0, leftBehind: 0, sessions: [] },
      outage: undefined,
      required: settings.require,
      errors: accepted
        .errors((id) => collector.wasJudged(id))
        .map((message) => ({ kind: 'misconfigured', message })),
      exchanges,
      journal: {
        exchanges,
        providerSteps: [],
        likenesses: recorded.likenesses,
        settleMs: settings.settleMs,
      },
    },
    end,
  );
  return { statement, notes: recorded.notes };
}

async function pinOf(spec: string, date: string): Promise<PinnedDocument> {
  const former = readPin();
  const { comparison, pulled } = await performBounded({
    before: undefined,
    after: spec,
    pull: { date, former },
  });
  if (!pulled) throw new UnreadableSource(comparison.error ?? `${spec}: no result`);
  return pulled.pin;
}

/** From the beginning of the first exchange to the end of the last one: how long the recording took, not this command. */
function spanOf(exchanges: Exchange[]): { start: Date; end: Date } {
  const starts = exchanges.map(({ startedAt }) => Date.parse(startedAt)).filter(Number.isFinite);
  if (starts.length === 0) return { start: new Date(0), end: new Date(0) };
  const ends = exchanges.map(({ startedAt, durationMs }) => Date.parse(startedAt) + durationMs);
  return {
    start: new Date(starts.reduce((a, b) => Math.min(a, b))),
    end: new Date(ends.filter(Number.isFinite).reduce((a, b) => Math.max(a, b))),
  };
}
