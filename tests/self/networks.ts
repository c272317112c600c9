import { generateKeyPairSync, randomBytes } from 'node:crypto';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import forge from 'node-forge';

/*
 * Networks on this machine: certificates, and proxies that alone know a host.
 */

export interface Issued {
  cert: string;
  key: string;
  subject: string;
}

interface CertificateOptions {
  /** Signs it; without one the certificate is self-signed. */
  issuer?: Issued;
  isCa?: boolean;
  names?: string[];
  notAfter?: Date;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** A certificate and its key, in PEM. Keys are made by Node.js, which is a hundred times as fast as node-forge. */
export function certificate(subject: string, options: CertificateOptions = {}): Issued {
  const { issuer, isCa = false, names = [], notAfter = new Date(Date.now() + DAY_MS) } = options;
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const cert = forge.pki.createCertificate();
  cert.publicKey = forge.pki.publicKeyFromPem(publicKey);
  // A first byte from 01 to 7F: DER wants no leading zeros, and no negative number.
  cert.serialNumber = `01${randomBytes(8).toString('hex')}`;
  cert.validity.notBefore = new Date(notAfter.getTime() - 10 * DAY_MS);
  cert.validity.notAfter = notAfter;
  cert.setSubject([{ name: 'commonName', value: subject }]);
  cert.setIssuer([{ name: 'commonName', value: issuer?.subject ?? subject }]);
  cert.setExtensions([
    { name: 'basicConstraints', cA: isCa },
    ...(isCa ? [{ name: 'keyUsage', keyCertSign: true }] : []),
    {
      name: 'subjectAltName',
      altNames: names.map((value) => (net.isIP(value) ? { type: 7, ip: value } : { type: 2, value })),
    },
  ]);
  cert.sign(forge.pki.privateKeyFromPem(issuer?.key ?? privateKey), forge.md.sha256.create());
  return { cert: forge.pki.certificateToPem(cert), key: privateKey, subject };
}

export interface TestProxy {
  url: string;
  /** What it was asked for: "CONNECT host:port", or "GET http://host/path". */
  requests: string[];
  close(): Promise<void>;
}

/** A proxy that alone knows where hosts are; asks for credentials if given some. */
export async function startProxy(
  hosts: Record<string, number>,
  { credentials, status }: { credentials?: string; status?: number } = {},
): Promise<TestProxy> {
  const requests: string[] = [];
  const sockets = new Set<net.Socket>();
  const refusal = (headers: http.IncomingHttpHeaders): number | undefined => {
    const expected = `Basic ${Buffer.from(credentials ?? '').toString('base64')}`;
    if (credentials !== undefined && headers['proxy-authorization'] !== expected) return 407;
    return status;
  };
  const server = http.createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const url = new URL(request.url ?? '');
    const refused = refusal(request.headers) ?? (hosts[url.host] === undefined ? 502 : undefined);
    if (refused !== undefined) {
      response.writeHead(refused).end('proxy');
      return;
    }
    const headers = { ...request.headers };
    delete headers['proxy-authorization'];
    const path = request.url?.replace(/^http:\/\/[^/]+/, '');
    const onward = http.request(
      { host: '127.0.0.1', port: hosts[url.host], method: request.method, path, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.on('connect', (request: http.IncomingMessage, inside: net.Socket) => {
    requests.push(`CONNECT ${request.url}`);
    const port = hosts[request.url ?? ''];
    const refused = refusal(request.headers) ?? (port === undefined ? 502 : undefined);
    if (refused !== undefined || port === undefined) {
      inside.end(`HTTP/1.1 ${refused} Refused\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const outside = net.connect(port, '127.0.0.1', () => {
      inside.write('HTTP/1.1 200 Connection established\r\n\r\n');
      inside.pipe(outside);
      outside.pipe(inside);
    });
    outside.on('error', () => inside.destroy());
    inside.on('close', () => outside.destroy());
    outside.on('close', () => inside.destroy());
  });
  const port = await listen(server);
  return {
    requests,
    url: `http://${credentials === undefined ? '' : `${credentials}@`}127.0.0.1:${port}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export async function listen(server: net.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Runs with some variables of the environment set, and all proxy variables unset but for these. */
export async function withEnvironment<T>(env: Record<string, string>, run: () => Promise<T>): Promise<T> {
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [
    name,
    name.toLowerCase(),
  ]);
  const before = Object.fromEntries([...names, ...Object.keys(env)].map((name) => [name, process.env[name]]));
  for (const name of Object.keys(before)) delete process.env[name];
  Object.assign(process.env, env);
  try {
    return await run();
  } finally {
    for (const [name, value] of Object.entries(before))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  }
}
