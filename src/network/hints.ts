import { unusedProxyVariables } from './proxy';
import type { Route } from './route';
import { ProxyFailure } from './tunnel-agent';

const UNKNOWN_AUTHORITY = /SELF_SIGNED_CERT|^UNABLE_TO_(?:VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT)/;
/** Alerts by which a server rejects what the client has, or has not, shown. */
const REJECTED_CLIENT =
  /ALERT_(?:BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_(?:REVOKED|EXPIRED|UNKNOWN)|UNKNOWN_CA|ACCESS_DENIED)/;
const SEND_CERTIFICATE = 'give one in CLIENT_CERT_PATH and CLIENT_KEY_PATH';

/**
 * What likely keeps a connection from being made, and what to set; undefined where its error doesn't tell.
 * @param hasClientCertificate the client has shown a certificate of its own
 */
export function hintFor(error: Error, route: Route, hasClientCertificate: boolean): string | undefined {
  if (error instanceof ProxyFailure) return proxyHint(error);
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (route.isForwarded && route.proxy)
    return `is ${route.proxy.variable} right? NO_PROXY lists hosts that are reached without it`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return unknownHostHint(route);
  // Under EPROTO the name of the alert stands in the message only.
  const reason = `${code} ${error.message}`.toUpperCase().replaceAll(' ', '_');
  return tlsHint(code, reason, hasClientCertificate);
}

function proxyHint({ variable, status }: ProxyFailure): string {
  if (status === undefined) return `is ${variable} right, and the proxy up?`;
  if (status === 407)
    return `it asks for credentials, or rejects those in ${variable}; give them as http://user:password@host:port`;
  if (status === 403 || status === 405)
    return 'it does not allow the host and port of the target; NO_PROXY lists hosts that are reached without it';
  return 'it does not reach the target; is the address right?';
}

function unknownHostHint({ proxy }: Route): string {
  const set = unusedProxyVariables();
  if (proxy || set.length === 0)
    return 'the host name is not known; is the address right, or is a proxy needed (HTTPS_PROXY, HTTP_PROXY)?';
  return `the host name is not known, and no proxy is used for it, although ${set.join(' and ')} is set: is it the variable for this scheme, or does NO_PROXY except the host?`;
}

function tlsHint(code: string, reason: string, hasClientCertificate: boolean): string | undefined {
  if (UNKNOWN_AUTHORITY.test(code))
    return 'the certificate is self-signed or of an unknown authority; give the authority in CA_CERT_PATH (or NODE_EXTRA_CA_CERTS)';
  if (code === 'CERT_HAS_EXPIRED') return "the certificate has expired, or this machine's clock is wrong";
  if (code === 'CERT_NOT_YET_VALID')
    return "the certificate is not valid yet, or this machine's clock is wrong";
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return 'the certificate is for other host names; is the address right?';
  if (reason.includes('ALERT_CERTIFICATE_REQUIRED'))
    return `a client certificate is asked for; ${SEND_CERTIFICATE}`;
  if (REJECTED_CLIENT.test(reason))
    return hasClientCertificate
      ? 'the client certificate is rejected; is CLIENT_CERT_PATH the right one, and not expired?'
      : `a client certificate may be asked for; ${SEND_CERTIFICATE}`;
  if (reason.includes('ALERT_HANDSHAKE_FAILURE'))
    return hasClientCertificate
      ? 'no agreement on TLS; is the client certificate the right one?'
      : `no agreement on TLS; if a client certificate is asked for, ${SEND_CERTIFICATE}`;
  if (reason.includes('ALERT_NO_APPLICATION_PROTOCOL')) return HTTP2_ONLY;
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNKNOWN_PROTOCOL|HTTP_REQUEST/.test(reason))
    return 'what answers does not speak TLS; is it http:// in place of https://?';
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return hasClientCertificate
      ? 'the TLS handshake is broken off; is the scheme right, and the client certificate the right one?'
      : `the TLS handshake is broken off; is the scheme right? If a client certificate is asked for, ${SEND_CERTIFICATE}`;
  return undefined;
}

export const HTTP2_ONLY =
  'it speaks HTTP/2 only, and the suite HTTP/1.1; enable HTTP/1.1, or put a gateway before it';

/** Whether bytes are a frame that an HTTP/2 server begins with: SETTINGS or GOAWAY of stream 0. */
export function isHttp2Frame(bytes: Buffer | undefined): boolean {
  if (!bytes || bytes.length < 9) return false;
  return (bytes[3] === 4 || bytes[3] === 7) && bytes.readUInt32BE(5) === 0;
}
