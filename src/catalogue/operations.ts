/** The operations of the contract: the one under test, and the two that it depends on. */
export const OPERATIONS = {
  create: {
    method: 'post',
    path: '/v1/api/auth/sessions',
    /** Place of the operation in a pinned document, as a JSON Pointer (RFC 6901). */
    pointer: '/paths/~1v1~1api~1auth~1sessions/post',
  },
  poll: {
    method: 'get',
    path: '/v1/api/auth/sessions/{sessionId}',
    pointer: '/paths/~1v1~1api~1auth~1sessions~1{sessionId}/get',
  },
  deny: {
    method: 'delete',
    path: '/v1/api/auth/sessions/{sessionId}',
    pointer: '/paths/~1v1~1api~1auth~1sessions~1{sessionId}/delete',
  },
} as const;

export type OperationName = keyof typeof OPERATIONS;
export const OPERATION_NAMES = Object.keys(OPERATIONS) as OperationName[];

/** Place of an operation in a pinned document, as a JSON Pointer. */
export function operationPointer(name: OperationName): string {
  return OPERATIONS[name].pointer;
}
