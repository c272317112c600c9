import { decodeUnreserved, serverUrls } from '../../contract/cut/published-paths';
import { canonicalJson, pointer, type JsonObject } from '../../contract/json';
import type { Holders } from './holders';

type Diff = (holders: Holders, before: JsonObject, after: JsonObject, place: string) => void;

/** Where requests go. */
export const diffServers: Diff = ({ old, now, valueAfter, report }, before, after, place) => {
  const [servers, serversAfter] = [before.servers as JsonObject[], after.servers as JsonObject[]];
  const [urls, urlsAfter] = [new Set(servers.flatMap(urlsOf)), new Set(serversAfter.flatMap(urlsOf))];
  const gone = servers.filter((server) => urlsOf(server).some((url) => !urlsAfter.has(url)));
  const added = serversAfter.filter((server) => urlsOf(server).some((url) => !urls.has(url)));
  const add = report();
  gone.forEach((server) => {
    const instead = added.shift();
    const key = instead?.url === server.url ? 'variables' : 'url';
    const at = instead && `${now.origin(instead)}/${key}`;
    const isThere = at !== undefined && valueAfter(at) !== undefined;
    add({
      pointer: isThere ? at : old.origin(server),
      verdict: 'breaking',
      place: `${place}/servers`,
      before: isThere ? server[key] : server,
      ...(instead && { after: isThere ? instead[key] : instead }),
      reason: `requests to ${urlsOf(server)[0]} are no longer documented`,
    });
  });
  for (const server of added)
    add({
      pointer: now.origin(server),
      verdict: 'compatible',
      place: `${place}/servers`,
      after: server,
      reason: 'one more server',
    });
};

/** The URLs that a server stands for, in one form (RFC 3986, sections 6.2.2 and 6.2.3). */
function urlsOf(server: JsonObject): string[] {
  return serverUrls(server).map(normalUrl);
}

/** Relative URLs stay relative: what they are relative to is not known. */
const UNKNOWN_ORIGIN = 'http://relative.invalid';

function normalUrl(text: string): string {
  if (!URL.canParse(text, UNKNOWN_ORIGIN)) return text;
  // Case of scheme and host, the default port and dot segments are the URL parser's work.
  const url = new URL(text, UNKNOWN_ORIGIN);
  url.pathname = url.pathname.replace(/%[\da-f]{2}/gi, decodeUnreserved).replace(/\/+$/, '');
  return url.href.replace(UNKNOWN_ORIGIN, '').replace(/\/(?=$|[?#])/, '');
}

/** What credentials requests need. */
export const diffSecurity: Diff = ({ old, now, valueAfter, report }, before, after, place) => {
  const [list, listAfter] = [before.security as JsonObject[], after.security as JsonObject[]];
  const [known, knownAfter] = [new Set(list.map(canonicalJson)), new Set(listAfter.map(canonicalJson))];
  const gone = list.filter((one) => !knownAfter.has(canonicalJson(one)));
  const added = listAfter.filter((one) => !known.has(canonicalJson(one)));
  if (gone.length + added.length === 0) return;
  const isOpen = (one: JsonObject): boolean => Object.keys(one).length === 0;
  const at = now.origin(listAfter);
  report()({
    pointer: valueAfter(at) !== undefined ? at : old.origin(list),
    verdict: gone.length > 0 ? 'breaking' : 'compatible',
    place: `${place}${pointer('security')}`,
    before: list,
    after: listAfter,
    reason: gone.some(isOpen)
      ? 'requests without credentials are no longer allowed'
      : gone.length > 0
        ? 'credentials that sufficed no longer do'
        : 'one more kind of credentials is accepted',
  });
};
