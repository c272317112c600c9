import type http from 'node:http';
import { Readable } from 'node:stream';
import zlib from 'node:zlib';
import { hintFor } from './hints';
import { Route } from './route';
import { ProxyFailure } from './tunnel-agent';
import { createTrust, environmentCertificates } from './trust';

/** A request got no answer. `hint` tells the likely cause and what to set. */
export class FetchFailure extends Error {
  override name = 'FetchFailure';
  /** A code of the system or of Node.js, or what the proxy did. Messages of other errors may repeat the address. */
  readonly reason: string | undefined;
  constructor(
    cause: Error,
    readonly hint: string | undefined,
  ) {
    super(cause.message, { cause });
    const { code } = cause as NodeJS.ErrnoException;
    this.reason = cause instanceof ProxyFailure ? cause.message : code;
  }
}

type Body = ConstructorParameters<typeof Response>[0];

const NO_BODY = new Set([204, 205, 304]);

/**
 * GET as by fetch(), which on Node.js 20 and 22 knows no proxies: through those of the environment, trusting what
 * CA_CERT_PATH names. Redirects are left to the caller.
 * @throws FetchFailure, WrongProxy, or the reason of the signal
 */
export async function fetchUrl(
  url: string,
  { signal, headers = {} }: { signal: AbortSignal; headers?: Record<string, string> },
): Promise<Response> {
  const { origin, pathname, search } = new URL(url);
  const route = new Route(new URL(origin), createTrust(environmentCertificates()));
  const agent = route.newAgent({});
  const outgoing = route.request(`${pathname}${search}`, {
    method: 'GET',
    headers: { 'accept-encoding': 'gzip, deflate, br', ...headers },
    agent,
    signal,
  });
  try {
    const incoming = await new Promise<http.IncomingMessage>((resolve, reject) => {
      outgoing.once('response', resolve).once('error', reject).end();
    });
    incoming.once('close', () => agent.destroy());
    return responseOf(incoming);
  } catch (error) {
    agent.destroy();
    if (signal.aborted) throw error;
    throw new FetchFailure(error as Error, hintFor(error as Error, route, false));
  }
}

function responseOf(incoming: http.IncomingMessage): Response {
  const headers = new Headers();
  for (let i = 0; i < incoming.rawHeaders.length; i += 2)
    headers.append(incoming.rawHeaders[i] ?? '', incoming.rawHeaders[i + 1] ?? '');
  const status = incoming.statusCode ?? 0;
  if (NO_BODY.has(status)) incoming.resume();
  const body = NO_BODY.has(status) ? null : (Readable.toWeb(decoded(incoming)) as Body);
  return new Response(body, { status, headers });
}

/** The body without its content coding. */
function decoded(incoming: http.IncomingMessage): Readable {
  const decoders: Record<string, () => zlib.Gunzip | zlib.Inflate | zlib.BrotliDecompress> = {
    gzip: () => zlib.createGunzip(),
    'x-gzip': () => zlib.createGunzip(),
    deflate: () => zlib.createInflate(),
    br: () => zlib.createBrotliDecompress(),
  };
  const decoder = decoders[(incoming.headers['content-encoding'] ?? '').trim().toLowerCase()]?.();
  if (!decoder) return incoming;
  incoming.on('error', (error) => decoder.destroy(error));
  decoder.once('close', () => incoming.destroy());
  return incoming.pipe(decoder);
}
