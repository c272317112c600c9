import { OPERATIONS, type OperationName } from '../../catalogue/operations';
import { isObject, own, type JsonObject } from '../json';

/** Where a document has one of the operations. */
export interface PublishedPath {
  path: string;
  /** The part of the document's path that stands before the operation's own, and so belongs to its servers. */
  ahead: string;
  /** The part of the operation's own path that stands in the document's server URLs. */
  inServers: string;
}

/**
 * The paths of a document at which an operation may stand, the likeliest first. What counts is the whole URL: documents
 * draw the line between server and path where they like.
 */
export function publishedPaths(document: JsonObject, name: OperationName): PublishedPath[] {
  const own = shape(OPERATIONS[name].path);
  const found = Object.keys(document.paths as JsonObject).flatMap((path): PublishedPath[] => {
    const published = shape(path);
    if (published === own) return [{ path, ahead: '', inServers: '' }];
    if (!path.startsWith('/')) return [];
    if (published.endsWith(own)) return [{ path, ahead: ahead(path, own), inServers: '' }];
    if (own.endsWith(published)) return [{ path, ahead: '', inServers: own.slice(0, -published.length) }];
    return [];
  });
  // The exact one first; two templates of one shape are wrong, but do come, and then each method is where it is.
  const rank = ({ path, ahead: before, inServers }: PublishedPath): number =>
    path === OPERATIONS[name].path ? -1 : before.length + inServers.length;
  return found.sort((a, b) => rank(a) - rank(b));
}

/** A template without the names of its parameters, which no request shows. */
function shape(template: string): string {
  const text = template.replace(/\{[^{}]*\}/g, '{}');
  return text.replace(/%[\da-f]{2}/gi, (code) => {
    const char = decodeUnreserved(code);
    return char === code ? code.toUpperCase() : char;
  });
}

/** RFC 3986, section 6.2.2.2: letters, digits and four marks mean the same with and without percent-encoding. */
export function decodeUnreserved(code: string): string {
  const char = String.fromCharCode(parseInt(code.slice(1), 16));
  return /[\w.~-]/.test(char) ? char : code.toUpperCase();
}

function ahead(path: string, own: string): string {
  const segments = own.split('/').length - 1;
  return path.split('/').slice(0, -segments).join('/');
}

/** The URLs that a server stands for, its variables written out. */
export function serverUrls(server: JsonObject): string[] {
  let urls = [String(server.url)];
  for (const [name, variable] of Object.entries(isObject(server.variables) ? server.variables : {})) {
    const values = own(variable, 'enum') ?? [own(variable, 'default')];
    if (!Array.isArray(values)) continue;
    urls = urls
      .flatMap((url) => values.map((value) => url.replaceAll(`{${name}}`, () => String(value))))
      .slice(0, MAX_URLS);
  }
  return urls;
}

/** A server with variables stands for no more URLs than this. */
const MAX_URLS = 100;
