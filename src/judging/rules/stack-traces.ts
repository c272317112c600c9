import { isObject } from '../../contract/json';
import type { Answer } from '../answer';
import type { Judgement } from '../deviation';

/** How the common runtimes print where an error came from. */
const STACK_TRACE = new RegExp(
  [
    String.raw`\bat (?:async )?(?:[\w$.<>[\] ]{1,200} )?\((?:file:|node:|https?:|[A-Za-z]:\\|/|webpack)[^\s()]{0,500}:\d+:\d+\)`,
    // Without parentheses it may be a sentence that names a place in a document.
    String.raw`\bat (?:async )?(?:node:[^\s()]{0,500}|(?:file:|https?:|[A-Za-z]:\\|/|webpack)[^\s()]{0,500}\.\w{2,4}):\d+:\d+`,
    String.raw`\b[\w$.<>/]{1,200}@(?:file:|https?:|/)[^\s()@]{0,500}\.\w{2,4}:\d+:\d+`,
    String.raw`\bat [\w$.@/-]{1,200}(?:<(?:cl)?init>)?\((?:[\w$]+\.(?:java|kt|scala|groovy|clj):\d+|Native Method|Unknown Source)\)`,
    String.raw`Traceback \(most recent call last\)`,
    String.raw`\bFile "[^"]{1,500}", line \d+`,
    String.raw`\.(?:rb|exs?):\d+:in `,
    String.raw`\.(?:exs?|erl):\d+: [\w.]{1,200}[.:]\w{1,100}[?!]?/\d`,
    String.raw`#\d+ (?:\S{1,500}\.php\(\d+\)|\{main\})`,
    String.raw`\bin \S{1,500}\.php(?: on line |:)\d+`,
    String.raw`\bat /\S{1,500}\.p[lm] line \d+`,
    String.raw`\bgoroutine \d+ \[`,
    String.raw`\bat [\w.<>]{1,200}\([^)]{0,200}\) in \S{1,200}:line \d+`,
    // Without symbols a trace names nothing but calls: one may be prose, one below the other is not.
    String.raw`\n\s*at [\w.<>+]{1,200}\([^)\n]{0,200}\)\s*\n\s*at [\w.<>+]{1,200}\(`,
    String.raw`\bpanicked at (?:'|\S{1,200}\.rs:\d+)`,
  ].join('|'),
);

/** Bounds the time of the search; a stack trace that begins later in a body is rare. */
const MAX_TRACE_SEARCH = 64 * 1024;
const MAX_SHOWN = 120;

export function judgeStackTraces(answer: Answer): Judgement[] {
  const texts = answer.headers.map(([name, value]): [string, string] => [`the header ${name}`, value]);
  texts.push(['the status line', answer.statusText]);
  // JSON escapes the quotes and the line breaks of a trace.
  texts.push(['the body', answer.json ? strings(answer.json.value).join('\n') : (answer.text ?? '')]);
  const found = texts
    .map(([where, text]) => [where, STACK_TRACE.exec(text.slice(0, MAX_TRACE_SEARCH))?.[0]] as const)
    .find(([, line]) => line !== undefined);
  if (!found) return [{ requirement: 'WIRE-5' }];
  return [
    {
      requirement: 'WIRE-5',
      deviation: {
        code: 'stack-trace',
        class: 'violation',
        expected: 'no stack trace',
        actual: `in ${found[0]}: ${found[1]?.slice(0, MAX_SHOWN)}`,
      },
    },
  ];
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(strings);
  return isObject(value) ? Object.values(value).flatMap(strings) : [];
}
