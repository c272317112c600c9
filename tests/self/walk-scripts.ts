import { execFile } from 'node:child_process';
import { responseTexts } from '../../src/run/explore-variant';
import { StandIn } from '../../src/stand-in/server';
import type { Variant } from '../../src/stand-in/variant';
import { responsesIn, safeJson } from './printed-responses';

/** What the script of a walk prints for another stand-in of the same variant: the responses of each of its rounds. */
export async function responsesToScript(text: string, variant: Variant): Promise<string[][]> {
  const standIn = await StandIn.start({ variant });
  try {
    const script = text.replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, standIn.baseUrl.origin);
    const printed = await run(script, standIn.providerStateUrl);
    const rounds = printed.split(/^--- round \d+\n/m).filter((round) => round !== '');
    return rounds.map((round) =>
      comparable(
        responseTexts(
          responsesIn(round).map(({ status, body }) => ({
            status,
            // Behind a body may be what a create has printed, which has no head.
            body: JSON.parse(safeJson(Buffer.from(body.toString('utf8').split('\n')[0] ?? ''))) as unknown,
          })),
        ),
      ),
    );
  } finally {
    await standIn.close();
  }
}

/** Responses but those to creates, in the order of their texts: those of a race come in any order. */
export function comparable(responses: readonly string[]): string[] {
  return responses.filter((one) => !one.startsWith('201')).sort();
}

function run(script: string, providerStateUrl: URL | undefined): Promise<string> {
  const env = { ...process.env, PROVIDER_STATE_URL: providerStateUrl?.href };
  return new Promise((resolve) => {
    execFile('bash', ['-u', '-c', script], { env, encoding: 'latin1' }, (_error, stdout) => resolve(stdout));
  });
}
