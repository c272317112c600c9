import { commonPrefix, texts, withTexts, type DatedId } from './dated-id';
import { explainFields } from './fields';

/** Ids that are a text with a counter or a clock in it, in Base64 or hexadecimal. */
export function explainEncoded(ids: readonly DatedId[]): string | undefined {
  return (
    explainDecoded(ids, 'Base64', (id) => base64Bytes(id)?.toString('latin1')) ??
    (isMixed(ids) ? explainDecoded(ids, 'Base64', (id) => base64Bytes(id)?.toString('hex')) : undefined) ??
    explainDecoded(ids, 'hexadecimal', (id) =>
      /^(?:[0-9a-f]{2})+$/i.test(id) ? Buffer.from(id, 'hex').toString('latin1') : undefined,
    )
  );
}

function explainDecoded(
  ids: readonly DatedId[],
  name: string,
  decode: (id: string) => string | undefined,
): string | undefined {
  const decoded = texts(ids).map((id) => decode(id) ?? '');
  if (!decoded.every((text) => /^[\x20-\x7e]+$/.test(text))) return undefined;
  const found = explainFields(withTexts(ids, decoded));
  return found && `${found} in ${name}`;
}

/** Undefined for what only looks like Base64: encoded again it would be another text. */
function base64Bytes(id: string): Buffer | undefined {
  const bytes = Buffer.from(id, 'base64');
  const again = [bytes.toString('base64'), bytes.toString('base64url')];
  return again.some((text) => text.replace(/=+$/, '') === id.replace(/=+$/, '')) ? bytes : undefined;
}

/** What varies has letters of both cases. With fewer kinds of characters it would look regular as bytes, too. */
function isMixed(ids: readonly DatedId[]): boolean {
  const all = texts(ids);
  const varying = all.map((text) => text.slice(commonPrefix(all).length)).join('');
  return /[a-z]/.test(varying) && /[A-Z]/.test(varying);
}
