import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { Connection } from './connection';

/*
 * Node.js's agents, whose connections are of our own kind. They pass no callback on: as a listener of "connect" it would
 * come with no connection.
 */

export class PlainAgent extends http.Agent {
  override createConnection(options: http.ClientRequestArgs): Connection {
    return new Connection(super.createConnection(options) as Socket);
  }
}

export class SecureAgent extends https.Agent {
  override createConnection(options: https.RequestOptions): Connection {
    return new Connection(super.createConnection(options) as Socket);
  }
}
