import { readFileSync } from 'node:fs';
import { PIN_PATH } from '../contract/pin';
import { readJson } from './json';
import type { Model, Session } from './model';
import { error, json, page } from './replies';
import { afterTurns } from './turns';
import type { Reply, Variant } from './variant';

export const PROVIDER_STATES_PATH = '/_provider-states';
export const VERIFY_PATH = '/verify';
export const DOCUMENT_PATH = '/openapi.json';

/** What is no part of the API: provider states, the page on which a person approves a session, the document. */
export class Surroundings {
  constructor(
    private readonly model: Model,
    private readonly variant: Variant | undefined,
  ) {}

  /** @returns undefined for a request that is for the API */
  answer(method: string, path: string, query: URLSearchParams, body: string): Reply | undefined {
    if (path === PROVIDER_STATES_PATH && !this.variant?.noProviderStates)
      return method === 'POST' ? this.provideAsUsual(body) : error(405, 'POST a provider state');
    if (path === DOCUMENT_PATH)
      return {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: readFileSync(PIN_PATH, 'utf8'),
      };
    if (path === VERIFY_PATH) return this.verify(method, query);
    return undefined;
  }

  private provideAsUsual(body: string): Reply {
    if (this.variant?.providerStates === 'page') return page(200, 'Welcome');
    if (this.variant?.providerStates !== 'later') return this.provide(body);
    afterTurns(30, () => this.provide(body));
    return json(202, {});
  }

  private provide(body: string): Reply {
    const asked = readJson(body) as
      { state?: unknown; params?: { sessionId?: unknown }; action?: unknown } | undefined;
    if (asked?.action === 'teardown') return json(200, {});
    const session = this.model.find(String(asked?.params?.sessionId));
    if (!session) return error(404, 'There is no such session');
    if (asked?.state === 'session is completed') return this.provideCompleted(session);
    if (asked?.state === 'session is expired')
      return this.model.expire(session) ? json(200, {}) : error(409, 'This session has ended already');
    return error(400, 'The states are "session is completed" and "session is expired"');
  }

  private provideCompleted(session: Session): Reply {
    const approve = (): Reply =>
      this.model.complete(session) ? json(200, {}) : error(409, 'This session can no longer be approved');
    return this.variant?.approve ? this.variant.approve(session, this.model, approve) : approve();
  }

  private verify(method: string, query: URLSearchParams): Reply {
    const session = this.model.find(query.get('session') ?? '');
    if (!session) return page(404, 'There is no such session.');
    if (method === 'POST')
      return this.model.complete(session)
        ? page(200, 'Approved. You can close this page.')
        : page(409, 'This session can no longer be approved.');
    if (session.state !== 'pending') return page(200, `This session is ${session.state}.`);
    return page(
      200,
      `<form method="post"><p>Let ${escape(session.deviceName)} use your account?</p><button>Approve</button></form>`,
    );
  }
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
