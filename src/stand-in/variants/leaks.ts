import { newApiKey } from '../model';
import type { Variant } from '../variant';
import { body, fault, header, STACK, text, when } from './hooks';

/** Faults of responses to denials that show secrets or stack traces. */
export const LEAKS: Variant[] = [
  {
    ...fault('denial-id-in-header', 'the response to a denial shows the session id in a header'),
    deny: when(
      'pending',
      header('x-session-id', (call) => call.id),
    ),
    findings: ['WIRE-4/secret-shown'],
  },
  {
    ...fault('denial-id-in-cookie', 'the response to a denial sets a cookie with the session id'),
    deny: when(
      'pending',
      header('set-cookie', (call) => `last=${encodeURIComponent(call.id)}`),
    ),
    findings: ['WIRE-4/secret-shown'],
  },
  {
    ...fault('denial-id-in-base64', 'the response to a denial shows the session id in Base64 in a header'),
    deny: when(
      'pending',
      header('x-trace', (call) => Buffer.from(`session=${call.id}`).toString('base64')),
    ),
    findings: ['WIRE-4/secret-shown'],
  },
  {
    ...fault('denial-shows-key', 'the response to a denial shows an API key'),
    deny: when(
      'pending',
      body((value) => ({ ...value, apiKey: newApiKey() })),
    ),
    findings: ['WIRE-4/secret-shown'],
  },
  {
    ...fault('denial-id-in-status-line', 'the status line of the response to a denial shows the session id'),
    deny: (call, next) =>
      call.session?.state === 'pending'
        ? {
            ...next(call),
            raw: `HTTP/1.1 200 Denied ${call.id}\r\nContent-Type: application/json\r\nContent-Length: 16\r\nConnection: close\r\n\r\n{"success":true}`,
          }
        : next(call),
    findings: ['WIRE-4/secret-shown'],
  },
  {
    ...fault('denial-id-in-trailer', 'a trailer behind the response to a denial shows the session id'),
    deny: (call, next) =>
      call.session?.state === 'pending'
        ? {
            ...next(call),
            raw: `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n10\r\n{"success":true}\r\n0\r\nX-Session: ${call.id}\r\n\r\n`,
          }
        : next(call),
    findings: ['WIRE-4/secret-shown'],
  },
  {
    ...fault('denial-stack-in-header', 'the response to a denial has a stack trace in a header'),
    deny: when(
      'pending',
      header('x-debug', () => STACK.replaceAll('\n', ' ')),
    ),
    findings: ['WIRE-5/stack-trace'],
  },
  {
    ...fault('rejection-stack', 'the msg of a rejection is a stack trace'),
    deny: when(
      'unknown',
      body((value) => ({ ...value, msg: STACK })),
    ),
    findings: ['WIRE-5/stack-trace'],
  },
  {
    ...fault('rejection-python-stack', 'the msg of a rejection is a Python traceback'),
    deny: when(
      'denied',
      body((value) => ({
        ...value,
        msg: 'Traceback (most recent call last):\n  File "app.py", line 12, in deny\nKeyError',
      })),
    ),
    findings: ['WIRE-5/stack-trace'],
  },
  {
    ...fault('rejection-java-stack', 'the msg of a rejection is a Java stack trace'),
    deny: when(
      'expired',
      body((value) => ({
        ...value,
        msg: 'java.lang.NullPointerException\n\tat com.example.Sessions.deny(Sessions.java:42)',
      })),
    ),
    findings: ['WIRE-5/stack-trace'],
  },
  {
    ...fault('rejection-rust-panic', 'the msg of a rejection is the panic of a Rust program'),
    deny: when(
      'denied',
      body((value) => ({ ...value, msg: "thread 'main' panicked at src/sessions.rs:42:5:\nnot pending" })),
    ),
    findings: ['WIRE-5/stack-trace'],
  },
  {
    ...fault('rejection-bare-stack-line', 'the msg of a rejection ends with a place in the program'),
    deny: when(
      'unknown',
      body((value) => ({ ...value, msg: 'not pending at /srv/app/dist/sessions.js:41:17' })),
    ),
    findings: ['WIRE-5/stack-trace'],
  },
  {
    ...fault('rejection-shows-key', 'rejecting the denial of a completed session shows its API key'),
    deny: when(
      'completed',
      body((value, call) => ({ ...value, msg: `Already approved as ${call.session?.apiKey}` })),
    ),
    findings: ['WIRE-4/secret-shown'],
  },
  {
    ...fault(
      'rejection-shows-key-in-header',
      'rejecting the denial of a completed session shows its API key in a header',
    ),
    deny: when(
      'completed',
      header('x-api-key', (call) => call.session?.apiKey),
    ),
    findings: ['WIRE-4/secret-shown'],
  },
  {
    ...fault(
      'rejection-shows-key-property',
      'rejecting the denial of a completed session has a property apiKey',
    ),
    deny: when(
      'completed',
      body((value, call) => ({ ...value, apiKey: call.session?.apiKey })),
    ),
    findings: ['WIRE-4/secret-shown'],
  },
  {
    ...fault(
      'rejection-shows-key-escaped',
      'rejecting the denial of a completed session shows its API key with escapes',
    ),
    deny: when(
      'completed',
      text(
        (_text, call) =>
          `{"success":false,"msg":"${[...(call.session?.apiKey ?? '')].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"}`,
      ),
    ),
    findings: ['WIRE-4/secret-shown'],
  },
  {
    ...fault('rejection-shows-another-id', 'a rejection shows the id of another session'),
    deny: when(
      'denied',
      body((value, call) => ({
        ...value,
        msg: `Did you mean ${[...call.model.sessions.values()].find((one) => one !== call.session)?.id}?`,
      })),
    ),
    findings: ['WIRE-4/secret-shown'],
  },
  {
    ...fault('rejection-shows-url', 'a rejection has the verification URL in a header'),
    deny: when(
      'denied',
      header('x-verification-url', (call) => `http://127.0.0.1/verify?session=${call.id}`),
    ),
    findings: ['WIRE-4/secret-shown'],
  },
  {
    ...fault('rejection-token-in-header', 'a rejection has a token of its own in a header'),
    deny: when(
      'completed',
      header('x-api-token', () => newApiKey()),
    ),
    findings: ['WIRE-4/secret-shown'],
  },
];
