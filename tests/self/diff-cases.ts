/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-return --
   documents are edited as a person would, by name, wherever the edit is */
import { OPERATIONS } from '../../src/catalogue/operations';
import type { JsonObject } from '../../src/contract/json';
import { readPin, structureOf } from '../../src/contract/pin';
import type { ChangeVerdict } from '../../src/openapi/diff/change';

/* Changes of the published document, at least one for each thing that a change can be called. */

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;

/** The places of a document that cases edit. */
export interface Places {
  document: Json;
  create: Json;
  poll: Json;
  deny: Json;
  item: Json;
  request: Json;
  created: Json;
  polled: Json;
  denied: Json;
  rejected: Json;
}

export const SESSIONS = '/paths/~1v1~1api~1auth~1sessions';
export const SESSION = `${SESSIONS}~1{sessionId}`;
const SCHEMA = 'content/application~1json/schema';
const REQUEST = `${SESSIONS}/post/requestBody/${SCHEMA}`;
const CREATED = `${SESSIONS}/post/responses/201/${SCHEMA}`;
const POLLED = `${SESSION}/get/responses/200/${SCHEMA}`;
const DENIED = `${SESSION}/delete/responses/200/${SCHEMA}`;
const REJECTED = `${SESSION}/delete/responses/500/${SCHEMA}`;

/** The pinned document as it might be published, with words. */
export function published(): JsonObject {
  const document = structuredClone(structureOf(readPin()));
  const places = placesOf(document);
  places.document.info.description = 'What it is for.';
  places.document.servers[0].description = 'The one server.';
  for (const name of ['create', 'poll', 'deny'] as const) {
    places[name].summary = `To ${name}`;
    places[name].tags = ['auth'];
  }
  places.request.properties.deviceName.description = 'Who asks.';
  places.created.properties.sessionId.description = 'Keep it to yourself.';
  places.rejected.properties.msg.description = 'Why not.';
  return document;
}

export function placesOf(document: Json): Places {
  const create = document.paths[OPERATIONS.create.path].post;
  const item = document.paths[OPERATIONS.deny.path];
  const schema = (holder: Json): Json => holder.content['application/json'].schema;
  return {
    document,
    create,
    item,
    poll: item.get,
    deny: item.delete,
    request: schema(create.requestBody),
    created: schema(create.responses['201']),
    polled: schema(item.get.responses['200']),
    denied: schema(item.delete.responses['200']),
    rejected: schema(item.delete.responses['500']),
  };
}

export interface Case {
  /** What the document before the change has beside the published one. */
  before?: (places: Places) => unknown;
  edit: (places: Places) => unknown;
  verdict: ChangeVerdict;
  /** The only change, or all of them. */
  pointer: string | string[];
  direction?: 'narrow' | 'widen' | 'both';
  affects?: readonly string[];
}

const narrow = { verdict: 'breaking', direction: 'narrow', affects: ['suite'] } as const;
const widen = { verdict: 'compatible', direction: 'widen', affects: ['clients'] } as const;
const both = { verdict: 'breaking', direction: 'both', affects: ['suite', 'clients'] } as const;
const breaks = { verdict: 'breaking' } as const;
const fits = { verdict: 'compatible' } as const;
const words = { verdict: 'prose' } as const;

const text = { type: 'string' };
const branch = (status: Json): Json => ({ type: 'object', properties: { status }, required: ['status'] });

/** Sets a member as JSON.parse does, whatever its name. */
function put(object: Json, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
}

function tree(value: Json): Json {
  const children = { type: 'array', items: { $ref: '#/components/schemas/Tree' } };
  return { type: 'object', properties: { value, children } };
}

function renamePaths({ document }: Places, rename: (path: string) => string): void {
  document.paths = Object.fromEntries(
    Object.entries(document.paths as JsonObject).map(([path, item]) => [rename(path), item]),
  );
}

/** Gives the body of a denial a member that is a tree. */
function withTree({ document, denied }: Places, schema: Json): void {
  document.components = { schemas: { Tree: schema } };
  denied.properties.tree = { $ref: '#/components/schemas/Tree' };
}

const DEEP = 'properties/a/anyOf/0/properties/b/items/additionalProperties/properties/c/properties/d';

/** A schema at the end of a way through many kinds of keywords, past many members. */
function deep(leaf: Json): Json {
  const wide = (name: string, schema: Json): Json => ({
    ...{ type: 'object', required: ['m0', 'm1'] },
    properties: {
      ...Object.fromEntries(
        Array.from({ length: 25 }, (_, i) => [`m${i}`, { type: i % 2 ? 'string' : 'integer' }]),
      ),
      [name]: schema,
    },
  });
  const map = { type: 'object', additionalProperties: wide('c', wide('d', leaf)) };
  const list = { type: 'array', minItems: 2, items: map };
  const pair = [wide('b', list), { type: 'object', properties: { z: { type: 'integer' } }, required: ['z'] }];
  return wide('a', { anyOf: pair });
}

