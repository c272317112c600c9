import type { Holders } from './diff-holder';
import { canonicalJson, isObject, pointer, type JsonObject } from '../../contract/json';

/** A server with variables stands for no more URLs than this. */
const MAX_URLS = 100;

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

/** The URLs that a server stands for, its variables written out. */
function urlsOf({ url, variables }: JsonObject): string[] {
  let urls = [String(url)];
  for (const [name, variable] of Object.entries(isObject(variables) ? variables : {})) {
    if (!isObject(variable)) continue;
    const values = Array.isArray(variable.enum) ? (variable.enum as unknown[]) : [variable.default];
    urls = urls
      .flatMap((one) => values.map((value) => one.replaceAll(`{${name}}`, String(value))))
      .slice(0, MAX_URLS);
  }
  return urls;
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
        ? 'credentials that did no longer do'
        : 'one more way to be let in',
  });
};
