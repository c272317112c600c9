import { HTTP2_ONLY } from '../network/hints';
import { proxyFor } from '../network/proxy';
import type { Exchange } from '../judging/exchange';
import type { Call } from './call';
import { requestText } from '../judging/sample';
import { headerValues, TURNED_AWAY, type Answer, type FailureKind } from '../judging/answer';

/** Answers not of the API but of what stands before it, or of an API that is not there for us. */
const NOT_ITS_OWN = new Set([401, 403, 407, 429, 502, 503, 504]);

/** A complete JSON answer of the API, right or wrong. What redirects is not it, or not at its address. */
export function isAnswer({ answer, failure }: Exchange): boolean {
  const isRedirect = answer !== undefined && answer.status >= 300 && answer.status < 400;
  return !failure && answer?.json !== undefined && !NOT_ITS_OWN.has(answer.status) && !isRedirect;
}

/** What is answered where no such operation is, by whatever is there instead. */
export function isNotThere({ answer }: Exchange): boolean {
  return answer !== undefined && [404, 405, 501].includes(answer.status);
}

/** Before any byte of an answer; whether the request was acted on is unknown. */
export function isResetBeforeAnyByte({ failure }: Exchange): boolean {
  return failure?.kind === 'reset';
}

export function isTurnedAway({ answer, failure }: Exchange): boolean {
  return !failure && answer !== undefined && TURNED_AWAY.has(answer.status);
}

/** What rate limiters answer: 429, or 503 as nginx does unless told otherwise. */
export function isRateLimited({ answer, failure }: Exchange): boolean {
  return !failure && (answer?.status === 429 || answer?.status === 503);
}

/** The target, or what stands before it, asks to come back later; or a proxy has not let the request pass. */
export function mustWait(call: Call, exchange: Exchange): boolean {
  if (exchange.failure?.kind === 'proxy') return true;
  return isTurnedAway(exchange) && (exchange.answer?.status === 429 || !isOutsideTheDocument(call));
}

/** Requests that an intermediary may answer in its own way. */
function isOutsideTheDocument({ operation, state }: Call): boolean {
  return operation === 'other' || state === 'malformed';
}

/** Requests that find no session, whether the API or an intermediary answers them. */
export function isOfNoSession(call: Call): boolean {
  return isOutsideTheDocument(call) || call.state === 'near-miss';
}

/** There is no answer, or it may not be the API's own. */
export function isInDoubt(call: Call, exchange: Exchange): boolean {
  if (mustWait(call, exchange)) return false;
  // RFC 9112, section 9.5: a server may close an idle connection at any time.
  if (exchange.failure) return !(isResetBeforeAnyByte(exchange) && exchange.reused);
  if (isAnswer(exchange) || call.operation === 'other') return false;
  // An intermediary may reject an id of no session with a page; a page that accepts it, or a crash, is in doubt.
  const status = exchange.answer?.status ?? 0;
  return !isOfNoSession(call) || status < 300 || status === 500;
}

