import { requirement } from '../catalogue/requirements';
import type { FailingWalk } from './explorer';
import { describeStep } from './steps';

const MAX_STEPS = 15;

/** A failing walk for a person, in at most 25 lines. */
export function describeWalk({ walk, seed, failure, steps, failed, attempts }: FailingWalk): string[] {
  const { requirement: id, code, pointer, expected, actual } = failure;
  const shown = steps.length <= MAX_STEPS ? steps : steps.slice(-MAX_STEPS);
  const left = steps.length - shown.length;
  const often =
    failed === attempts
      ? `every time (${attempts} of ${attempts})`
      : `intermittent (${failed} of ${attempts} attempts)`;
  return [
    `${id} ${code}${pointer === '' ? '' : ` at ${pointer}`}: ${requirement(id).title}`,
    `  expected  ${expected}`,
    `  actual    ${actual}`,
    `  fails     ${often}; found by walk ${walk} of EXPLORE_SEED=${seed}`,
    `  shortest walk that fails, ${steps.length} ${steps.length === 1 ? 'step' : 'steps'}:`,
    ...(left > 0 ? [`    … ${left} steps before`] : []),
    ...shown.map((step, i) => `  ${String(left + i + 1).padStart(3)}. ${describeStep(step)}`),
  ];
}
