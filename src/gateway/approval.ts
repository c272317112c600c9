import { seenState } from '../judging/exchange';
import type { SeenState } from '../judging/states';
import type { Answers } from './answers';
import type { Call } from './call';
import type { CleanUp } from './clean-up';
import type { Ledger } from './ledger';
import type { Lifetime } from './lifetime';
import { createRequest, pollRequest } from './requests';
import type { RetryingTransport } from './retrying-transport';
import type { Transport } from './transport';

/** A person at a terminal, who may approve a session in a browser. */
export interface Person {
  /** Shows the page on which the session is approved. Its URL is a secret, which goes nowhere else. */
  ask(url: URL, withinMs: number): void;
  /** Shows how much time is left. */
  wait(leftMs: number): void;
  /** Shows how it ended. */
  tell(outcome: string): void;
}

/** As often as the vendor's own client polls. */
const POLL_EVERY_MS = 2000;
const TICK_MS = 1000;

/** The title under which these exchanges are recorded. */
const APPROVAL = 'approval';

/** Sessions that are offered to a person for approval. */
export class OfferedSessions {
  constructor(
    private readonly ready: () => Promise<unknown>,
    private readonly retrying: RetryingTransport,
    private readonly transport: Transport,
    private readonly answers: Answers,
    private readonly cleanUp: CleanUp,
    private readonly ledger: Ledger,
    private readonly lifetime: Lifetime,
    private readonly requestTimeoutMs: number,
  ) {}

  /** Creates a session to approve. The verificationUrl is a secret, which no report may hold. */
  async offer(): Promise<{ session: string; verificationUrl: unknown } | { reason: string }> {
    await this.ready();
    const { over } = this.lifetime;
    if (over) return { reason: over.reason };
    const call: Call = {
      test: APPROVAL,
      operation: 'create',
      state: 'none',
      connection: 'own',
      form: 'plain',
    };
    const sent = await this.retrying.send(call, createRequest());
    const { created } = this.answers.outcomeOf(call, sent);
    if (!created) return { reason: 'no session was created to approve' };
    const { verificationUrl } = sent.json as { verificationUrl?: unknown };
    return { session: created.label, verificationUrl };
  }

  /** What a session polls as. Nothing is judged by it. */
  async look(label: string): Promise<SeenState> {
    const { exchange } = await this.transport.send(
      { test: APPROVAL, operation: 'poll', state: 'none', session: label, connection: 'own' },
      pollRequest(label),
    );
    this.ledger.follow(exchange);
    return seenState('poll', exchange.answer);
  }

  /** Denies a session, so that no test finds it pending. */
  async withdraw(label: string): Promise<void> {
    const record = this.ledger.find(label);
    if (record?.state === 'pending')
      await this.cleanUp.deny(record, performance.now() + this.requestTimeoutMs);
  }
}

/**
 * Creates a session and waits until a person has approved it.
 * @returns the label of the session, which the ledger then knows as completed, or why no session was approved
 */
export async function waitForApproval(
  offers: OfferedSessions,
  person: Person,
  withinMs: number,
): Promise<{ session: string } | { reason: string }> {
  const offered = await offers.offer();
  if ('reason' in offered) {
    person.tell(`No session could be offered for approval: ${offered.reason}.`);
    return offered;
  }
  const { session, verificationUrl } = offered;
  const page = openable(verificationUrl);
  const seen = page ? await waitAt(page, () => offers.look(session), person, withinMs) : 'pending';
  if (seen === 'completed') {
    person.tell('Approved; the run goes on. Revoke the API key of this session when you no longer need it.');
    return { session };
  }
  // An approval that comes too late must not change the session while tests run.
  await offers.withdraw(session);
  const reason = !page
    ? 'the API gave no verificationUrl that a browser can open'
    : seen === 'expired' || seen === 'gone'
      ? 'the session ended before a person approved it'
      : seen === 'interrupted'
        ? 'the run was interrupted'
        : `no session was approved within ${Math.round(withinMs / 1000)} s`;
  person.tell(`The run goes on without a completed session: ${reason}.`);
  return { reason };
}

async function waitAt(
  page: URL,
  look: () => Promise<SeenState>,
  person: Person,
  withinMs: number,
): Promise<SeenState | 'interrupted'> {
  const ends = performance.now() + withinMs;
  const left = (): number => Math.max(ends - performance.now(), 0);
  let interrupt: () => void = () => undefined;
  const interrupted = new Promise<void>((resolve) => (interrupt = resolve));
  let isInterrupted = false;
  void interrupted.then(() => (isInterrupted = true));
  process.once('SIGINT', interrupt);
  person.ask(page, withinMs);
  person.wait(withinMs);
  const ticks = setInterval(() => person.wait(left()), TICK_MS);
  try {
    for (;;) {
      let timer: NodeJS.Timeout | undefined;
      const pause = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, Math.min(POLL_EVERY_MS, left()));
      });
      await Promise.race([pause, interrupted]);
      clearTimeout(timer);
      if (isInterrupted) return 'interrupted';
      const isLast = left() === 0;
      const seen = await look();
      // The next poll may give a clear answer.
      if (isLast || (seen !== 'pending' && seen !== 'unclear')) return seen;
    }
  } finally {
    clearInterval(ticks);
    process.off('SIGINT', interrupt);
  }
}

function openable(text: unknown): URL | undefined {
  if (typeof text !== 'string' || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return ['http:', 'https:'].includes(url.protocol) ? url : undefined;
}