function kind(...values: string[]): Json {
  return { type: 'object', properties: { kind: { enum: values }, name: text }, required: ['kind'] };
}

function move(object: Json, from: string, to: string): void {
  object[to] = object[from];
  delete object[from];
}

export const CASES: Record<string, Case> = {
  // Narrowing.
  'request: shorter': {
    edit: (p) => (p.request.properties.deviceName.maxLength = 99),
    ...breaks,
    pointer: `${REQUEST}/properties/deviceName/maxLength`,
  },
  'request: a format': {
    edit: (p) => (p.request.properties.deviceName.format = 'email'),
    ...breaks,
    pointer: `${REQUEST}/properties/deviceName/format`,
  },
  'request: a pattern': {
    edit: (p) => (p.request.properties.deviceName.pattern = '^[a-z]+$'),
    ...breaks,
    pointer: `${REQUEST}/properties/deviceName/pattern`,
  },
  'request: fixed values': {
    edit: (p) => (p.request.properties.deviceName.enum = ['a', 'b']),
    ...breaks,
    pointer: `${REQUEST}/properties/deviceName/enum`,
  },
  'request: closed': {
    edit: (p) => (p.request.additionalProperties = false),
    ...breaks,
    pointer: `${REQUEST}/additionalProperties`,
  },
  'request: a false schema': {
    edit: (p) => (p.request.properties.deviceName = false),
    verdict: 'breaking',
    pointer: `${REQUEST}/properties/deviceName`,
  },
  'parameter: a format': {
    edit: (p) => (p.deny.parameters[0].schema.format = 'uuid'),
    ...breaks,
    pointer: `${SESSION}/delete/parameters/0/schema/format`,
  },
  'response: a format': {
    edit: (p) => (p.created.properties.sessionId.format = 'uuid'),
    ...narrow,
    pointer: `${CREATED}/properties/sessionId/format`,
  },
  'response: longer at least': {
    edit: (p) => (p.created.properties.sessionId.minLength = 5),
    ...narrow,
    pointer: `${CREATED}/properties/sessionId/minLength`,
  },
  'response: a constant': {
    edit: (p) => (p.rejected.properties.msg.const = 'no'),
    ...narrow,
    pointer: `${REJECTED}/properties/msg/const`,
  },
  'response: closed': {
    edit: (p) => (p.polled.oneOf[2].additionalProperties = false),
    ...narrow,
    pointer: `${POLLED}/oneOf/2/additionalProperties`,
  },
  'response: a false schema': {
    edit: (p) => (p.rejected.properties.msg = false),
    ...narrow,
    pointer: `${REJECTED}/properties/msg`,
  },
  'response: a branch gone': {
    edit: (p) => p.polled.oneOf.splice(1, 1),
    ...narrow,
    pointer: `${POLLED}/oneOf/1`,
  },
  'response: a branch that overlaps': {
    edit: (p) => p.polled.oneOf.push(branch(text)),
    ...both,
    pointer: `${POLLED}/oneOf/3`,
  },
  'response: a tag that overlaps': {
    edit: (p) => p.polled.oneOf[2].properties.status.enum.push('pending'),
    ...both,
    pointer: `${POLLED}/oneOf/2/properties/status/enum`,
  },
  'response: a member gone that told branches apart': {
    edit: (p) => delete p.polled.oneOf[2].properties.status,
    ...both,
    pointer: `${POLLED}/oneOf/2/properties/status`,
  },
  // Widening.
  'request: longer': {
    edit: (p) => (p.request.properties.deviceName.maxLength = 255),
    ...fits,
    pointer: `${REQUEST}/properties/deviceName/maxLength`,
  },
  'request: no format': {
    edit: (p) => delete p.request.properties.callbackUrl.format,
    ...fits,
    pointer: `${REQUEST}/properties/callbackUrl/format`,
  },
  'request: a wider format': {
    edit: (p) => (p.request.properties.callbackUrl.format = 'uri-reference'),
    ...fits,
    pointer: `${REQUEST}/properties/callbackUrl/format`,
  },
  'response: one more value': {
    edit: (p) => p.polled.oneOf[2].properties.status.enum.push('denied'),
    ...widen,
    pointer: `${POLLED}/oneOf/2/properties/status/enum`,
  },
  'response: one more branch': {
    edit: (p) => p.polled.oneOf.push(branch({ const: 'denied' })),
    ...widen,
    pointer: `${POLLED}/oneOf/3`,
  },
  'response: null allowed': {
    edit: (p) => (p.rejected.properties.msg.type = ['string', 'null']),
    ...widen,
    pointer: `${REJECTED}/properties/msg/type`,
  },
  'response: no schema': {
    edit: (p) => delete p.deny.responses['200'].content['application/json'].schema,
    ...widen,
    pointer: DENIED,
  },
  // Both.
  'request: another type': {
    edit: (p) => (p.request.properties.deviceName.type = 'integer'),
    ...breaks,
    pointer: `${REQUEST}/properties/deviceName/type`,
  },
  'response: another type': {
    edit: (p) => (p.created.properties.expiresAt.type = 'integer'),
    ...both,
    pointer: `${CREATED}/properties/expiresAt/type`,
  },
  'response: another value': {
    edit: (p) => (p.denied.properties.success.enum = [false]),
    ...both,
    pointer: `${DENIED}/properties/success/enum`,
  },
  'response: a list': {
    edit: (p) =>
      (p.poll.responses['200'].content['application/json'].schema = { type: 'array', items: p.polled }),
    ...both,
    pointer: POLLED,
  },
  // Members.
  'request: a new member': {
    edit: (p) => (p.request.properties.scope = { type: 'string', enum: ['read'], description: 'x' }),
    ...fits,
    pointer: `${REQUEST}/properties/scope`,
  },
  'request: a new member, required': {
    edit: (p) => {
      p.request.properties.scope = text;
      p.request.required = ['scope'];
    },
    ...breaks,
    pointer: `${REQUEST}/properties/scope`,
  },
  'request: a known member required': {
    edit: (p) => (p.request.required = ['deviceName']),
    ...breaks,
    pointer: `${REQUEST}/required`,
  },
  'request: a member gone': {
    edit: (p) => delete p.request.properties.callbackUrl,
    ...breaks,
    pointer: `${REQUEST}/properties/callbackUrl`,
  },
  'response: a new member': {
    edit: (p) => (p.denied.properties.deniedAt = { type: 'string', format: 'date-time' }),
    ...widen,
    pointer: `${DENIED}/properties/deniedAt`,
  },
  'response: a new member, required': {
    edit: (p) => {
      p.denied.properties.deniedAt = text;
      p.denied.required.push('deniedAt');
    },
    ...narrow,
    pointer: `${DENIED}/properties/deniedAt`,
  },
  'response: a known member required': {
    edit: (p) => p.polled.oneOf[0].required.push('callbackUrl'),
    ...narrow,
    pointer: `${POLLED}/oneOf/0/required`,
  },
  'response: a member no longer required': {
    edit: (p) => (p.created.required = ['sessionId', 'expiresAt']),
    ...widen,
    pointer: `${CREATED}/required`,
  },
  'response: sessionId no longer required': {
    edit: (p) => (p.created.required = ['verificationUrl', 'expiresAt']),
    verdict: 'breaking',
    direction: 'widen',
    affects: ['suite', 'clients'],
    pointer: `${CREATED}/required`,
  },
  'response: a member gone': {
    edit: (p) => delete p.rejected.properties.msg,
    ...widen,
    pointer: `${REJECTED}/properties/msg`,
  },
  'response: a required member gone': {
    edit: (p) => {
      delete p.created.properties.expiresAt;
      p.created.required = ['sessionId', 'verificationUrl'];
    },
    ...widen,
    pointer: `${CREATED}/properties/expiresAt`,
  },
  'response: sessionId gone': {
    edit: (p) => delete p.created.properties.sessionId,
    verdict: 'breaking',
    direction: 'widen',
    affects: ['suite', 'clients'],
    pointer: `${CREATED}/properties/sessionId`,
  },
  'response: no schema for the sessionId': {
    edit: (p) => delete p.create.responses['201'].content['application/json'].schema,
    verdict: 'breaking',
    pointer: CREATED,
  },
  'response: sessionId renamed': {
    edit: (p) => {
      move(p.created.properties, 'sessionId', 'id');
      p.created.required = ['id', 'verificationUrl', 'expiresAt'];
    },
    ...breaks,
    pointer: [`${CREATED}/properties/id`, `${CREATED}/properties/sessionId`],
  },
  // Parameters, bodies, headers.
  'a parameter, required': {
    edit: (p) => p.deny.parameters.push({ name: 'why', in: 'query', required: true, schema: text }),
    ...breaks,
    pointer: `${SESSION}/delete/parameters/1`,
  },
  'a parameter, optional': {
    edit: (p) => p.deny.parameters.push({ name: 'why', in: 'query', schema: text }),
    ...fits,
    pointer: `${SESSION}/delete/parameters/1`,
  },
  'a parameter of the path item': {
    edit: (p) => (p.item.parameters = [{ name: 'why', in: 'query', required: true, schema: text }]),
    ...breaks,
    pointer: `${SESSION}/parameters/0`,
  },
  'a parameter gone': {
    edit: (p) => (p.deny.parameters = []),
    ...breaks,
    pointer: `${SESSION}/delete/parameters/0`,
  },
  'a parameter in another place': {
    edit: (p) => (p.deny.parameters[0].in = 'query'),
    ...breaks,
    pointer: [`${SESSION}/delete/parameters/0`, `${SESSION}/delete/parameters/0`],
  },
  'a parameter no longer required': {
    edit: (p) => delete p.deny.parameters[0].required,
    ...fits,
    pointer: `${SESSION}/delete/parameters/0/required`,
  },
  'a parameter of another style': {
    edit: (p) => (p.deny.parameters[0].style = 'label'),
    ...breaks,
    pointer: `${SESSION}/delete/parameters/0/style`,
  },
  'the body required': {
    edit: (p) => (p.create.requestBody.required = true),
    ...breaks,
    pointer: `${SESSIONS}/post/requestBody/required`,
  },
  'the body gone': {
    edit: (p) => delete p.create.requestBody,
    ...breaks,
    pointer: `${SESSIONS}/post/requestBody`,
  },
  'a body, optional': {
    edit: (p) => (p.deny.requestBody = { content: { 'application/json': { schema: text } } }),
    ...fits,
    pointer: `${SESSION}/delete/requestBody`,
  },
  'a header': {
    edit: (p) => (p.deny.responses['200'].headers = { 'X-Id': { required: true, schema: text } }),
    ...widen,
    pointer: `${SESSION}/delete/responses/200/headers/X-Id`,
  },
  // Statuses and media types.
  'a status': {
    edit: (p) => (p.deny.responses['409'] = { description: 'new words' }),
    ...widen,
    pointer: `${SESSION}/delete/responses/409`,
  },
  'a range': {
    edit: (p) => (p.deny.responses['4XX'] = { description: '' }),
    ...widen,
    pointer: `${SESSION}/delete/responses/4XX`,
  },
  'a default': {
    edit: (p) => (p.deny.responses.default = { description: '' }),
    ...widen,
    pointer: `${SESSION}/delete/responses/default`,
  },
  'a status gone': {
    edit: (p) => delete p.poll.responses['404'],
    ...narrow,
    pointer: `${SESSION}/get/responses/404`,
  },
  'a status become a range': {
    edit: (p) => move(p.deny.responses, '500', '5XX'),
    ...widen,
    pointer: `${SESSION}/delete/responses/5XX`,
  },
  'a status become an unequal range': {
    edit: (p) => {
      delete p.deny.responses['500'];
      p.deny.responses['5XX'] = { description: '' };
    },
    ...breaks,
    pointer: [`${SESSION}/delete/responses/500`, `${SESSION}/delete/responses/5XX`],
  },
  'no responses': {
    edit: (p) => delete p.deny.responses,
    ...breaks,
    pointer: [`${SESSION}/delete/responses/200`, `${SESSION}/delete/responses/500`],
  },
  'request: a media type': {
    edit: (p) => (p.create.requestBody.content['text/plain'] = {}),
    ...fits,
    pointer: `${SESSIONS}/post/requestBody/content/text~1plain`,
  },
  'request: another media type': {
    edit: (p) => move(p.create.requestBody.content, 'application/json', 'text/json'),
    ...breaks,
    pointer: [
      `${SESSIONS}/post/requestBody/content/application~1json`,
      `${SESSIONS}/post/requestBody/content/text~1json`,
    ],
  },
  'request: no content': {
    edit: (p) => delete p.create.requestBody.content,
    ...breaks,
    pointer: `${SESSIONS}/post/requestBody/content`,
  },
  'response: a media type': {
    edit: (p) => (p.deny.responses['200'].content['text/plain'] = {}),
    ...widen,
    pointer: `${SESSION}/delete/responses/200/content/text~1plain`,
  },
  'response: a range that covers the media type': {
    edit: (p) => move(p.deny.responses['200'].content, 'application/json', 'application/*'),
    ...widen,
    pointer: `${SESSION}/delete/responses/200/content/application~1*`,
  },
  'response: no media type': {
    edit: (p) => delete p.deny.responses['200'].content['application/json'],
    ...narrow,
    pointer: `${SESSION}/delete/responses/200/content/application~1json`,
  },
  'response: no content': {
    edit: (p) => delete p.deny.responses['200'].content,
    ...both,
    pointer: `${SESSION}/delete/responses/200/content`,
  },
  // Annotations.
  ...Object.fromEntries(
    ['deprecated', 'readOnly', 'writeOnly'].flatMap((key): [string, Case][] => [
      [
        `request: ${key}`,
        {
          edit: (p) => (p.request.properties.deviceName[key] = true),
          ...fits,
          pointer: `${REQUEST}/properties/deviceName/${key}`,
        },
      ],
      [
        `response: ${key}`,
        {
          edit: (p) => (p.created.properties.expiresAt[key] = true),
          ...fits,
          pointer: `${CREATED}/properties/expiresAt/${key}`,
        },
      ],
    ]),
  ),
  'request: a default value': {
    edit: (p) => (p.request.properties.deviceName.default = 'x'),
    ...fits,
    pointer: `${REQUEST}/properties/deviceName/default`,
  },
  'an operation deprecated': {
    edit: (p) => (p.deny.deprecated = true),
    ...fits,
    pointer: `${SESSION}/delete/deprecated`,
  },
  // Operations, servers, security.
  'an operation gone': { edit: (p) => delete p.item.delete, ...breaks, pointer: `${SESSION}/delete` },
  'another method': { edit: (p) => move(p.item, 'get', 'put'), ...breaks, pointer: `${SESSION}/get` },
  'a trailing slash': {
    edit: (p) => move(p.document.paths, OPERATIONS.create.path, `${OPERATIONS.create.path}/`),
    ...breaks,
    pointer: `${SESSIONS}/post`,
  },
  'another server': {
    edit: (p) => (p.document.servers[0].url = 'https://b.example/api'),
    ...breaks,
    pointer: '/servers/0/url',
  },
  'another server of an operation': {
    edit: (p) => (p.deny.servers = [{ url: 'https://b.example/api' }]),
    ...breaks,
    pointer: `${SESSION}/delete/servers/0/url`,
  },
  'another path of the server': {
    edit: (p) => (p.document.servers[0].url = 'https://public.api.paragraph.com/API'),
    ...breaks,
    pointer: '/servers/0/url',
  },
  'another port': {
    edit: (p) => (p.document.servers[0].url = 'https://public.api.paragraph.com:8443/api'),
    ...breaks,
    pointer: '/servers/0/url',
  },
  'a part moved to another place of the path': {
    edit: (p) => {
      p.document.servers[0].url = 'https://public.api.paragraph.com/api/api';
      renamePaths(p, (path) => path.replace('/v1/api/', '/v1/'));
    },
    ...breaks,
    pointer: [`${SESSIONS}/post`, `${SESSION}/get`, `${SESSION}/delete`],
  },
  'no server': { edit: (p) => delete p.document.servers, ...breaks, pointer: '/servers/0' },
  'one more server': {
    edit: (p) => p.document.servers.push({ url: 'https://b.example/api' }),
    ...fits,
    pointer: '/servers/1',
  },
  'credentials needed': {
    edit: (p) => (p.document.security = [{ key: [] }]),
    ...breaks,
    pointer: '/security',
  },
  'credentials needed by an operation': {
    edit: (p) => (p.deny.security = [{ key: [] }]),
    ...breaks,
    pointer: `${SESSION}/delete/security`,
  },
  'credentials allowed': {
    edit: (p) => p.document.security.push({ key: [] }),
    ...fits,
    pointer: '/security',
  },
  // Names that every object inherits.
  ...Object.fromEntries(
    ['constructor', 'toString', '__proto__'].flatMap((name): [string, Case][] => [
      [
        `response: a new member ${name}`,
        {
          edit: (p) => put(p.denied.properties, name, text),
          ...widen,
          pointer: `${DENIED}/properties/${name}`,
        },
      ],
      [
        `response: a new member ${name}, required`,
        {
          edit: (p) => {
            put(p.denied.properties, name, text);
            p.denied.required.push(name);
          },
          ...narrow,
          pointer: `${DENIED}/properties/${name}`,
        },
      ],
      [
        `request: a new member ${name}`,
        {
          edit: (p) => put(p.request.properties, name, text),
          ...fits,
          pointer: `${REQUEST}/properties/${name}`,
        },
      ],
      [
        `response: a value ${name}`,
        {
          edit: (p) => p.polled.oneOf[2].properties.status.enum.push(name),
          ...widen,
          pointer: `${POLLED}/oneOf/2/properties/status/enum`,
        },
      ],
      [
        `a parameter ${name}`,
        {
          edit: (p) => p.deny.parameters.push({ name, in: 'query', schema: text }),
          ...fits,
          pointer: `${SESSION}/delete/parameters/1`,
        },
      ],
      [
        `a status ${name}`,
        {
          edit: (p) => put(p.deny.responses, name, { description: '' }),
          ...widen,
          pointer: `${SESSION}/delete/responses/${name}`,
        },
      ],
      [
        `a media type ${name}`,
        {
          edit: (p) => put(p.deny.responses['200'].content, name, {}),
          ...widen,
          pointer: `${SESSION}/delete/responses/200/content/${name}`,
        },
      ],
      [
        `response: a member ${name} of another type`,
        {
          before: (p) => put(p.denied.properties, name, text),
          edit: (p) => put(p.denied.properties, name, { type: 'integer' }),
          ...both,
          pointer: `${DENIED}/properties/${name}/type`,
        },
      ],
      [
        `response: a member ${name} gone`,
        {
          before: (p) => put(p.denied.properties, name, text),
          edit: (p) => delete p.denied.properties[name],
          ...widen,
          pointer: `${DENIED}/properties/${name}`,
        },
      ],
    ]),
  ),
  // Schemas that contain themselves.
  'a tree: another type of its leaves': {
    before: (p) => withTree(p, tree(text)),
    edit: (p) => withTree(p, tree({ type: 'integer' })),
    ...both,
    pointer: '/components/schemas/Tree/properties/value/type',
  },
  'a tree: a value more': {
    before: (p) => withTree(p, tree({ enum: ['a'] })),
    edit: (p) => withTree(p, tree({ enum: ['a', 'b'] })),
    ...widen,
    pointer: '/components/schemas/Tree/properties/value/enum',
  },
  'a tree: closed': {
    before: (p) => withTree(p, tree(text)),
    edit: (p) => withTree(p, { ...tree(text), additionalProperties: false }),
    ...narrow,
    pointer: '/components/schemas/Tree/additionalProperties',
  },
  'a tree: a member required': {
    before: (p) => withTree(p, tree(text)),
    edit: (p) => withTree(p, { ...tree(text), required: ['value'] }),
    ...narrow,
    pointer: '/components/schemas/Tree/required',
  },
  'a tree: no longer one': {
    before: (p) => withTree(p, tree(text)),
    edit: (p) => withTree(p, { ...tree(text), properties: { value: text } }),
    ...widen,
    pointer: '/components/schemas/Tree/properties/children',
  },
  'a tree: words': {
    before: (p) => withTree(p, tree(text)),
    edit: (p) => withTree(p, tree({ ...text, description: 'What it holds.' })),
    ...words,
    pointer: '/components/schemas/Tree/properties/value/description',
  },
  // Places that lie deep in a wide schema.
  'response: one more value, deep': {
    before: (p) => (p.denied.properties.deep = deep({ enum: ['a'] })),
    edit: (p) => (p.denied.properties.deep = deep({ enum: ['a', 'b'] })),
    ...widen,
    pointer: `${DENIED}/properties/deep/${DEEP}/enum`,
  },
  'response: another type, deep': {
    before: (p) => (p.denied.properties.deep = deep(text)),
    edit: (p) => (p.denied.properties.deep = deep({ type: 'boolean' })),
    ...both,
    pointer: `${DENIED}/properties/deep/${DEEP}/type`,
  },
  'request: shorter, deep': {
    before: (p) => (p.request.properties.deep = deep(text)),
    edit: (p) => (p.request.properties.deep = deep({ ...text, maxLength: 9 })),
    ...breaks,
    pointer: `${REQUEST}/properties/deep/${DEEP}/maxLength`,
  },
  // What one change forbids, another one allows.
  'response: a branch split in two, with a value more': {
    before: (p) => (p.denied.properties.what = { anyOf: [kind('a', 'b'), kind('z')] }),
    edit: (p) => (p.denied.properties.what = { anyOf: [kind('a'), kind('b', 'c'), kind('z')] }),
    ...widen,
    pointer: [`${DENIED}/properties/what/anyOf/0/properties/kind/enum`, `${DENIED}/properties/what/anyOf/1`],
  },
  // What can't be decided.
  'undecided: a pattern that means the same': {
    edit: (p) => (p.created.properties.sessionId.pattern = '^[^]*$'),
    ...both,
    pointer: `${CREATED}/properties/sessionId/pattern`,
  },
  ...Object.fromEntries(
    ['password', 'int32', 'nanoid', 'toString'].map((format): [string, Case] => [
      `a format that is not asserted: ${format}`,
      {
        edit: (p) => (p.created.properties.sessionId.format = format),
        ...widen,
        pointer: `${CREATED}/properties/sessionId/format`,
      },
    ]),
  ),
  'a format that is no longer asserted': {
    edit: (p) => (p.request.properties.callbackUrl.format = 'password'),
    ...fits,
    pointer: [`${REQUEST}/properties/callbackUrl/format`, `${REQUEST}/properties/callbackUrl/format`],
  },
  'an encoding': {
    edit: (p) => (p.created.properties.sessionId.contentEncoding = 'base64'),
    ...widen,
    pointer: `${CREATED}/properties/sessionId/contentEncoding`,
  },
  'undecided: a keyword that nobody knows': {
    edit: (p) => (p.denied.properties.success.mood = 1),
    ...both,
    pointer: `${DENIED}/properties/success/mood`,
  },
  'a pattern that never ends': {
    edit: (p) => (p.request.properties.deviceName.pattern = '^(a|a?)+$'),
    ...breaks,
    pointer: `${REQUEST}/properties/deviceName/pattern`,
  },
  'undecided: a schema that AJV refuses': {
    edit: (p) => (p.request.properties.deviceName.maxLength = 'long'),
    ...breaks,
    pointer: `${REQUEST}/properties/deviceName/maxLength`,
  },
  // Words.
  ...Object.fromEntries(
    ['description', 'title', 'examples', 'externalDocs', '$comment', 'x-order'].map((key): [string, Case] => [
      `words: ${key}`,
      {
        edit: (p) => (p.rejected.properties.msg[key] = ['other']),
        ...words,
        pointer: `${REJECTED}/properties/msg/${key}`,
      },
    ]),
  ),
  'words: summary': {
    edit: (p) => (p.deny.summary = 'To cancel'),
    ...words,
    pointer: `${SESSION}/delete/summary`,
  },
  'words: tags': { edit: (p) => p.deny.tags.push('sessions'), ...words, pointer: `${SESSION}/delete/tags` },
  'words: operationId': {
    edit: (p) => (p.deny.operationId = 'cancel'),
    ...words,
    pointer: `${SESSION}/delete/operationId`,
  },
  'words: info': { edit: (p) => (p.document.info.version = '1.0.1'), ...words, pointer: '/info/version' },
  'words: the path': {
    edit: (p) => (p.item.summary = 'One session'),
    ...words,
    pointer: `${SESSION}/summary`,
  },
  'words: a server': {
    edit: (p) => (p.document.servers[0].description = 'x'),
    ...words,
    pointer: '/servers/0/description',
  },
  // What lies elsewhere in the document is found there.
  'in a component': {
    edit: (p) => {
      p.document.components = { schemas: { Error: { ...p.rejected, required: ['msg'] } } };
      for (const operation of [p.create, p.poll, p.deny])
        operation.responses['500'].content['application/json'].schema = {
          $ref: '#/components/schemas/Error',
        };
      for (const operation of [p.create, p.poll])
        delete operation.responses['500'].content['application/json'].schema.description;
      p.create.responses['500'].content['application/json'].schema = structuredClone({
        ...p.rejected,
        properties: { ...p.rejected.properties, msg: text },
      });
      p.poll.responses['500'].content['application/json'].schema = structuredClone({
        ...p.rejected,
        properties: { ...p.rejected.properties, msg: text },
      });
    },
    ...widen,
    pointer: '/components/schemas/Error/required',
  },
};

