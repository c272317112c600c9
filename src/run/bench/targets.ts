import type { Variant } from '../../stand-in/variant';
import { answer, body, status } from '../../stand-in/variants/hooks';

export const plain: Variant = { name: 'plain', kind: 'benign', description: 'nothing is unusual' };

export function slow(delayMs: number): Variant {
  return { ...plain, description: `each response takes ${delayMs} ms`, every: answer(() => ({ delayMs })) };
}

/** Has so many faults that a run has some twenty findings. */
export const faulty: Variant = {
  ...plain,
  kind: 'fault',
  description: 'much is wrong',
  create: body((value) => ({
    ...value,
    extra: 1,
    another: 2,
    third: 3,
    verificationUrl: '/verify',
    expiresAt: 'soon',
  })),
  poll: body((value) => ({ ...value, extra: 1, another: 2, third: 3, deviceName: 'x' })),
  deny: (call, next) => {
    const reply = next(call);
    const edit = reply.status === 200 ? status(202, { success: 1 }) : status(409, { extra: 1 });
    return edit(call, () => reply);
  },
};
