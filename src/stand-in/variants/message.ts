import { afterTurns } from '../turns';
import type { Variant } from '../variant';
import { fault, text } from './hooks';

const LATER_TURNS = 15;

/** What is wrong with messages whatever they say. */
export const MESSAGE: Variant[] = [
  {
    ...fault('bom-everywhere', 'a byte order mark stands before each JSON body'),
    findings: ['WIRE-2/json'],
    every: text((one) => (one === '' ? one : `\ufeff${one}`)),
  },
  {
    ...fault(
      'late-bytes',
      'bytes follow the response to a denial a moment later, on a connection that is kept',
    ),
    findings: ['WIRE-3/malformed'],
    deny: (call, next) => {
      afterTurns(LATER_TURNS, () => call.socket.writable && call.socket.write('\r\n0\r\n\r\n'));
      return next(call);
    },
  },
];
