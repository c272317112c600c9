import type { NotJudged } from '../judging/not-judged';

const CLOSED: NotJudged = { cause: 'interrupted', reason: 'the run is over' };

/** Whether the run may still send requests. All waits of the run end early when it may not. */
export class Lifetime {
  /** Why the run can't go on. Only the clean-up is still sent. */
  outage: NotJudged | undefined;
  isClosing = false;
  private endWaits: () => void = () => undefined;
  private readonly waitsEnd = new Promise<void>((resolve) => (this.endWaits = resolve));

  /** Why no request of a test is sent any more. */
  get over(): NotJudged | undefined {
    return this.isClosing ? CLOSED : this.outage;
  }

  giveUp(why: NotJudged): void {
    this.outage ??= why;
    this.endWaits();
  }

  close(): void {
    this.isClosing = true;
    this.endWaits();
  }

  async pause(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([new Promise<void>((resolve) => (timer = setTimeout(resolve, ms))), this.waitsEnd]);
    clearTimeout(timer);
  }
}
