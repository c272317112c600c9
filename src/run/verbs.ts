import { findingName } from '../catalogue/finding-name';
import type { HeldFindings } from '../explore/held-findings';
import type { Gateway } from '../gateway/gateway';
import type { JudgementReport, TestEnd } from '../judging/judgement';
import { describeFindings } from '../report/describe';
import type { Journal } from '../report/reproduce/journal';
import type { Exploration } from './exploration';
import type { Preparation } from './preparation';
import type { RunVerbs, TestFinding } from './protocol';
import type { SessionShelf } from './session-shelf';
import type { Settings } from './settings';

/** What tests reach of a run. */
export interface RunParts {
  settings: Settings;
  gateway: Gateway;
  collector: HeldFindings;
  shelf: SessionShelf;
  preparation: Preparation;
  exploration: Exploration;
  providerStateUrl: URL | undefined;
  judged: (report: JudgementReport) => void;
  journal: () => Journal;
}

/** What a run does for its tests, by the verbs of the protocol. */
export type VerbHandlers = {
  [V in keyof RunVerbs]: (
    params: RunVerbs[V]['params'],
  ) => RunVerbs[V]['result'] | Promise<RunVerbs[V]['result']>;
};

export function verbHandlers(run: RunParts): VerbHandlers {
  return { ...sessionVerbs(run), ...stateVerbs(run), ...judgingVerbs(run), ...walkVerbs(run) };
}

function sessionVerbs({ settings, gateway, shelf, preparation }: RunParts) {
  return {
    reserve: async ({ form }) => {
      await preparation.sessionsAreReady;
      return optional('session', shelf.reserve(form, settings.requestTimeoutMs));
    },
    release: ({ purpose, sessions }) => {
      for (const session of sessions) shelf.release(purpose, session);
      return {};
    },
    released: ({ purpose }) => ({ sessions: shelf.reserveAll(purpose) }),
    prepared: async ({ state }) => {
      const { session, provided } = await preparation.take(state);
      const record = gateway.ledger.find(session);
      return record ? { session: gateway.ledger.factsOf(record) } : optional('provided', provided);
    },
    unknown: () => gateway.ledger.unknown(),
    given: ({ state }) => {
      const id = state === 'completed' ? settings.completedSessionId : settings.expiredSessionId;
      return id === undefined ? {} : { session: gateway.ledger.given(id, state) };
    },
    computable: () => gateway.ledger.computable(),
  } satisfies Partial<VerbHandlers>;
}

function stateVerbs({ gateway, preparation, exploration, providerStateUrl: url }: RunParts) {
  return {
    'provider-state': ({ session, state }) => preparation.provide(session, state),
    hook: async () => ({ keepsRules: await exploration.hookKeepsRules() }),
    reached: ({ session, state }) => {
      gateway.ledger.reached(session, state);
      return {};
    },
    race: async ({ entries, approve }) => {
      const approval =
        approve !== undefined && url
          ? { ...approve, state: 'session is completed' as const, url }
          : undefined;
      const { replies, ...result } = await gateway.race(entries, approval);
      const sent = replies.map(({ outcome, exchange }) => ({
        ...outcome,
        ...optional('answer', exchange?.answer),
        sentAtMs: exchange?.sentAtMs ?? 0,
        answeredAtMs: exchange?.answeredAtMs ?? 0,
      }));
      return { sent, ...result };
    },
  } satisfies Partial<VerbHandlers>;
}

function judgingVerbs(run: RunParts) {
  const { settings, gateway, collector, providerStateUrl } = run;
  return {
    settings: () => {
      const { settleMs, waitForExpiryMs, requestTimeoutMs, profile } = settings;
      const hasProviderStates = providerStateUrl !== undefined;
      return { settleMs, waitForExpiryMs, requestTimeoutMs, profile, hasProviderStates };
    },
    answer: ({ exchange }) => optional('answer', gateway.exchanges[exchange - 1]?.answer),
    judged: (judgement) => {
      run.judged(judgement);
      return {};
    },
    end: (ended) => {
      collector.end(ended);
      const unjudgedReason = gateway.outage?.reason ?? 'nothing was judged';
      return { findings: findingsOf(ended, run), unjudgedReason };
    },
  } satisfies Partial<VerbHandlers>;
}

function walkVerbs({ exploration }: RunParts) {
  return {
    'walk-options': () => exploration.options(),
    'walk-judge': ({ attempt, judgements }) => ({ failures: exploration.judge(attempt, judgements) }),
    'walk-settle': ({ attempt, counts }) => {
      exploration.settle(attempt, counts);
      return {};
    },
    'walk-failed': (failing) => exploration.report(failing),
  } satisfies Partial<VerbHandlers>;
}

/** The findings of a test that are not accepted. */
function findingsOf({ test }: TestEnd, { gateway, collector, journal }: RunParts): TestFinding[] {
  const unaccepted = collector.unaccepted(test);
  const texts = describeFindings(unaccepted, test, {
    journal: journal(),
    traceId: gateway.traceId,
    mask: (value) => gateway.secrets.maskAll(value),
  });
  return unaccepted.slice(0, texts.length).map((finding, i) => ({
    name: findingName(finding),
    exchanges: [...(finding.showedIn ?? [])].filter((n) => gateway.exchanges[n - 1]?.test === test),
    text: texts[i] ?? '',
  }));
}

function optional<K extends string, T>(key: K, value: T | undefined): Partial<Record<K, T>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<K, T>>);
}
