import { show, type Found } from './change';
import type { Node } from './keywords';
import { nodesIn, requiredIn, without } from './nodes';
import { NEEDED, type SchemaContext, type Spot } from './spot';
import { narrows, says, type Trial } from './trial';
import { written } from './written';

/** What it means that members come, go, or are required. */
export class MemberDiff {
  constructor(
    private readonly context: SchemaContext,
    private readonly trial: Trial,
    private readonly found: Found[],
  ) {}

  added(spot: Spot, name: string, member: Node, place: string): void {
    const isNeeded = requiredIn(spot.after).includes(name) && !requiredIn(spot.before).includes(name);
    this.trial.addMember(spot.path, name, member);
    const common = { pointer: this.context.now.place(member).slot, place, after: member };
    if (!isNeeded) {
      const reason = `${show(name)} is newly documented, and optional`;
      this.found.push({ ...common, verdict: 'compatible', direction: 'widen', reason });
      return;
    }
    const { narrow } = this.trial.tried(spot.path, (node) => ({
      ...node,
      required: [...requiredIn(node), name],
    }));
    const reason = `${show(name)} is required, and was not documented before`;
    this.found.push({
      ...{ ...common, verdict: 'breaking', direction: 'narrow', reason },
      ...(narrow && { witness: narrow }),
    });
  }

  gone(spot: Spot, name: string, member: Node, place: string): void {
    const { side, needed, old } = this.context;
    const isDropped = !requiredIn(spot.after).includes(name);
    const difference = this.trial.tried(spot.path, (node) => ({
      ...node,
      properties: without(node.properties as Node, name),
      ...(isDropped && 'required' in node && { required: requiredIn(node).filter((one) => one !== name) }),
    }));
    const common = { pointer: old.place(member).slot, place, before: member };
    const gone = `${show(name)} is no longer documented`;
    const widens = { ...common, direction: 'widen' } as const;
    if (difference.narrow) {
      const reason = `${gone}: ${says(difference)}`;
      this.found.push({ ...common, ...narrows(difference), reason });
    } else if (side === 'request') {
      const reason = `${gone}: nothing promises that it is honoured`;
      this.found.push({ ...common, verdict: 'breaking', reason });
    } else if (spot.isBody && name === needed) {
      this.found.push({ ...widens, verdict: 'breaking', isNeeded: true, reason: `${gone}: ${NEEDED}` });
    } else {
      this.found.push({ ...widens, verdict: 'compatible', reason: `${gone}: responses may still carry it` });
    }
  }

  /** Members that come or go take their being required with them; here are all others. */
  required(spot: Spot): void {
    const { before, after } = spot;
    const [old, now] = [requiredIn(before), requiredIn(after)];
    const [oldNames, newNames] = [nodesIn(before, 'properties'), nodesIn(after, 'properties')];
    const added = now.filter((name) => !old.includes(name) && (oldNames.has(name) || !newNames.has(name)));
    const dropped = old.filter((name) => !now.includes(name) && (newNames.has(name) || !oldNames.has(name)));
    if (added.length + dropped.length === 0) return;
    const difference = this.trial.tried(spot.path, (node) => ({
      ...node,
      required: [...old.filter((name) => !dropped.includes(name)), ...added],
    }));
    const lost = spot.isBody && dropped.some((name) => name === this.context.needed);
    const isNarrow = added.length > 0 || difference.narrow !== undefined;
    const reasons = [
      ...(added.length > 0 ? [`${added.map((name) => show(name)).join(', ')} required now`] : []),
      ...(dropped.length > 0 ? [`${dropped.map((name) => show(name)).join(', ')} no longer required`] : []),
      ...(lost ? [NEEDED] : []),
      ...(difference.narrow ? [says(difference)] : []),
    ];
    this.found.push({
      ...written(this.context, spot, ['required']),
      verdict: isNarrow || lost ? 'breaking' : 'compatible',
      direction: isNarrow ? (dropped.length > 0 ? 'both' : 'narrow') : 'widen',
      isNeeded: lost,
      ...(difference.narrow && { witness: difference.narrow }),
      reason: reasons.join('; '),
    });
  }
}
