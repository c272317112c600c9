import { getProxyForUrl } from 'proxy-from-env';
import { isLoopback } from './loopback';
import { percentDecoded } from './percent-decoded';

/** A proxy that leads to a target. */
export interface Proxy {
  url: URL;
  /** The environment variable that names it. */
  variable: string;
}

/** A proxy variable can't be used; the message is one line, without credentials. */
export class WrongProxy extends Error {
  override name = 'WrongProxy';
}

const VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'];

/**
 * The proxy for a URL, as the environment says. Loopback is reached without one.
 * @throws WrongProxy
 */
export function proxyFor(target: URL): Proxy | undefined {
  if (isLoopback(target) || getProxyForUrl(target) === '') return undefined;
  const scheme = target.protocol.replace(':', '').toUpperCase();
  const variable = setVariable(`${scheme}_PROXY`) ?? setVariable('ALL_PROXY');
  if (variable === undefined) return undefined;
  return { url: parseProxy(variable, process.env[variable] ?? ''), variable };
}

/** In the order of proxy-from-env, which prefers lower case as curl does. */
function setVariable(name: string): string | undefined {
  return [name.toLowerCase(), name].find((one) => (process.env[one] ?? '') !== '');
}

function parseProxy(variable: string, value: string): URL {
  // Without a scheme it is an HTTP proxy, as for curl.
  const text = value.includes('://') ? value.trim() : `http://${value.trim()}`;
  if (!URL.canParse(text) || new URL(text).hostname === '')
    throw new WrongProxy(`${variable} is not a URL; give one such as http://proxy.example.com:3128`);
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new WrongProxy(
      `${variable} must begin with http:// or https://; ${url.protocol}// proxies are not supported`,
    );
  return url;
}

/** Proxy-Authorization for a proxy whose URL holds credentials. */
export function proxyHeaders({ url }: Proxy): Record<string, string> {
  if (url.username === '' && url.password === '') return {};
  const credentials = `${percentDecoded(url.username)}:${percentDecoded(url.password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
}

/** What no report may show of the proxies that are set, whichever of them a run uses. */
export function proxySecrets(): string[] {
  return VARIABLES.flatMap((name) => [process.env[name], process.env[name.toLowerCase()]]).flatMap(
    (value = '') => {
      const text = value.includes('://') ? value : `http://${value}`;
      if (!URL.canParse(text)) return [];
      const { username, password } = new URL(text);
      if (username === '' && password === '') return [];
      const pair = `${percentDecoded(username)}:${percentDecoded(password)}`;
      return [
        pair,
        percentDecoded(password) || percentDecoded(username),
        Buffer.from(pair).toString('base64'),
      ];
    },
  );
}

/** Variables that are set although none of them applies to a target. */
export function unusedProxyVariables(): string[] {
  return VARIABLES.flatMap((name) => setVariable(name) ?? []);
}
