import { expect, test } from '@playwright/test';
import { pinnedContract } from '../../src/contract/contract';
import type { Exchange } from '../../src/judging/exchange';
import { judgeAnswer } from '../../src/judging/rules';
import type { Answer } from '../../src/judging/answer';

/** As common runtimes print them. */
const TRACES = {
  Node: 'Error: x\n    at deny (/srv/app/deny.js:10:5)',
  'Node on Windows': 'Error: x\n    at deny (C:\\srv\\app\\deny.js:10:5)',
  Deno: 'Error: x\n    at deny (https://deno.example/app/mod.ts:3:9)',
  'JavaScriptCore, as in Bun': 'deny@/srv/app/sessions.js:41:17\nroute@/srv/app/router.js:12:9',
  Java: 'java.lang.Error\n\tat java.base/java.lang.Thread.run(Thread.java:833)',
  'a Java constructor': 'java.lang.Error\n\tat com.example.Deny.<init>(Deny.java:12)',
  Python: 'Traceback (most recent call last):\n  File "/srv/a.py", line 3, in deny',
  Go: 'panic: nil map\n\ngoroutine 18 [running]:\nmain.deny(...)',
  PHP: 'Uncaught Error: x in /srv/deny.php:12\nStack trace:\n#0 {main}\n  thrown',
  Ruby: "deny.rb:12:in 'Sessions#deny': not pending (RuntimeError)",
  Perl: 'Died at /srv/app/deny.pl line 12.',
  Elixir: '** (RuntimeError) x\n    (app 0.1.0) lib/app/sessions.ex:42: App.Sessions.deny/1',
  '.NET': 'System.Exception: x\r\n   at App.Deny(String id) in /src/Deny.cs:line 42',
  '.NET without symbols':
    'System.Exception: x\r\n   at App.Sessions.Deny(String id)\r\n   at App.Controller.Delete(String id)',
  Rust: "thread 'main' panicked at src/main.rs:10:5:\nnot pending",
};

const SENTENCES = [
  'Denied at 12:30:15',
  'Look at /docs/sessions or at https://docs.example/sessions:8080',
  'It was denied at the office (Berlin)\nat noon (local time)',
  'Ask ops@example.com',
];

function stackTraceIn(msg: string): string[] {
  const answer: Answer = {
    status: 500,
    statusText: '',
    httpVersion: '1.1',
    headers: [['content-type', 'application/json']],
    text: JSON.stringify({ success: false, msg }),
    byteOrderMark: false,
    json: { value: { success: false, msg } },
  };
  const exchange = { operation: 'deny', state: 'denied', path: '', answer } as unknown as Exchange;
  return judgeAnswer(exchange, answer, pinnedContract(), { repeated: false })
    .filter(({ requirement, deviation }) => requirement === 'WIRE-5' && deviation)
    .map(({ deviation }) => deviation?.code ?? '');
}

for (const [runtime, trace] of Object.entries(TRACES))
  test(`a stack trace of ${runtime} is one`, () => expect(stackTraceIn(trace)).toEqual(['stack-trace']));

for (const sentence of SENTENCES)
  test(`a sentence is not a stack trace: ${JSON.stringify(sentence)}`, () =>
    expect(stackTraceIn(sentence)).toEqual([]));
