import type { Gateway } from './gateway';
import type { SeenState } from '../judging/states';

/** A person at a terminal, who may approve a session in a browser. */
export interface Person {
  /** Shows the page on which the session is approved. Its URL is a secret, which goes nowhere else. */
  ask(url: URL, withinMs: number): void;
  /** Shows how much time is left. */
  wait(leftMs: number): void;
  /** Says how it came out. */
  tell(outcome: string): void;
}

/** As often as the vendor's own client asks. */
const POLL_EVERY_MS = 2000;
const TICK_MS = 1000;

/**
 * Creates a session and waits until a person has approved it.
 * @returns the label of the session, which the ledger then knows as completed, or why there is none
 */
export async function waitForApproval(
  gateway: Gateway,
  person: Person,
  withinMs: number,
): Promise<{ session: string } | { reason: string }> {
  const offered = await gateway.offer();
  if ('reason' in offered) {
    person.tell(`No session could be offered for approval: ${offered.reason}.`);
    return offered;
  }
  const { session, verificationUrl } = offered;
  const page = openable(verificationUrl);
  const seen = page ? await waitAt(page, () => gateway.look(session), person, withinMs) : 'pending';
  if (seen === 'completed') {
    person.tell('Approved; the run goes on. Revoke the API key of this session when you need it no longer.');
    return { session };
  }
  // Whoever comes too late must not change the session under the tests.
  await gateway.withdraw(session);
  const reason = !page
    ? 'the API gave no verificationUrl that a browser can open'
    : seen === 'expired' || seen === 'gone'
      ? 'the session that a person was to approve ended before that'
      : seen === 'interrupted'
        ? 'the run was interrupted'
        : `nobody approved a session within ${Math.round(withinMs / 1000)} s`;
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
      // What is unclear may be clear the next time.
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