/** Rewrites that say the same. */
export const SAME: Record<string, (places: Places) => unknown> = {
  'order of lists': (p) => {
    p.created.required.reverse();
    p.polled.oneOf.reverse();
  },
  'a component': (p) => {
    p.document.components = {
      schemas: { 'An error': p.rejected, Alias: { $ref: '#/components/schemas/An%20error' } },
    };
    p.deny.responses['500'].content['application/json'].schema = { $ref: '#/components/schemas/Alias' };
  },
  'a component, and a keyword beside the reference': (p) => {
    const { description } = p.request.properties.deviceName;
    p.document.components = { schemas: { Name: text } };
    p.request.properties.deviceName = { $ref: '#/components/schemas/Name', maxLength: 100, description };
  },
  'a path item by reference': (p) => {
    p.document.components = { pathItems: { Session: p.item } };
    p.document.paths[OPERATIONS.deny.path] = { $ref: '#/components/pathItems/Session' };
  },
  $defs: (p) => {
    const { msg } = p.rejected.properties;
    p.rejected.$defs = { Msg: msg };
    p.rejected.properties.msg = { $ref: `#${encodeURI(REJECTED)}/$defs/Msg` };
  },
  '$defs of a schema with an $id': (p) => {
    const { msg } = p.rejected.properties;
    Object.assign(p.rejected, {
      $id: 'https://example.com/error',
      $defs: { Msg: { $anchor: 'msg', ...msg } },
    });
    p.rejected.properties.msg = { $ref: '#msg' };
  },
  'a parameter of the path item': (p) => {
    p.item.parameters = p.poll.parameters;
    delete p.poll.parameters;
    p.deny.parameters = [];
  },
  'a path parameter renamed': (p) => {
    for (const operation of [p.poll, p.deny]) operation.parameters[0].name = 'id';
    move(p.document.paths, OPERATIONS.deny.path, `${OPERATIONS.create.path}/{id}`);
  },
  'a server repeated': (p) => (p.deny.servers = structuredClone(p.document.servers)),
  'no empty parameters': (p) => delete p.create.parameters,
  'a lone allOf': (p) => {
    p.create.requestBody.content['application/json'].schema = { allOf: [{ allOf: [p.request] }] };
    p.poll.responses['200'].content['application/json'].schema = { allOf: [p.polled] };
  },
  'one-item types': (p) => (p.request.properties.deviceName.type = ['string']),
  'a constant': (p) => {
    for (const { properties } of p.polled.oneOf) properties.status = { const: properties.status.enum[0] };
  },
  'anyOf where a member tells branches apart': (p) => move(p.polled, 'oneOf', 'anyOf'),
  'nullable in 3.1': (p) => (p.rejected.properties.msg.nullable = true),
  'security of an empty list': (p) => (p.document.security = []),
  'no security': (p) => delete p.document.security,
  'security of an operation': (p) => (p.deny.security = [{}]),
  '3.1.1': (p) => (p.document.openapi = '3.1.1'),
  'an explicit default': (p) => {
    p.created.additionalProperties = true;
    p.create.requestBody.required = false;
    p.deny.parameters[0].explode = false;
  },
  'a type that its values have': (p) => delete p.denied.properties.success.type,
  'a charset': (p) => {
    move(p.deny.responses['200'].content, 'application/json', 'Application/JSON; charset=utf-8');
    move(p.create.requestBody.content, 'application/json', 'application/json;charset=UTF-8');
  },
  'a server in another form': (p) =>
    (p.document.servers[0].url = 'HTTPS://Public.API.paragraph.com:443/x/../%61pi/'),
  'a part of the path moved to the server': (p) => {
    p.document.servers[0].url += '/v1/';
    renamePaths(p, (path) => path.replace('/v1', ''));
  },
  'the whole path moved to the server': (p) => {
    p.document.servers[0].url += '/v1/api/auth/sessions';
    renamePaths(p, (path) => path.replace('/v1/api/auth/sessions', '') || '/');
    p.document.paths[OPERATIONS.create.path] = p.document.paths['/'];
    p.document.paths[OPERATIONS.create.path].servers = [
      { ...p.document.servers[0], url: 'https://public.api.paragraph.com/api' },
    ];
    delete p.document.paths['/'];
  },
  'a part of the server moved to the path': (p) => {
    p.document.servers[0].url = 'https://public.api.paragraph.com';
    renamePaths(p, (path) => `/api${path}`);
  },
  'a server with variables': (p) => {
    p.document.servers[0].url = 'https://{host}/{base}';
    p.document.servers[0].variables = {
      host: { default: 'public.api.paragraph.com' },
      base: { default: 'api', enum: ['api'] },
    };
  },
  'OpenAPI 3.2': (p) => {
    p.document.openapi = '3.2.0';
    p.document.$self = 'https://example.com/openapi.json';
    p.document.servers[0].name = 'production';
    p.document.components = { schemas: { Error: p.rejected } };
    p.deny.responses['500'].content['application/json'].schema = {
      $ref: 'https://example.com/openapi.json#/components/schemas/Error',
    };
  },
  'a schema and a path parameter that are called constructor': (p) => {
    p.document.components = { schemas: { constructor: p.rejected } };
    p.deny.responses['500'].content['application/json'].schema = { $ref: '#/components/schemas/constructor' };
    for (const operation of [p.poll, p.deny]) operation.parameters[0].name = 'constructor';
    move(p.document.paths, OPERATIONS.deny.path, `${OPERATIONS.create.path}/{constructor}`);
  },
  'an unused component': (p) => (p.document.components = { schemas: { Unused: { $ref: '#/nowhere' } } }),
  'another operation': (p) => {
    p.item.patch = { responses: {} };
    p.document.paths['/v1/other'] = { get: { responses: { 200: { $ref: 'elsewhere.yaml' } } } };
  },
};

