import { readFileSync } from 'node:fs';
import tls from 'node:tls';

/** Certificates beside those that Node.js knows, in PEM. */
export interface Certificates {
  /** Authorities to trust beside the usual ones. */
  ca?: string;
  /** The client's own certificate, and its key. */
  cert?: string;
  key?: string;
  passphrase?: string;
}

/** What a TLS connection is made with; undefined where Node.js's defaults do. */
export interface Trust {
  /** Towards the target. */
  own: tls.SecureContext | undefined;
  /** Towards all others: without the client's own certificate. */
  others: tls.SecureContext | undefined;
  hasClientCertificate: boolean;
}

/** Made once: to read all authorities takes longer than a request. */
export function createTrust({ ca, ...client }: Certificates): Trust {
  const authorities = ca !== undefined && { ca: [...defaultAuthorities(), ca] };
  const others = authorities ? tls.createSecureContext(authorities) : undefined;
  const hasClientCertificate = client.cert !== undefined;
  const own = hasClientCertificate ? tls.createSecureContext({ ...client, ...authorities }) : others;
  return { own, others, hasClientCertificate };
}

/** What CA_CERT_PATH names, for requests that are made without the settings of a run. */
export function environmentCertificates(): Certificates {
  const path = process.env.CA_CERT_PATH;
  if (path === undefined || path === '') return {};
  try {
    return { ca: readFileSync(path, 'utf8') };
  } catch (error) {
    throw new Error(`CA_CERT_PATH: ${path} can't be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** Node.js replaces its own authorities by those that are given; what NODE_EXTRA_CA_CERTS names is lost with them. */
function defaultAuthorities(): string[] {
  // Node.js 22.15 and later.
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] };
  if (getCACertificates) return getCACertificates('default');
  const extra = process.env.NODE_EXTRA_CA_CERTS;
  return [...tls.rootCertificates, ...(extra ? readIfAny(extra) : [])];
}

/** Node.js itself only warns about a file that it can't read. */
function readIfAny(path: string): string[] {
  try {
    return [readFileSync(path, 'utf8')];
  } catch {
    return [];
  }
}
