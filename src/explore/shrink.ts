import { SESSION_NAMES, type BatchPart, type Step, type Walk } from './steps';

/**
 * The shortest form of a walk that a search finds: steps are left out, halves first (delta debugging, Zeller 2002), and
 * then made simpler one by one. fast-check's own shrinking doesn't count requests, tries each form once, and begins with
 * the steps behind the one that failed; against a target each attempt costs requests, and a failure may be intermittent.
 * @param fails tries a form; gives the steps up to the failure where it fails in the same way, `over` where no more may be tried
 */
export async function shrink(
  walk: Walk,
  fails: (form: Walk) => Promise<Walk | 'passes' | 'over'>,
): Promise<Walk> {
  let shortest = walk;
  const tried = new Set([JSON.stringify(walk)]);
  let isOver = false;
  const take = async (form: Walk): Promise<boolean> => {
    const key = JSON.stringify(form);
    if (isOver || form.length === 0 || tried.has(key)) return false;
    tried.add(key);
    const result = await fails(form);
    isOver = result === 'over';
    if (typeof result === 'string') return false;
    shortest = result;
    return true;
  };
  for (let before = ''; before !== JSON.stringify(shortest) && !isOver;) {
    before = JSON.stringify(shortest);
    await leaveOut(() => shortest, take);
    await simplify(() => shortest, take);
  }
  return shortest;
}

type Take = (form: Walk) => Promise<boolean>;

/** Leaves out so many steps at once, half of them first and single ones in the end. The last step is the one that failed. */
async function leaveOut(current: () => Walk, take: Take): Promise<void> {
  for (let size = current().length - 1; size >= 1; size = Math.floor(size / 2))
    for (let at = 0; at + 1 < current().length;) {
      const walk = current();
      const rest = Math.min(size, walk.length - 1 - at);
      if (!(await take([...walk.slice(0, at), ...walk.slice(at + rest)]))) at += rest;
    }
}

async function simplify(current: () => Walk, take: Take): Promise<void> {
  for (const form of withFewerSessions(current())) if (await take(form)) break;
  for (let at = 0; at < current().length; at++) {
    const step = current()[at];
    if (!step) continue;
    for (let simpler = simplerForms(step), i = 0; i < simpler.length;) {
      const form = simpler[i] as Step;
      const walk = current();
      if (await take([...walk.slice(0, at), form, ...walk.slice(at + 1)])) {
        simpler = simplerForms(form);
        i = 0;
      } else i++;
    }
  }
}

/** All that is done with one session is done with another one. */
function withFewerSessions(walk: Walk): Walk[] {
  const names = SESSION_NAMES.filter((name) => JSON.stringify(walk).includes(`"session":"${name}"`));
  const [first, ...others] = names;
  return others.map(
    (name) =>
      JSON.parse(JSON.stringify(walk).replaceAll(`"session":"${name}"`, `"session":"${first}"`)) as Walk,
  );
}

/** Simpler forms of a step, the simplest first. */
function simplerForms(step: Step): Step[] {
  const simpler: Step[] = [];
  if ('times' in step && step.times > 1) {
    const counts = new Set([1, Math.ceil(step.times / 2), step.times - 1]);
    for (const times of counts) if (times < step.times) simpler.push({ ...step, times });
  }
  if ('connection' in step && step.connection === 'kept') simpler.push({ ...step, connection: 'new' });
  if (step.do === 'create' && step.form !== 'plain') simpler.push({ ...step, form: 'plain' });
  if (step.do === 'wait' && step.ms > 20) simpler.push({ ...step, ms: 20 });
  if (step.do === 'at once') simpler.push(...smallerBatches(step.parts));
  return simpler;
}

function smallerBatches(parts: BatchPart[]): Step[] {
  const [first] = parts;
  const half = Math.ceil(parts.length / 2);
  const choices = [
    parts.slice(0, half),
    parts.slice(half),
    ...parts.map((_part, i) => parts.toSpliced(i, 1)),
  ];
  const smaller = choices
    .filter(({ length }) => length > 0 && length < parts.length)
    .map((fewer): Step => ({ do: 'at once', parts: fewer }));
  const areAlike = parts.every(
    ({ action, session }) => action === first?.action && session === first.session,
  );
  if (!first || first.action === 'approve' || !areAlike) return smaller;
  // What shows without concurrency does not need it.
  const { action, session } = first;
  return [{ do: action, session, times: parts.length, connection: 'new' }, ...smaller];
}
