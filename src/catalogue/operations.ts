/** The operations that this project is about: one under test, two that it rests on. */
export const OPERATIONS = {
  create: {
    method: 'post',
    path: '/v1/api/auth/sessions',
    /** The operation's place in a pinned document, as a JSON Pointer (RFC 6901). */
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

/** The place of an operation in a pinned document. */
export function operationPointer(name: OperationName): string {
  return OPERATIONS[name].pointer;
}
