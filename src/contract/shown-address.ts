/**
 * A document's source as it may be shown and written: of an address, the scheme, host and path. User name and password
 * are left out without a word; that there was a query or a fragment is said, but not what it was: a token may stand in a
 * parameter of any name. Other sources are paths of files, and are shown as they are.
 */
export function shownAddress(source: string): string {
  const trimmed = source.trim();
  // Browsers and fetch take backslashes, and any number of slashes, for the two that stand before a host.
  const [, scheme, rest] = /^([a-z][a-z\d+.-]+):[\\/]*(.*)$/is.exec(trimmed) ?? [];
  if (scheme?.toLowerCase() === 'file') return trimmed;
  const hasUser = /^[^/\\?#]*@/.test(rest ?? trimmed);
  // An address without its scheme ends up as the path of a file that does not exist.
  if (scheme === undefined && !hasUser && !trimmed.includes('?')) return source;
  const address = (rest ?? trimmed).replace(/^[^/\\?#]*@/, '');
  const [shown = ''] = address.split(/[?#]/);
  const start = scheme === undefined ? '' : `${scheme.toLowerCase()}://`;
  return `${start}${shown}${shown === address ? '' : ' (query left out)'}`;
}
