import { spawn } from 'node:child_process';
import type { Person } from '../gateway/approval';

/** Where nothing can be written over, a line every few seconds is enough. */
const LINE_EVERY_S = 10;

/** The person in front of the terminal: told on standard error, which is no report. */
export class TerminalPerson implements Person {
  private readonly isTerminal = process.stderr.isTTY;
  private lastLine = Infinity;

  ask(url: URL, withinMs: number): void {
    const opener = openerFor(process.platform, process.env, this.isTerminal);
    if (opener) open(opener, url);
    this.write(
      `\n${opener ? 'A browser opens for you to approve a session; if it does not, open' : 'To have the requirements of completed sessions judged, approve a session: open'}\n\n  ${url.href}\n\nwithin ${Math.round(withinMs / 1000)} s. Anyone who has this address can approve the session: keep it to yourself.\n`,
    );
  }

  wait(leftMs: number): void {
    const left = Math.ceil(leftMs / 1000);
    const text = `waiting for approval: ${left} s left`;
    if (this.isTerminal) this.write(`\r${text} \u001b[K`);
    else if (this.lastLine - left >= LINE_EVERY_S) {
      this.lastLine = left;
      this.write(`${text}\n`);
    }
  }

  tell(outcome: string): void {
    this.write(`${this.isTerminal ? '\r\u001b[K' : ''}${outcome}\n`);
  }

  private write(text: string): void {
    process.stderr.write(text);
  }
}

/**
 * The command that opens a URL in the user's own browser.
 * @returns undefined without a browser to open it in, or without a person: in CI, without a terminal or a display
 */
export function openerFor(
  platform: NodeJS.Platform,
  env: Record<string, string | undefined>,
  isTerminal: boolean,
): string[] | undefined {
  if (!isTerminal || (env.CI ?? '') !== '') return undefined;
  if (platform === 'darwin') return ['open'];
  // Not by a shell, which would read more than a URL in it.
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ['xdg-open'] : undefined;
}

function open([command = '', ...args]: string[], url: URL): void {
  const child = spawn(command, [...args, url.href], { stdio: 'ignore', detached: true });
  // The URL is on the terminal all the same.
  child.on('error', () => undefined);
  child.unref();
}
