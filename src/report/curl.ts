import type { Exchange } from '../judging/exchange';
import { shellPath } from '../catalogue/derived-ids';

/** One line of shell that repeats an exchange, with what led to it. Secrets are variables that it sets, or has to be given. */
export function curlOf(exchange: Exchange, history: Exchange[]): string {
  const steps = history.map((step) =>
    step.operation === 'create' ? createStep(step) : `curl -s ${request(step)}`,
  );
  if (exchange.state === 'completed')
    steps.push("read -p 'Approve the session in a browser, then press Enter: '");
  if (exchange.state === 'expired')
    steps.push("read -p 'Wait until the session has expired, then press Enter: '");
  return [...steps, `curl -i ${request(exchange)}`].join('; ');
}

function createStep(step: Exchange): string {
  return `${step.session?.slice(1)}=$(curl -s ${request(step)} | jq -r .sessionId)`;
}

function request({ method, base, path, requestHeaders, requestBody }: Exchange): string {
  const url = `${base}${shellPath(path)}`;
  const parts = [method === 'HEAD' ? '--head' : `-X ${method}`, '--path-as-is', doubleQuoted(url)];
  for (const [name, value] of Object.entries(requestHeaders))
    if (!(name === 'accept' && value === '*/*')) parts.push(`-H ${doubleQuoted(`${name}: ${value}`)}`);
  if (requestBody !== undefined)
    parts.push(`-d ${requestBody.includes('$') ? doubleQuoted(requestBody) : singleQuoted(requestBody)}`);
  return parts.filter((part) => part !== '--path-as-is' || url.includes('%')).join(' ');
}

/** Leaves the variables to the shell. */
function doubleQuoted(text: string): string {
  return /\$\(/.test(text) ? `"${text}"` : `"${text.replace(/[\\"`]/g, '\\$&')}"`;
}

function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