/** Retry-After in ms: seconds, or an HTTP date that counts from the answer's own Date. */
export function retryAfterMs(answer: Answer | undefined): number | undefined {
  const value = answer && headerValues(answer, 'retry-after')[0]?.trim();
  if (!answer || value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const now = Date.parse(headerValues(answer, 'date')[0] ?? '') || Date.now();
  // Date.parse takes "-1" for a year.
  const at = /^[a-z]/i.test(value) ? Date.parse(value) : NaN;
  return Number.isNaN(at) ? undefined : Math.max(at - now, 0);
}

const HINTS: Record<FailureKind, string> = {
  refused: 'nothing listens there; is the API up, and BASE_URL right?',
  dns: 'the host name is not known; is BASE_URL right?',
  unreachable: 'the network does not lead there; is a VPN missing?',
  tls: 'no secure connection; is the scheme of BASE_URL right, and the certificate trusted (CA_CERT_PATH)?',
  proxy: 'is the proxy up, and does it allow the target?',
  reset:
    'connections are closed before any response; are scheme and port of BASE_URL right, is something in between, does the server ask for a client certificate (CLIENT_CERT_PATH)?',
  timeout: 'is the API overloaded, or behind a firewall?',
  truncated: 'responses break off; is something in between?',
  malformed: 'what answers does not speak HTTP, or speaks TLS; is the scheme of BASE_URL right?',
  'bad-gateway': 'the API is down behind its gateway',
  'too-large': 'responses do not end; is this the API?',
  encoding: 'responses cannot be decoded; is something in between?',
};

/** An outage that begins after responses: no setting is wrong, but a request may have crashed the API. */
export function describeLaterOutage(exchange: Exchange): string {
  return describeOutage(exchange, `the API responded until this request: ${requestText(exchange)}`);
}

/** The likely cause of an outage and what to try, as one line. */
export function describeOutage(exchange: Exchange, hint?: string): string {
  const { failure, answer, base } = exchange;
  const proxy = URL.canParse(base) ? proxyFor(new URL(base)) : undefined;
  const through = proxy ? ` through the proxy of ${proxy.variable}` : '';
  if (failure?.kind === 'proxy') return `${failure.message}: ${failure.hint ?? HINTS.proxy}`;
  if (failure) return `${failure.message}${through}: ${failure.hint ?? hint ?? HINTS[failure.kind]}`;
  if (!answer) return 'no response';
  const what = `status ${answer.status} with ${headerValues(answer, 'content-type')[0] ?? 'no body type'}`;
  return `${what}${through}${hintForAnswer(answer)}`;
}

/** How long the answer asks to wait. */
function askedWait(answer: Answer): string {
  const ms = retryAfterMs(answer) ?? 0;
  return ms > 0 ? `, and it asks to wait for ${Math.ceil(ms / 1000)} s` : '';
}

/** Where a redirect leads; the rest of its address may be secret. */
function originOf(location: string): string {
  const url = URL.canParse(location) ? new URL(location) : undefined;
  return url?.host ? ` to ${url.protocol}//${url.host}` : '';
}

/** What servers say to plain HTTP at a port for TLS: nginx, Apache httpd and Go. */
const PLAIN_AT_TLS =
  /plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL-enabled|sent an HTTP request to an HTTPS server/i;

function hintForAnswer(answer: Answer): string {
  const { status, text = '' } = answer;
  if (isHttp2Only(answer)) return `: ${HTTP2_ONLY}`;
  if (status === 400 && PLAIN_AT_TLS.test(text))
    return ': this port speaks TLS; does BASE_URL begin with https://?';
  if (status >= 400 && status < 500 && /(?:SSL|TLS|client)[- ]certificate/i.test(text))
    return ': a client certificate is asked for; give one in CLIENT_CERT_PATH and CLIENT_KEY_PATH';
  if (status === 407)
    return ': a proxy asks for credentials; give them in HTTPS_PROXY or HTTP_PROXY as http://user:password@host:port';
  if (status === 429)
    return `: too many requests${askedWait(answer)}; try again later, or lower MAX_REQUESTS_PER_SECOND`;
  if (status === 401 || status === 403)
    return ': a gateway or a bot check turns the suite away; let its User-Agent pass, or give a header in EXTRA_HTTP_HEADERS';
  if (status === 404) return ': nothing is found there; is BASE_URL right?';
  if (status === 503)
    return `: the API is down or overloaded, or a rate limiter or bot check answers${askedWait(answer)}; try again later, or lower MAX_REQUESTS_PER_SECOND`;
  if (status >= 502) return ': the API is down behind its gateway';
  const [location] = headerValues(answer, 'location');
  if (location !== undefined)
    return ` and a redirect${originOf(location)}: a login page stands before the API, or BASE_URL is not its final address`;
  return ', not the JSON of the API: is BASE_URL right, or does a challenge or maintenance page stand before it?';
}

/** How servers that speak HTTP/2 only answer an HTTP/1.1 request, where they do: 505, 426 and 464, or with this text. */
function isHttp2Only(answer: Answer): boolean {
  const { status, text = '' } = answer;
  const upgrade = headerValues(answer, 'upgrade').join();
  return (
    status === 505 ||
    status === 464 ||
    (status === 426 && /h2/i.test(upgrade)) ||
    (status >= 400 && /\bALPN\b|HTTP\/2 (?:is )?(?:required|only)/i.test(text))
  );
}
