import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { pinnedContract } from '../../src/contract/contract';
import { computable } from '../../src/gateway/computable';
import { Secrets } from '../../src/gateway/secrets';
import { Translator } from '../../src/gateway/translator';
import { Wire } from '../../src/gateway/wire';
import { MAX_BODY_BYTES, type WireAnswer } from '../../src/gateway/wire-message';
import { checkedResponseOf } from '../../src/judging/checked-response';
import { runCheck } from '../../src/judging/checks';
import type { Exchange } from '../../src/judging/exchange';
import { judgeAnswer } from '../../src/judging/rules';
import { judgeRace, type RaceResponse } from '../../src/model/race';
import type { Shown } from '../../src/model/session';
import type { FindingLine } from '../../src/run/variant-runs';
import { responsesIn, safeJson, withoutCarets } from './printed-responses';

/*
 * Whether what a line has printed shows its finding: judged by the same rules and checks by which the run has found it.
 */

/** What a line has printed. */
export interface Output {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** Exit codes of curl, which it names in its messages. */
const CURL_FAILURES: Record<string, RegExp> = {
  timeout: /curl: \(28\)/,
  'no-answer': /curl: \((?:52|56)\)/,
  truncated: /curl: \((?:18|56)\)/,
};

/** Whether what a line has printed shows its finding: by the rules and checks that found it. */
export async function shows(finding: FindingLine, output: Output): Promise<boolean> {
  const { code } = finding;
  const failure = CURL_FAILURES[code];
  if (failure) return failure.test(output.stderr);
  if (code === 'too-large') return Number(output.stdout.trim()) > MAX_BODY_BYTES;
  if (code === 'id-computable' || code === 'id-repeated') return idsShow(code, output.stdout);
  const printed = withoutCarets(output.stdout);
  if (code === 'malformed' || code === 'encoding') return (await kindOf(printed)) === code;
  const responses = responsesIn(printed.replace(/^approval: \d+\n/gm, ''));
  if (finding.check?.name.startsWith('hasAnOrder')) return raceShows(finding, responses, printed);
  return responses.some((_response, i) => shownBy(finding, responses.slice(0, i + 1), output));
}

function idsShow(code: string, stdout: string): boolean {
  const lines = stdout.trim().split('\n');
  const ids = lines.filter((_line, i) => i % 2 === 1);
  if (code === 'id-repeated') return new Set(ids).size < ids.length;
  const dated = ids.map((id, i) => ({
    id,
    from: Number(lines[2 * i]) * 1000,
    to: Number(lines[2 * i + 2]) * 1000,
  }));
  return computable(dated) !== undefined;
}

/** Whether no order of the operations of a round explains its responses; the last one is the poll after the race. */
function raceShows(
  { requirement, code, line }: FindingLine,
  responses: WireAnswer[],
  printed: string,
): boolean {
  const size = responses.length / Number(/round in \{1\.\.(\d+)\}/.exec(line)?.[1] ?? 1);
  const approvals = [...printed.matchAll(/approval: (\d+)/g)].map(([, status]) => Number(status));
  return Array.from({ length: responses.length / size }, (_one, i) => {
    const operations = responses.slice(i * size, (i + 1) * size).map((response, place): RaceResponse => {
      const { action, ...rest } = operationOf(response);
      const sentAtMs = place === size - 1 ? 2 : 0;
      return { action, ...rest, isLost: false, sentAtMs, answeredAtMs: sentAtMs + 1 };
    });
    const status = approvals[i];
    if (status !== undefined)
      operations.push({ action: 'approve', status, isLost: false, sentAtMs: 0, answeredAtMs: 1 });
    // Those that were accepted are denials of another session.
    const ofSession = operations.filter(
      ({ action, status }) => requirement !== 'DENY-8' || action !== 'deny' || status !== 200,
    );
    return judgeRace(ofSession, { mayExpire: false, hookKeepsRules: true })?.code;
  }).includes(code);
}

/** Responses come in the order in which they were complete; a denial is told from a poll by its body. */
function operationOf({
  status,
  body,
}: WireAnswer): Pick<RaceResponse, 'action' | 'status' | 'seen' | 'apiKey'> {
  const json = JSON.parse(safeJson(body)) as { success?: boolean; status?: string; apiKey?: string } | null;
  if (json?.success !== undefined) return { action: 'deny', status };
  const seen = (status === 404 ? 'gone' : (json?.status ?? 'unclear')) as Shown;
  return { action: 'poll', status, seen, apiKey: json?.apiKey };
}

/** Whether the last of these responses shows the finding, after the others. */
function shownBy(
  { requirement, code, check, exchange, sent }: FindingLine,
  responses: WireAnswer[],
  output: Output,
): boolean {
  const secrets = new Secrets();
  const translator = new Translator(new URL(exchange.base), {}, secrets, undefined);
  for (const id of sessionIdsIn(output)) secrets.label('SESSION', id);
  const exchanges = responses.map((response): Exchange => {
    const { answer } = translator.fromWire(response, exchange.operation);
    return { ...exchange, answer, failure: undefined };
  });
  const last = exchanges.at(-1);
  if (!last?.answer) return false;
  if (code === 'key-changed') {
    const keys = exchanges
      .map((one) => checkedResponseOf(one, pinnedContract()).apiKey)
      .filter((key) => key !== undefined);
    return new Set(keys).size > 1;
  }
  if (check) return runCheck(check, checkedResponseOf(last, pinnedContract())).deviation?.code === code;
  const body = JSON.parse(safeJson(responses.at(-1)?.body)) as unknown;
  const facts = {
    judgedAs: exchange.judgedAs,
    repeated: false,
    ...(body !== undefined && { body }),
    ...(sent && { sent }),
  };
  return judgeAnswer(last, last.answer, pinnedContract(), facts).some(
    (judgement) => judgement.requirement === requirement && judgement.deviation?.code === code,
  );
}

/** Ids of the sessions that a line created, as far as it shows them. */
function sessionIdsIn({ stdout }: Output): string[] {
  return [...stdout.matchAll(/"sessionId":"([^"]+)"/g)].map(([, id = '']) => id);
}

/** How the suite's own client reads what a line has printed. */
async function kindOf(stdout: string): Promise<string | undefined> {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(Buffer.from(stdout, 'latin1')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const wire = new Wire(origin, 5000, {});
  const { failure } = await wire.send(
    { method: 'DELETE', origin, path: '/', headers: {}, body: undefined },
    'own',
  );
  wire.close();
  server.close();
  return failure?.kind;
}
