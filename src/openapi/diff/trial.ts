import { isObject } from '../../contract/json';
import { show, type Found } from './change';
import type { Node } from './keywords';
import { replaced } from './nodes';
import type { Expand } from './recursion';
import { NO_VALUE, type Difference, type Witnesses } from './witnesses';

export type Edit = (node: Node) => Node;

/**
 * Tries on whole bodies what a change at one place does: the old schema with nothing but that change is the other side,
 * so that branches that now overlap are seen.
 */
export class Trial {
  /** The old schema, with the members that were newly documented: no earlier value is taken to carry their names. */
  private oldWithNews: Node;
  private readonly paths: string[][] = [];

  constructor(
    private readonly root: Node,
    private readonly rootAfter: Node,
    private readonly witnesses: Witnesses,
    private readonly expand: Expand,
  ) {
    this.oldWithNews = root;
  }

  /** What the old schema with one change does to values. */
  tried(path: string[], change: Edit): Difference {
    this.paths.push(path);
    return this.witnesses.compare(this.root, this.changed(path, change), this.expand, { paths: [path] });
  }

  /** Whether two schemas are told apart by themselves, wherever they stand. */
  differ(before: Node, after: Node): boolean {
    return this.witnesses.compare(before, after, this.expand).undecided !== NO_VALUE;
  }

  /** Whether objects without a member have become valid. */
  losesMember(path: string[], change: Edit, name: string): boolean {
    const accepts = (value: unknown): boolean => isObject(value) && !Object.hasOwn(value, name);
    const changed = this.changed(path, change);
    return this.witnesses.compare(this.root, changed, this.expand, { accepts }).widen !== undefined;
  }

  addMember(path: string[], name: string, member: Node): void {
    this.oldWithNews = replaced(this.oldWithNews, [...path, 'properties'], this.expand, (map) => ({
      ...(isObject(map) ? map : {}),
      [name]: member,
    }));
  }

  /** What all changes together do. */
  together(): Difference {
    return this.witnesses.compare(this.oldWithNews, this.rootAfter, this.expand, { paths: this.paths });
  }

  /**
   * Holds a change against the whole new schema, which is what a body is judged by: what one change forbids, another one
   * may allow again. Where it does, the value that shows the change is another one, or the change breaks nothing.
   */
  confirmed(found: Found): Found {
    if (found.verdict !== 'breaking' || !found.witness) return found;
    const isStillValid = this.witnesses.isValid(this.rootAfter, found.witness.value, this.expand);
    if (isStillValid !== true) return found;
    const { narrow } = this.together();
    if (narrow) return { ...found, witness: narrow, reason: says({ narrow }) };
    return {
      ...found,
      witness: undefined,
      verdict: found.isNeeded ? 'breaking' : 'compatible',
      direction: 'widen',
      reason: `${show(found.witness.value)} stays valid, by what else has changed`,
    };
  }

  private changed(path: string[], change: Edit): Node {
    return replaced(this.root, path, this.expand, (node) => change(node as Node));
  }
}

export function says({ narrow, widen }: Difference): string {
  return [
    ...(narrow ? [`${show(narrow.value)} was valid and is not now`] : []),
    ...(widen ? [`${show(widen.value)} is valid now and was not`] : []),
  ].join('; ');
}

function directionOf({ narrow, widen }: Difference): 'narrow' | 'widen' | 'both' {
  return narrow ? (widen ? 'both' : 'narrow') : 'widen';
}

export function narrows(difference: Difference): Pick<Found, 'verdict' | 'direction' | 'witness'> {
  return {
    verdict: 'breaking',
    direction: directionOf(difference),
    ...(difference.narrow && { witness: difference.narrow }),
  };
}
