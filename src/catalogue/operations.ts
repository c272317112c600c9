import { pointer } from '../contract/json';

/** The operations that this project is about: one under test, two that it rests on. */
export const OPERATIONS = {
  create: { method: 'post', path: '/v1/api/auth/sessions' },
  poll: { method: 'get', path: '/v1/api/auth/sessions/{sessionId}' },
  deny: { method: 'delete', path: '/v1/api/auth/sessions/{sessionId}' },
} as const;

export type OperationName = keyof typeof OPERATIONS;
export const OPERATION_NAMES = Object.keys(OPERATIONS) as OperationName[];

/** The place of an operation in a pinned document. */
export function operationPointer(name: OperationName): string {
  return pointer('paths', OPERATIONS[name].path, OPERATIONS[name].method);
}
