import http from 'node:http';
import https from 'node:https';
import { PlainAgent, SecureAgent } from './agents';
import { proxyFor, proxyHeaders, type Proxy } from './proxy';
import type { Trust } from './trust';
import { TunnelAgent } from './tunnel-agent';

/** How requests come to an origin: directly, through a tunnel (https), or by a proxy that forwards them (http). */
export class Route {
  readonly proxy: Proxy | undefined;
  private readonly isSecure: boolean;

  /**
   * @param isTarget the client's own certificate is for this origin
   * @throws WrongProxy
   */
  constructor(
    private readonly origin: URL,
    private readonly trust?: Trust,
    private readonly isTarget = false,
  ) {
    this.proxy = proxyFor(origin);
    this.isSecure = origin.protocol === 'https:';
  }

  /** The proxy reads the requests and sends others in their place. */
  get isForwarded(): boolean {
    return this.proxy !== undefined && !this.isSecure;
  }

  newAgent(options: http.AgentOptions): http.Agent {
    const { trust, proxy } = this;
    const toOthers = trust?.others && { secureContext: trust.others };
    const toOrigin = this.isTarget ? trust?.own && { secureContext: trust.own } : toOthers;
    const secure = { ALPNProtocols: ['http/1.1'], ...options };
    if (this.isSecure)
      return proxy
        ? new TunnelAgent(proxy, trust?.others, { ...secure, ...toOrigin })
        : new SecureAgent({ ...secure, ...toOrigin });
    return proxy?.url.protocol === 'https:'
      ? new SecureAgent({ ...secure, ...toOthers })
      : new PlainAgent(options);
  }

  /** @param path path and query, sent as they stand; http.request would send them so, too, but not to a proxy */
  request(
    path: string,
    options: http.RequestOptions & { headers: Record<string, string> },
  ): http.ClientRequest {
    const { host } = this.origin;
    const via = this.isForwarded && this.proxy ? this.proxy : undefined;
    const { protocol, hostname, port } = via?.url ?? this.origin;
    const isSecure = protocol === 'https:';
    return (isSecure ? https : http).request({
      ...options,
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port || (isSecure ? 443 : 80),
      path: via ? `http://${host}${path}` : path,
      headers: via ? { host, ...options.headers, ...proxyHeaders(via) } : options.headers,
    });
  }
}
