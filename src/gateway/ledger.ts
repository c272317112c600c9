import { randomUUID } from 'node:crypto';
import { isObject, parseJson } from '../contract/json';
import { seenState, shownKey, type Exchange } from '../judging/exchange';
import type { FormName } from '../catalogue/forms';
import { parseIso8601 } from '../judging/timestamps';
import { computable, MIN_IDS, type DatedId } from './computable';
import { unknownIdLike } from '../catalogue/derived-ids';
import { type Secrets } from './secrets';
import type { SessionFacts } from './call';
import { labelsIn } from '../judging/labels';
import type { SessionState } from '../judging/states';
import type { Answer } from '../judging/answer';
import { headerValues } from '../judging/answer';

/** What is known of a session, or of an id that no session has. Times are of the local monotonic clock, in ms. */
export interface SessionRecord {
  label: string;
  id: string;
  /** `created` by this run; `given` by the user, who answers for it; `unknown`: no session at all. */
  kind: 'created' | 'unknown' | 'given';
  form: FormName | undefined;
  /** Its id stood where it is documented; where not, what was found may be no id at all. */
  isDocumented: boolean;
  sent: { deviceName?: string; callbackUrl?: string };
  createdAt: number;
  livesMs: number | undefined;
  state: SessionState;
  since: number;
  /** Label of the API key that it was first seen with. */
  apiKey: string | undefined;
  /** It has been in another state than pending, by whatever was done or said. */
  hasEnded: boolean;
  /** The exchange in which it was last seen to be pending; 0 if it never was. */
  seenPending: number;
  /** It was last seen not to be pending. */
  isSeenEnded: boolean;
  /** Requests that may have changed it, in order, to repeat what happened. */
  history: Exchange[];
}

/** The Date header counts whole seconds. */
const EXPIRY_MARGIN_MS = 1000;

/** The sessions of a run: none that it created is forgotten, none that it did not create is touched. */
export class Ledger {
  /** Creates whose answer never came, so that a session may be left of them. */
  lostCreates = 0;
  private readonly sessions = new Map<string, SessionRecord>();
  private readonly createdIds: DatedId[] = [];
  private lastCreate = 0;
  /** The last exchange that may have changed any session. */
  private lastChange = 0;

  constructor(private readonly secrets: Secrets) {}

  find(label: string | undefined): SessionRecord | undefined {
    return this.sessions.get(label ?? '');
  }

  get created(): SessionRecord[] {
    return [...this.sessions.values()].filter(({ kind }) => kind === 'created');
  }

  /**
   * Enters the session that an answer tells of, whatever else is wrong with that answer.
   * @returns the record, and whether the id had been given out before; undefined where the id is not where it is documented
   */
  enter(
    exchange: Exchange,
    json: unknown,
    form: FormName | undefined,
  ): { record: SessionRecord; repeated: boolean } | undefined {
    const documented = isObject(json) && typeof json.sessionId === 'string' ? json.sessionId : undefined;
    // A session that nobody can find is left behind all the same.
    const id = documented ?? findSessionId(json) ?? this.unreadable(exchange);
    if (id === undefined || id === '' || !exchange.answer) {
      if (exchange.answer?.status === 201) this.lostCreates++;
      return undefined;
    }
    const label = this.secrets.label('SESSION', id);
    exchange.session = label;
    const now = performance.now();
    this.lastCreate = exchange.n;
    const { sentAtMs = now, answeredAtMs = now } = exchange;
    const [from, to] = [performance.timeOrigin + sentAtMs, performance.timeOrigin + answeredAtMs];
    this.createdIds.push({ id, from, to });
    const known = this.sessions.get(label);
    if (known) return documented === undefined ? undefined : { record: known, repeated: true };
    const sent = parseJson(exchange.requestBody ?? '{}');
    const record: SessionRecord = {
      label,
      id,
      kind: 'created',
      form,
      isDocumented: documented !== undefined,
      sent: 'value' in sent && isObject(sent.value) ? sent.value : {},
      createdAt: now,
      livesMs: livesMs(exchange.answer, isObject(json) ? json.expiresAt : undefined),
      state: 'pending',
      since: now,
      apiKey: undefined,
      hasEnded: false,
      seenPending: 0,
      isSeenEnded: false,
      history: [exchange],
    };
    this.sessions.set(label, record);
    return documented === undefined ? undefined : { record, repeated: false };
  }

  /** The id in a body that is not JSON. */
  private unreadable({ answer }: Exchange): string | undefined {
    const labels = answer?.json ? [] : labelsIn(answer?.text ?? '');
    const label = labels.find((one) => one.startsWith('$SESSION_') && !this.sessions.has(one));
    return label && this.secrets.value(label);
  }

