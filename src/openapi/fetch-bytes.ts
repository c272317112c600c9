import { FetchFailure, fetchUrl } from '../network/fetch';
import { WrongProxy } from '../network/proxy';
import { shownAddress } from '../contract/shown-address';
import { UnreadableSource } from '../contract/unreadable-source';
import { percentDecoded } from '../network/percent-decoded';

const TIMEOUT_MS = 15_000;
const MAX_REDIRECTS = 20;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * The bytes that an http(s) URL answers with, through the proxy of the environment. Redirects are followed here, which
 * says how they lead in a loop. A user name and a password in the URL are sent as Basic credentials, to that origin alone.
 * @throws UnreadableSource, which shows neither credentials nor a query
 */
export async function fetchBytes(address: string, maxBytes: number): Promise<Buffer> {
  const shown = shownAddress(address);
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await follow(parseUrl(address, shown), signal);
    return await readBody(response, maxBytes, shown);
  } catch (error) {
    if (error instanceof UnreadableSource) throw error;
    if (signal.aborted)
      throw new UnreadableSource(`${shown}: no complete answer within ${TIMEOUT_MS / 1000} s`);
    const { message } = error as Error;
    if (error instanceof WrongProxy || message.startsWith('CA_CERT_PATH:'))
      throw new UnreadableSource(`${shown}: ${message}`);
    const { reason, hint } = error instanceof FetchFailure ? error : {};
    throw new UnreadableSource(
      `${shown}: can't be fetched (${reason ?? 'network error'})${hint === undefined ? '' : `: ${hint}`}`,
    );
  }
}

async function follow(start: URL, signal: AbortSignal): Promise<Response> {
  const shown = shownAddress(start.href);
  const seen = new Set<string>();
  for (let url = start; ;) {
    if (seen.has(url.href)) throw new UnreadableSource(`${shown}: redirects in a loop (${hosts(seen)})`);
    if (seen.size > MAX_REDIRECTS)
      throw new UnreadableSource(`${shown}: redirects more than ${MAX_REDIRECTS} times (${hosts(seen)})`);
    seen.add(url.href);
    const response = await request(url, signal, url.origin === start.origin ? start : url);
    const location = response.headers.get('location');
    if (!REDIRECTS.has(response.status) || location === null) {
      const from = seen.size > 1 ? ` redirected to ${shownAddress(url.href)}, which` : '';
      if (!response.ok)
        throw new UnreadableSource(
          `${shown}:${from} answered ${response.status}; give the document's own address`,
        );
      return response;
    }
    await response.body?.cancel();
    if (!URL.canParse(location, url.href))
      throw new UnreadableSource(`${shown}: redirects to what is not a URL; give the document's own address`);
    url = new URL(location, url);
    if (!/^https?:$/.test(url.protocol))
      throw new UnreadableSource(`${shown}: redirects to ${shownAddress(url.href)}, which is not http(s)`);
  }
}

/** @param credentials the URL whose user name and password are sent, where it has them */
function request(url: URL, signal: AbortSignal, credentials: URL): Promise<Response> {
  const bare = new URL(url);
  bare.username = bare.password = bare.hash = '';
  const { username, password } = credentials;
  const pair = `${percentDecoded(username)}:${percentDecoded(password)}`;
  const headers: Record<string, string> = { accept: 'application/json, application/yaml, text/*, */*;q=0.5' };
  if (username || password) headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  return fetchUrl(bare.href, { signal, headers });
}

async function readBody(response: Response, maxBytes: number, shown: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(shown, maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function tooLarge(shown: string, maxBytes: number): UnreadableSource {
  return new UnreadableSource(`${shown}: is larger than ${maxBytes / 1_000_000} MB`);
}

function parseUrl(address: string, shown: string): URL {
  try {
    return new URL(address);
  } catch {
    throw new UnreadableSource(`${shown}: is not a URL; give one such as https://example.com/openapi.json`);
  }
}

function hosts(addresses: Set<string>): string {
  const names = [...new Set([...addresses].map((one) => shownAddress(one)))];
  return names.length > 4 ? `${names.slice(0, 4).join(' -> ')} -> ...` : names.join(' -> ');
}
