import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { Connection } from './connection';
import { proxyHeaders, type Proxy } from './proxy';

/** The proxy did not open a tunnel, so that nothing was sent to the target. */
export class ProxyFailure extends Error {
  override name = 'ProxyFailure';
  constructor(
    readonly variable: string,
    /** What the proxy answered; undefined where it could not be reached. */
    readonly status: number | undefined,
    message: string,
    readonly code?: string,
  ) {
    super(message);
  }
}

type Callback = (error: Error | null, socket: Duplex) => void;

/**
 * TLS through a proxy (CONNECT). Unlike https-proxy-agent it never takes the proxy's answer for the target's, and leaves
 * no connection open when a request gives up before its tunnel is there.
 */
export class TunnelAgent extends https.Agent {
  private readonly opening = new Set<http.ClientRequest>();

  constructor(
    private readonly proxy: Proxy,
    /** Towards the proxy, where that speaks TLS itself. */
    private readonly proxyContext: tls.SecureContext | undefined,
    options: https.AgentOptions,
  ) {
    super(options);
  }

  override createConnection(options: https.RequestOptions, callback?: Callback): undefined {
    const { url, variable } = this.proxy;
    const host = String(options.host);
    const authority = `${net.isIPv6(host) ? `[${host}]` : host}:${options.port}`;
    const context = this.proxyContext && { secureContext: this.proxyContext };
    const fail = (status: number | undefined, message: string, code?: string): void =>
      callback?.(new ProxyFailure(variable, status, message, code), undefined as never);
    const connect = (url.protocol === 'https:' ? https : http).request({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port || (url.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...proxyHeaders(this.proxy) },
      agent: false,
      ...context,
    });
    this.opening.add(connect);
    connect.once('close', () => this.opening.delete(connect));
    connect.once('connect', (response, socket) => {
      const { statusCode = 0 } = response;
      if (statusCode < 200 || statusCode > 299) {
        socket.destroy();
        fail(statusCode, `the proxy of ${variable} answered status ${statusCode}`);
        return;
      }
      // The host is what the certificate must name; the connection is there already.
      const secured = tls.connect({ ...(options as tls.ConnectionOptions), socket });
      callback?.(null, new Connection(secured));
    });
    connect.once('error', (error: NodeJS.ErrnoException) => {
      const { code, message } = error;
      fail(undefined, `the proxy of ${variable} can't be reached (${code ?? message})`, code);
    });
    connect.end();
    return undefined;
  }

  override destroy(): void {
    for (const connect of this.opening) connect.destroy();
    super.destroy();
  }
}
