import { essenceOf } from '../../contract/media-type';
import { pointer, type JsonObject } from '../../contract/json';
import type { Found, Side } from './change';
import { diffOthers, objectOf, type Holders, type Pair } from './holders';
import { folded } from './recursion';
import { SchemaDiff } from './schema';

/** The schema of a parameter or a header, and what stands under "content". */
export function diffContent(holders: Holders, pair: Pair & { side: Side }, needed?: string): void {
  const { before, after, place, side } = pair;
  if ('schema' in before || 'schema' in after) diffSchemas(holders, pair, needed);
  const report = holders.report(side);
  const [old, now] = [mediaTypes(before), mediaTypes(after)];
  if (old.size > 0 && after.content === undefined) {
    report({
      ...{ pointer: `${holders.old.origin(before)}/content`, place: `${place}/content` },
      ...{ verdict: 'breaking', before: before.content, direction: 'both' },
      reason: 'no content is documented any more',
    });
    return;
  }
  for (const [essence, media] of old) {
    const at = `${place}/content${pointer(media.name)}`;
    const other = now.get(essence);
    if (other) diffMedia(holders, { before: media.value, after: other.value, place: at, side }, needed);
    else if (isCovered(holders, media, now, { place: at, side }, needed)) holders.wholes.push(at);
    else
      report({
        pointer: `${holders.old.origin(before.content as object)}${pointer(media.name)}`,
        ...{ verdict: 'breaking', place: at, before: media.value, direction: 'narrow' },
        reason: `the media type ${media.name} is no longer documented`,
      });
  }
  for (const [essence, media] of now) {
    if (old.has(essence)) continue;
    report({
      pointer: `${holders.now.origin(after.content as object)}${pointer(media.name)}`,
      ...{ verdict: 'compatible', place: `${place}/content${pointer(media.name)}` },
      ...{ after: media.value, direction: 'widen' },
      reason: `the media type ${media.name} is newly documented`,
    });
  }
}

function diffMedia(holders: Holders, pair: Pair & { side: Side }, needed?: string): void {
  diffSchemas(holders, pair, needed);
  diffOthers(holders, pair, ['schema']);
}

interface Media {
  /** As the document writes it. */
  name: string;
  value: JsonObject;
}

/** Media types by their type and subtype, without case and parameters: the first of each, as the judge takes them. */
function mediaTypes({ content }: JsonObject): Map<string, Media> {
  const found = new Map<string, Media>();
  for (const [name, value] of Object.entries(objectOf(content))) {
    const essence = essenceOf(name);
    if (!found.has(essence)) found.set(essence, { name, value: value as JsonObject });
  }
  return found;
}

/** Whether a range ("application/*") takes the place of a media type, and accepts all that it did. */
function isCovered(
  holders: Holders,
  { name, value }: Media,
  now: Map<string, Media>,
  at: { place: string; side: Side },
  needed?: string,
): boolean {
  const type = essenceOf(name).split('/')[0] ?? '';
  const range = now.get(`${type}/*`) ?? now.get('*/*');
  if (!range) return false;
  const found: Found[] = [];
  const apart: Holders = { ...holders, wholes: [], report: () => (one) => found.push(one) };
  diffMedia(apart, { before: value, after: range.value, ...at }, needed);
  return found.every(({ verdict }) => verdict !== 'breaking');
}

function diffSchemas(
  holders: Holders,
  { before, after, place, side }: Pair & { side: Side },
  needed?: string,
): void {
  const { old, now, normalOld, normalNow, witnesses, valueAfter, report, wholes } = holders;
  const pair = folded(
    normalOld,
    normalNow,
    normalOld.schema(before.schema, `${old.origin(before)}/schema`),
    normalNow.schema(after.schema, `${now.origin(after)}/schema`),
  );
  const context = {
    ...{ old: normalOld, now: normalNow, witnesses, side, valueAfter, wholes, report: report(side) },
    ...(needed !== undefined && { needed }),
  };
  new SchemaDiff(context, pair, `${place}/schema`).run();
}