  /** Keeps in step with what an answer says of its session. */
  follow(exchange: Exchange): void {
    if (exchange.operation === 'deny' || exchange.operation === 'other') this.lastChange = exchange.n;
    const record = this.find(exchange.session);
    if (!record || exchange.state === 'near-miss' || exchange.state === 'malformed') return;
    const seen = seenState(exchange.operation, exchange.answer);
    if (seen === 'pending') record.seenPending = exchange.n;
    if (seen !== 'unclear') record.isSeenEnded = seen !== 'pending';
    record.apiKey ??= shownKey(exchange);
    if (record.state === 'pending') {
      const isDenied = exchange.operation === 'deny' && exchange.answer?.status === 200;
      if (isDenied) this.reached(record.label, 'denied');
      else if (seen === 'completed' || seen === 'expired') this.reached(record.label, seen);
      else if (seen === 'gone') this.reached(record.label, 'none');
    } else if (seen === 'pending' && record.kind === 'created') {
      this.reached(record.label, 'pending');
    } else if (record.state === 'denied' && seen === 'completed') {
      // What has been found once is not looked for again among those that are denied.
      this.reached(record.label, 'none');
    }
  }

  reached(label: string, state: SessionState): void {
    const record = this.sessions.get(label);
    if (!record || record.state === state) return;
    record.state = state;
    record.since = performance.now();
    record.hasEnded ||= state !== 'pending';
  }

  /** Whether the session's own time is over by now, or will be in a while. */
  mayHaveExpired({ livesMs: lives, createdAt }: SessionRecord, aheadMs = 0): boolean {
    return lives !== undefined && performance.now() + aheadMs >= createdAt + lives - EXPIRY_MARGIN_MS;
  }

  private isSeenPending({ seenPending }: SessionRecord): boolean {
    return seenPending > this.lastChange;
  }

  /** An id that no session has, of the shape that sessions' ids have. */
  unknown(): SessionFacts {
    const like = this.created[0]?.id;
    const isNew = (id: string): boolean => !this.secrets.has(id);
    const candidates = like === undefined ? [] : Array.from({ length: 20 }, () => unknownIdLike(like));
    return this.enterForeign('UNKNOWN', candidates.find(isNew) ?? randomUUID(), 'unknown', 'unknown');
  }

  given(id: string, state: 'completed' | 'expired'): SessionFacts {
    return this.enterForeign('GIVEN', id, 'given', state);
  }

  private enterForeign(
    labelKind: 'UNKNOWN' | 'GIVEN',
    id: string,
    kind: SessionRecord['kind'],
    state: SessionState,
  ): SessionFacts {
    const label = this.secrets.label(labelKind, id);
    const now = performance.now();
    const record = this.sessions.get(label) ?? {
      label,
      id,
      kind,
      form: undefined,
      isDocumented: true,
      sent: {},
      createdAt: now,
      livesMs: undefined,
      state,
      since: now,
      apiKey: undefined,
      hasEnded: false,
      seenPending: 0,
      isSeenEnded: false,
      history: [],
    };
    this.sessions.set(label, record);
    return this.factsOf(record);
  }

  factsOf(record: SessionRecord): SessionFacts {
    const { label, livesMs: lives, createdAt, since, apiKey } = record;
    const now = performance.now();
    return {
      label,
      ageMs: now - createdAt,
      inStateMs: now - since,
      isSeenPending: this.isSeenPending(record),
      isSeenEnded: record.isSeenEnded,
      ...(lives !== undefined && { livesMs: lives }),
      ...(apiKey !== undefined && { apiKey }),
    };
  }

  computable(): { how?: string; enough: boolean; exchange: number } {
    const how = computable(this.createdIds);
    return {
      exchange: this.lastCreate,
      enough: new Set(this.createdIds.map(({ id }) => id)).size >= MIN_IDS,
      ...(how !== undefined && { how }),
    };
  }
}

/** A session id in a body of another shape than the documented one. */
function findSessionId(json: unknown): string | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  for (const [name, value] of Object.entries(json)) {
    const isId = name === 'sessionId' && (typeof value === 'string' || typeof value === 'number');
    const found = isId ? String(value) : findSessionId(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** How long a session lives by the API's own clock; unknown where the answer doesn't say what time it is there. */
function livesMs(answer: Answer, expiresAt: unknown): number | undefined {
  const date = Date.parse(headerValues(answer, 'date')[0] ?? '');
  const end = typeof expiresAt === 'string' ? parseIso8601(expiresAt) : undefined;
  return Number.isNaN(date) || end === undefined || end <= date ? undefined : end - date;
}
