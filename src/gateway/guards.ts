import { derivation } from '../catalogue/derived-ids';
import type { NotJudged } from '../judging/not-judged';
import { answerRequirement } from '../judging/rules';
import type { Call } from './call';
import type { Ledger } from './ledger';
import { pollRequest } from './requests';
import type { Transport } from './transport';

/** An operation that times out in a state is sent no more than this often. */
const MAX_TIMEOUTS = 2;
/** A shorter id, changed a little, may be the id of another user's session. */
const GUESSABLE_ID_LENGTH = 10;
const TOO_SHORT: NotJudged = {
  cause: 'setting',
  reason: 'ids are so short that a made-up one may belong to another user',
};

/** Requests that are not sent, because they would hang again or might touch a session of another user. */
export class Guards {
  private readonly timeouts = new Map<string, number>();

  constructor(
    private readonly transport: Transport,
    private readonly ledger: Ledger,
  ) {}

  async refusal(call: Call): Promise<NotJudged | undefined> {
    return this.hangs(call) ?? (await this.isGuessable(call));
  }

  timedOut(call: Call): void {
    this.timeouts.set(keyOf(call), (this.timeouts.get(keyOf(call)) ?? 0) + 1);
  }

  private hangs(call: Call): NotJudged | undefined {
    if (call.operation === 'other' || (this.timeouts.get(keyOf(call)) ?? 0) < MAX_TIMEOUTS) return undefined;
    return {
      cause: 'blocked',
      reason: `${MAX_TIMEOUTS} requests timed out`,
      blockedBy: { requirement: answerRequirement(call), code: 'timeout' },
    };
  }

  /** Before a short id that was made up or changed is denied, a poll must answer 404. */
  private async isGuessable(call: Call): Promise<NotJudged | undefined> {
    const record = this.ledger.find(call.session);
    const isMadeUp = call.state === 'near-miss' || record?.kind === 'unknown';
    if (call.operation !== 'deny' || !record || !isMadeUp || record.id.length >= GUESSABLE_ID_LENGTH)
      return undefined;
    const segment =
      call.derivation === undefined ? undefined : derivation(call.derivation).segment(record.id);
    if (segment === '' || segment === encodeURIComponent(record.id)) return TOO_SHORT;
    const id = `${record.label}${call.derivation ? `.${call.derivation}` : ''}`;
    const { exchange } = await this.transport.send(
      { ...call, operation: 'poll', state: 'none' },
      pollRequest(id),
      'own',
    );
    return exchange.answer?.status === 404 ? undefined : TOO_SHORT;
  }
}

function keyOf({ operation, state }: Call): string {
  return `${operation} ${state}`;
}
