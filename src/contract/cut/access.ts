import { isObject, pointer, type JsonObject } from '../json';
import { UnreadableSource } from '../unreadable-source';
import { byText, type Parts } from './parts';
import { serverUrls, type PublishedPath } from './published-paths';
import type { References } from './references';

/** Where an operation stands in its document, and in the pinned one. */
export interface OperationPlace {
  item: JsonObject;
  itemAt: string;
  operation: JsonObject;
  at: string;
  to: string;
}

/** Copies what says where requests go, and with what credentials. */
export class Access {
  constructor(
    private readonly document: JsonObject,
    private readonly parts: Parts,
    private readonly references: References,
  ) {}

  security({ operation, at, to }: OperationPlace): unknown[] {
    const [list, listAt] =
      operation.security !== undefined
        ? [operation.security, `${at}/security`]
        : [this.document.security ?? [], '/security'];
    if (!Array.isArray(list)) throw new UnreadableSource(`${listAt} is not a list`);
    const alternatives = list.map((one) => {
      if (!isObject(one)) throw new UnreadableSource(`${listAt} contains what is not an object`);
      return Object.fromEntries(
        Object.entries(one).map(([scheme, scopes]) => [scheme, this.scheme(scheme, scopes, to)]),
      );
    });
    // An empty list and an empty alternative both mean that nothing is needed.
    const result = alternatives.length === 0 ? [{}] : alternatives;
    return this.parts.located(result.sort(byText), listAt);
  }

  private scheme(name: string, scopes: unknown, to: string): unknown {
    // A pin has the scheme written out already.
    if (isObject(scopes)) return scopes;
    const schemeAt = pointer('components', 'securitySchemes', name);
    const { value, at } = this.references.resolve(schemeAt, this.references.valueAt(schemeAt));
    const written = isObject(value)
      ? this.parts.keep(value, at, `${to}/security${pointer(name)}`, [], this.parts.proseAside)
      : {};
    return { scopes, ...written };
  }

  servers({ item, itemAt, operation, at, to }: OperationPlace, published: PublishedPath): JsonObject[] {
    const places: [unknown, string][] = [
      [operation.servers, `${at}/servers`],
      [item.servers, `${itemAt}/servers`],
      [this.document.servers, '/servers'],
    ];
    const [list, listAt] = places.find(([servers]) => Array.isArray(servers) && servers.length > 0) ?? [
      [{ url: '/' }],
      '/servers',
    ];
    const servers = (list as unknown[]).flatMap((server, i) => {
      const serverAt = `${listAt}/${i}`;
      if (!isObject(server) || typeof server.url !== 'string')
        throw new UnreadableSource(`${serverAt} has no "url"`);
      // OpenAPI 3.2 lets a server have a name, which is but a word.
      const unnamed = Object.fromEntries(Object.entries(server).filter(([key]) => key !== 'name'));
      const serverTo = `${to}/servers${pointer(server.url)}`;
      const kept = this.parts.keep(unnamed, serverAt, serverTo, [], this.parts.proseAside);
      return movedServers(kept, published).map((one) => this.parts.finish(one, serverAt));
    });
    return this.parts.located(servers, listAt);
  }
}

/** The server with the line between its URL and the path drawn where the operation's own path begins. */
function movedServers(server: JsonObject, { ahead, inServers }: PublishedPath): JsonObject[] {
  if (ahead === '' && inServers === '') return [server];
  const moved = (url: string): string | undefined => {
    const whole = `${url.replace(/\/+$/, '')}${ahead}`;
    return whole.endsWith(inServers) ? whole.slice(0, whole.length - inServers.length) : undefined;
  };
  const url = moved(String(server.url));
  if (url !== undefined) return [{ ...server, url }];
  // The part may stand in the value of a variable.
  return serverUrls(server)
    .map(moved)
    .flatMap((one) => (one === undefined ? [] : [{ url: one }]));
}