/** Documents of equal meaning, each pair with an edit of its own on both sides: schemas that contain themselves. */
export const SAME_TREES: Record<string, (places: Places) => unknown> = {
  'by a component': (p) => withTree(p, tree(text)),
  'unrolled once': (p) => {
    withTree(p, tree(text));
    p.denied.properties.tree = structuredClone(p.document.components.schemas.Tree);
  },
  'unrolled within': (p) => {
    const children = { type: 'array', items: { $ref: '#/components/schemas/Tree' } };
    const inner = { type: 'object', properties: { value: text, children } };
    withTree(p, { type: 'object', properties: { value: text, children: { type: 'array', items: inner } } });
  },
  'in place': (p) => {
    const at = `#${encodeURI(`${DENIED}/properties/tree`)}`;
    const children = { type: 'array', items: { $ref: at } };
    p.denied.properties.tree = { type: 'object', properties: { value: text, children } };
  },
  'by two components in turn': (p) => {
    withTree(p, tree(text));
    const { schemas } = p.document.components;
    schemas.Other = structuredClone(schemas.Tree);
    schemas.Tree.properties.children.items.$ref = '#/components/schemas/Other';
  },
  'under other names': (p) => {
    p.document.components = { schemas: { Alias: { $ref: '#/components/schemas/toString' } } };
    const children = { type: 'array', items: { $ref: '#/components/schemas/Alias' } };
    put(p.document.components.schemas, 'toString', {
      allOf: [{ type: 'object', properties: { value: text, children } }],
    });
    p.denied.properties.tree = { $ref: '#/components/schemas/Alias' };
  },
  'by an anchor': (p) => {
    const children = { type: 'array', items: { $ref: '#node' } };
    p.denied.properties.tree = {
      ...{ $id: 'https://example.com/tree', $anchor: 'node', type: 'object' },
      properties: { value: text, children },
    };
  },
};
