import { DEVICE_NAME } from '../catalogue/forms';
import { OPERATIONS } from '../catalogue/operations';
import type { ApiRequest } from './translator';

const SESSIONS = OPERATIONS.create.path.slice(1);

export function createRequest(body: object = { deviceName: DEVICE_NAME }): ApiRequest {
  return {
    method: 'POST',
    path: SESSIONS,
    headers: { accept: '*/*', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

/** @param id a label, with the name of its derivation where it has one, or a literal id */
export function pollRequest(id: string): ApiRequest {
  return withoutBody('GET', id);
}

export function denyRequest(id: string): ApiRequest {
  return withoutBody('DELETE', id);
}

function withoutBody(method: 'GET' | 'DELETE', id: string): ApiRequest {
  return { method, path: `${SESSIONS}/${id}`, headers: { accept: '*/*' }, body: undefined };
}
