import { spawn } from 'node:child_process';
import type { VariantRecord } from '../../src/run/variant-runs';
import { StandIn } from '../../src/stand-in/server';
import type { Variant } from '../../src/stand-in/variant';
import { shows, type Output } from './shown-findings';

/** A line that hangs ends here; none takes long, since it need not wait. */
const MAX_MS = 120_000;
const MAX_QUOTED = 2000;
/** For ids that can be computed. */
const MAX_ATTEMPTS = 4;

/**
 * Pastes the line of each finding into a shell of its own, against a stand-in that has the fault and knows nothing of the
 * run in which it was found.
 * @returns the lines that don't show their finding, with what they printed
 */
export async function linesThatShowNothing(
  variant: Variant,
  { lines, url }: VariantRecord,
): Promise<string[]> {
  const failed = await Promise.all(
    lines.map(async (finding) => {
      for (let attempt = 1; ; attempt++) {
        const { line, output } = await replayAgainst(variant, finding.line, url);
        if (await shows(finding, output)) return [];
        // The slower the machine, the less the time of a create tells of its id.
        if (finding.code === 'id-computable' && attempt < MAX_ATTEMPTS) continue;
        const printed = output.stdout.slice(-MAX_QUOTED) + output.stderr.slice(-MAX_QUOTED);
        return [`${finding.requirement}/${finding.code}: ${line}\n${printed}`];
      }
    }),
  );
  return failed.flat();
}

/** @param url that the line names */
async function replayAgainst(
  variant: Variant,
  written: string,
  url: string,
): Promise<{ line: string; output: Output }> {
  // What the line waits is a while for the stand-in.
  const clockSpeed = variant.settings?.settleMs === undefined ? 1 : 200;
  const standIn = await StandIn.start({ variant, clockSpeed });
  const line = written.replaceAll(url, standIn.baseUrl.href);
  const output = await replay(line, { PROVIDER_STATE_URL: standIn.providerStateUrl?.href ?? '' });
  await standIn.close();
  return { line, output };
}

/** Pastes a line into a bash of its own, with nothing set but what is given. */
async function replay(line: string, env: Record<string, string>): Promise<Output> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn('bash', ['-u', '-c', line], {
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that what bash has started ends with it.
    detached: true,
  });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const timer = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), MAX_MS);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', () => reject(missing('bash')));
    child.on('close', resolve);
  }).finally(() => clearTimeout(timer));
  // Whatever the bytes are, each is a character.
  const [stdout, stderr] = [out, err].map((chunks) => Buffer.concat(chunks).toString('latin1'));
  const [, tool] = /(\w+): command not found/.exec(stderr ?? '') ?? [];
  if (tool !== undefined) throw missing(tool);
  return { exitCode, stdout: stdout ?? '', stderr: stderr ?? '' };
}

function missing(tool: string): Error {
  return new Error(`the lines that reproduce findings need bash, curl and jq; install ${tool}`);
}
