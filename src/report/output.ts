/**
 * The one way to a standard stream. A stream that can't be written to any more (a pipe that was closed, a full disk, a
 * terminal that is gone) is no reason to stop: the run has sessions to deny and reports to write.
 */
export class Output {
  private isBroken = false;

  constructor(private readonly stream: NodeJS.WriteStream) {}

  get isTerminal(): boolean {
    return this.stream.isTTY;
  }

  /** Columns of the terminal; without one, lines may be as long as they are. */
  get width(): number {
    return this.isTerminal ? this.stream.columns || 80 : Infinity;
  }

  /** Whether to use colours: FORCE_COLOR goes before NO_COLOR, as in Node.js, and both before what the stream is. */
  hasColours(env: NodeJS.ProcessEnv = process.env): boolean {
    const forced = env.FORCE_COLOR;
    if (forced !== undefined) return forced !== '0' && forced !== 'false';
    if (env.NO_COLOR) return false;
    return this.isTerminal && env.TERM !== 'dumb';
  }

  write(text: string): void {
    if (this.isBroken) return;
    try {
      // Files and devices fail at once, pipes and terminals by an event: see ignoreOutputErrors.
      this.stream.write(text, (error) => {
        if (error) this.isBroken = true;
      });
    } catch {
      this.isBroken = true;
    }
  }
}

/** Writes of others, of Playwright's own reporters among them, fail without ending the process. */
export function ignoreOutputErrors(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
