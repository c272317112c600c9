import { canonicalJson, isObject } from '../../contract/json';
import { canonical } from './canonical';
import type { Node } from './keywords';
import { nodesIn } from './nodes';

const BRANCHES = ['allOf', 'anyOf', 'oneOf'] as const;

/** The keywords of two schemas whose branches are to be compared with each other. */
export function branchKeywords(before: Node, after: Node): [string, string][] {
  const has = (node: Node, key: string): boolean =>
    Array.isArray(node[key]) && (node[key] as unknown[]).every(isObject);
  return BRANCHES.flatMap((key): [string, string][] => {
    if (!has(before, key)) return [];
    if (has(after, key)) return [[key, key]];
    const other = ['anyOf', 'oneOf'].find((one) => one !== key && has(after, one) && !has(before, one));
    // The two mean the same where branches exclude each other; where they do not, the keyword itself has changed.
    const isSame =
      other !== undefined &&
      key !== 'allOf' &&
      canonical({ [key]: before[key] }) === canonical({ [other]: before[key] });
    return isSame ? [[key, other]] : [];
  });
}

/** Which branches belong together: equal ones, those with the same fixed value of a member, then those most alike. */
export function matched(
  old: Node[],
  now: Node[],
): { pairs: [number, number][]; gone: number[]; added: number[] } {
  const pairs: [number, number][] = [];
  const left = (side: 0 | 1, list: Node[]): number[] =>
    list.map((_, i) => i).filter((i) => !pairs.some((pair) => pair[side] === i));
  const pair = (isMatch: (a: Node, b: Node) => boolean): void => {
    for (const i of left(0, old)) {
      const j = left(1, now).find((one) => isMatch(old[i] as Node, now[one] as Node));
      if (j !== undefined) pairs.push([i, j]);
    }
  };
  pair((a, b) => canonical(a) === canonical(b));
  pair(haveSameTag);
  const scores = left(0, old)
    .flatMap((i) => left(1, now).map((j) => ({ i, j, score: likeness(old[i] as Node, now[j] as Node) })))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
  for (const { i, j } of scores) if (left(0, old).includes(i) && left(1, now).includes(j)) pairs.push([i, j]);
  const [gone, added] = [left(0, old), left(1, now)];
  const isReplaced = gone.length === 1 && added.length === 1;
  return isReplaced
    ? { pairs: [...pairs, [gone[0], added[0]] as [number, number]], gone: [], added: [] }
    : { pairs, gone, added };
}

function haveSameTag(a: Node, b: Node): boolean {
  const [old, now] = [nodesIn(a, 'properties'), nodesIn(b, 'properties')];
  return [...old.keys()].some((name) => {
    const [one, other] = [old.get(name)?.enum, now.get(name)?.enum];
    return one !== undefined && other !== undefined && canonicalJson(one) === canonicalJson(other);
  });
}

function likeness(a: Node, b: Node): number {
  const others = nodesIn(b, 'properties');
  const names = [...nodesIn(a, 'properties').keys()].filter((name) => others.has(name));
  const isSameType = a.type !== undefined && canonicalJson(a.type) === canonicalJson(b.type);
  return names.length * 2 + (isSameType ? 1 : 0);
}
