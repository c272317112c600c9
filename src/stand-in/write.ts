import type http from 'node:http';
import type { Socket } from 'node:net';
import { afterTurns } from './turns';
import type { Reply } from './variant';

/** Writes a reply, or fails to in the way that it asks for. */
export function write(response: http.ServerResponse, reply: Reply, socket: Socket): void {
  if (reply.delayMs !== undefined) {
    setTimeout(() => {
      // What a reply says may be settled while it waits.
      delete reply.delayMs;
      write(response, reply, socket);
    }, reply.delayMs);
    return;
  }
  if (reply.delayTurns !== undefined) {
    afterTurns(reply.delayTurns, () => {
      delete reply.delayTurns;
      write(response, reply, socket);
    });
    return;
  }
  if (reply.broken === 'hang' || socket.destroyed) return;
  if (reply.broken === 'reset') {
    socket.resetAndDestroy();
    return;
  }
  if (reply.raw !== undefined) {
    socket.end(reply.raw);
    return;
  }
  const length = Buffer.byteLength(reply.body);
  response.writeHead(reply.status, {
    ...(length > 0 && !reply.headers['transfer-encoding'] && { 'content-length': String(length) }),
    ...reply.headers,
  });
  if (reply.broken === 'half') {
    response.write(reply.body.slice(0, length / 2), () => socket.destroy());
  } else if (reply.broken === 'drip') {
    response.flushHeaders();
    const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : response.write(' ')), 20);
  } else if (reply.broken === 'endless') {
    const more = (): void => {
      while (!socket.destroyed && response.write(' '.repeat(64 * 1024)));
      if (!socket.destroyed) response.once('drain', more);
    };
    more();
  } else {
    response.end(reply.body);
  }
}
