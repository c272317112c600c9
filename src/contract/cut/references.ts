import { isObject, own, pointer, pointerPath, valueAt, type JsonObject } from '../json';
import { shownAddress } from '../shown-address';
import { UnreadableSource } from '../unreadable-source';
import { isWord } from './prose';

/** What a reference leads to. */
export interface Target {
  value: unknown;
  /** JSON Pointer into the document. */
  at: string;
}

/** Follows the references of a document. None is ever fetched. */
export class References {
  constructor(private readonly document: JsonObject) {}

  valueAt(at: string): unknown {
    return valueAt(this.document, at);
  }

  /** What the place holds or, if that is a reference, what it leads to in the end. */
  resolve(at: string, value: unknown): Target {
    const seen = new Set<string>();
    let target: Target = { value, at };
    for (let next = this.next(target); next !== undefined; next = this.next(target)) {
      target = next;
      if (seen.has(target.at)) throw leadsToItself(at);
      seen.add(target.at);
    }
    return target;
  }

  private next({ value, at }: Target): Target | undefined {
    const reference = own(value, '$ref');
    return typeof reference === 'string' ? this.step(reference, at) : undefined;
  }

  /** One step: what a reference at a place names, which may be a reference itself. */
  step(reference: string, at: string): Target {
    const local = this.localPart(reference);
    if (local === undefined)
      throw new UnreadableSource(`the reference at ${at} leaves the document: ${shownAddress(reference)}`);
    let to: string;
    try {
      to = decodeURIComponent(local);
    } catch {
      throw new UnreadableSource(`the reference at ${at} is wrongly encoded: ${reference}`);
    }
    const base = this.baseOf(at);
    if (to !== '' && !to.startsWith('/')) to = this.anchor(to, valueAt(this.document, base), base) ?? to;
    else to = `${base}${to}`;
    const value = to === '' || to.startsWith('/') ? valueAt(this.document, to) : undefined;
    if (value === undefined) throw new UnreadableSource(`the reference at ${at} leads nowhere: ${reference}`);
    return { value, at: pointer(...pointerPath(to)) };
  }

  /** OpenAPI 3.2 gives a document a name ($self), by which its own references may call it. */
  private localPart(reference: string): string | undefined {
    const [address = '', fragment = ''] = reference.split(/#(.*)/s);
    const isLocal = address === '' || address === own(this.document, '$self');
    return isLocal ? fragment : undefined;
  }

  /** A schema with an $id is a document of its own to the references in it. */
  private baseOf(at: string): string {
    let base = '';
    let part: unknown = this.document;
    let here = '';
    for (const key of pointerPath(at)) {
      part = Array.isArray(part) ? (part as unknown[])[Number(key)] : own(part, key);
      here += pointer(key);
      if (typeof own(part, '$id') === 'string') base = here;
    }
    return base;
  }

  private anchor(name: string, value: unknown, at: string, seen = new Set<unknown>()): string | undefined {
    if (typeof value !== 'object' || value === null || seen.has(value)) return undefined;
    seen.add(value);
    if (own(value, '$anchor') === name) return at;
    for (const [key, part] of Object.entries(value)) {
      const found = this.anchor(name, part, `${at}${pointer(key)}`, seen);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

export function leadsToItself(at: string): UnreadableSource {
  return new UnreadableSource(`the reference at ${at} leads only to itself`);
}

export function isReference(value: unknown): value is JsonObject & { $ref: string } {
  return isObject(value) && typeof own(value, '$ref') === 'string';
}

/** Keys that leave a reference a mere reference. */
export function isAliasKey(key: string): boolean {
  return key === '$ref' || isWord(key);
}
