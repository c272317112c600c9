import { readJson } from './json';
import type { Session } from './model';
import { error, json } from './replies';
import type { Reply, StandInCall } from './variant';

const MAX_DEVICE_NAME = 100;
const MAX_CALLBACK_URL = 2048;

/** How an API answers that keeps the contract. */
export function answer(call: StandInCall, verifyUrl: string): Reply {
  switch (call.operation) {
    case 'create':
      return create(call, verifyUrl);
    case 'poll':
      return poll(call.session);
    case 'deny':
      return call.session && call.model.deny(call.session)
        ? json(200, { success: true })
        : error(500, 'This session is not pending');
    case 'other':
      return other(call);
  }
}

function create({ body, headers, model }: StandInCall, verifyUrl: string): Reply {
  const fields = readFields(body, headers['content-type']);
  if (typeof fields === 'string') return error(500, fields);
  const session = model.create(fields.deviceName ?? 'Unknown device', fields.callbackUrl);
  return json(201, {
    sessionId: session.id,
    verificationUrl: `${verifyUrl}?session=${encodeURIComponent(session.id)}`,
    expiresAt: new Date(session.expiresAt).toISOString(),
  });
}

export function poll(session: Session | undefined): Reply {
  if (!session || session.state === 'denied') return json(404, { message: 'Session not found' });
  if (session.state === 'completed') return json(200, { status: 'completed', apiKey: session.apiKey });
  if (session.state === 'expired') return json(200, { status: 'expired' });
  return json(200, { status: 'pending', deviceName: session.deviceName, callbackUrl: session.callbackUrl });
}

function other({ method, rawId, session }: StandInCall): Reply {
  if (method === 'HEAD' && rawId !== '') return poll(session);
  const allow = rawId === '' ? 'POST, OPTIONS' : 'GET, HEAD, DELETE, OPTIONS';
  if (method === 'OPTIONS') return { status: 204, headers: { allow }, body: '' };
  if (rawId === '' && method === 'DELETE') return json(404, { message: 'Not found' });
  return {
    ...json(405, { message: 'Method not allowed' }),
    headers: { allow, 'content-type': 'application/json' },
  };
}

/** The documented members of a create request, or why it is refused. */
function readFields(
  body: string,
  contentType: string | undefined,
): { deviceName?: string; callbackUrl?: string } | string {
  if (body === '') return {};
  if (!/^application\/json\b/i.test(contentType ?? '')) return 'The body must be application/json';
  const value = readJson(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'The body must be a JSON object';
  const { deviceName, callbackUrl } = value as Record<string, unknown>;
  if (
    deviceName !== undefined &&
    (typeof deviceName !== 'string' || Array.from(deviceName).length > MAX_DEVICE_NAME)
  )
    return `deviceName must be a string of up to ${MAX_DEVICE_NAME} characters`;
  if (
    callbackUrl !== undefined &&
    (typeof callbackUrl !== 'string' || callbackUrl.length > MAX_CALLBACK_URL || !URL.canParse(callbackUrl))
  )
    return `callbackUrl must be a URI of up to ${MAX_CALLBACK_URL} characters`;
  return {
    ...(deviceName !== undefined && { deviceName }),
    ...(callbackUrl !== undefined && { callbackUrl }),
  };
}
