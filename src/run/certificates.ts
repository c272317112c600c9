import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import type { Certificates } from '../network/trust';
import { readSmallFile, UnreadableFile } from './small-file';

/** The settings as they are given: paths, and the passphrase. */
export interface CertificatePaths {
  cert: string | undefined;
  key: string | undefined;
  passphrase: string | undefined;
  ca: string | undefined;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;
const KEY = /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/;

/**
 * Reads the files and checks that they fit together, so that a wrong one is not taken for an outage later.
 * @param lines gets one line for each thing that is wrong; none shows a passphrase or a part of a key
 */
export function readCertificates(paths: CertificatePaths, lines: string[]): Certificates {
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      lines.push((error as Error).message);
      return undefined;
    }
  };
  const ca = attempt(() => paths.ca && readPem('CA_CERT_PATH', paths.ca).text);
  const client = attempt(() => readClient(paths));
  return { ...(ca && { ca }), ...client };
}

function readClient({ cert, key, passphrase }: CertificatePaths): Certificates {
  if (cert === undefined) {
    if (key !== undefined) throw new Error('CLIENT_KEY_PATH is set without CLIENT_CERT_PATH; set both');
    if (passphrase !== undefined)
      throw new Error('CLIENT_KEY_PASSPHRASE is set without CLIENT_CERT_PATH and CLIENT_KEY_PATH');
    return {};
  }
  const { text, certificates } = readPem('CLIENT_CERT_PATH', cert);
  // Some keep the certificate and its key in one file.
  if (key === undefined && !KEY.test(text))
    throw new Error('CLIENT_CERT_PATH is set without CLIENT_KEY_PATH; set both');
  const keyText = key === undefined ? text : readFile('CLIENT_KEY_PATH', key);
  const keyName = key === undefined ? 'CLIENT_CERT_PATH' : 'CLIENT_KEY_PATH';
  const privateKey = parseKey(keyName, keyText, passphrase);
  // A chain begins with the client's own certificate.
  if (!certificates[0]?.checkPrivateKey(privateKey))
    throw new Error(`${keyName} is not the key of the certificate in CLIENT_CERT_PATH`);
  return { cert: text, key: keyText, ...(passphrase !== undefined && { passphrase }) };
}

function readPem(name: string, path: string): { text: string; certificates: X509Certificate[] } {
  const text = readFile(name, path);
  const found = text.match(CERTIFICATE) ?? [];
  if (found.length === 0)
    throw new Error(`${name} names a file without a certificate in PEM (-----BEGIN CERTIFICATE-----)`);
  try {
    return { text, certificates: found.map((one) => new X509Certificate(one)) };
  } catch {
    throw new Error(`${name} names a file with a certificate that can't be read`);
  }
}

function readFile(name: string, path: string): string {
  try {
    return readSmallFile(path);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    throw new Error(`${name}: ${path} ${error.message}`);
  }
}

function parseKey(name: string, text: string, passphrase: string | undefined): KeyObject {
  if (!KEY.test(text))
    throw new Error(`${name} names a file without a private key in PEM (-----BEGIN PRIVATE KEY-----)`);
  try {
    return createPrivateKey({ key: text, ...(passphrase !== undefined && { passphrase }) });
  } catch {
    const isEncrypted = /ENCRYPTED/.test(text);
    if (isEncrypted && passphrase === undefined)
      throw new Error(`${name} names a key with a passphrase; set CLIENT_KEY_PASSPHRASE`);
    if (isEncrypted) throw new Error(`CLIENT_KEY_PASSPHRASE is not the passphrase of the key in ${name}`);
    throw new Error(`${name} names a file with a key that can't be read`);
  }
}
