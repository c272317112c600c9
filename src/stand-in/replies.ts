import type { Reply } from './variant';

export function json(status: number, value: unknown): Reply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

export function error(status: number, msg: string): Reply {
  return json(status, { success: false, msg });
}

export function page(status: number, content: string): Reply {
  const body = `<!doctype html><meta charset="utf-8"><title>Approve a session</title><main>${content}</main>`;
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}
