import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Ajv2020 } from 'ajv/dist/2020';
import { dump } from 'js-yaml';
import { Contract } from '../../src/contract/contract';
import { isObject, valueAt, type JsonObject } from '../../src/contract/json';
import { PIN_PATH, readPin, structureOf } from '../../src/contract/pin';
import { parseSource } from '../../src/openapi/parse';
import { MAX_BYTES, readSource, sourceName } from '../../src/openapi/source';
import { UnreadableSource } from '../../src/contract/unreadable-source';
import { pinFrom } from '../../src/openapi/pull';
import { SLOW } from './slow';
import { temporaryFolder } from './temporary-folder';

const PIN = readPin();
const DATE = '2026-01-01';

function source(text: string): ReturnType<typeof pinFrom> {
  return pinFrom({ ...parseSource(text), name: 'test', sha256: '0'.repeat(64) }, DATE, PIN);
}

/** The document as it might be published: without what pinning adds. */
function published(): JsonObject {
  return structureOf(PIN);
}

function page(document: unknown, before = '# A page\n\n'): string {
  return `${before}\`\`\`\`yaml /openapi.json delete /x\n${dump(document)}\`\`\`\`\n\nMore words.\n`;
}

const text = JSON.stringify(published());
const same: Record<string, string> = {
  JSON: text,
  'JSON with a byte order mark': `\ufeff${text}`,
  'JSON with CRLF': JSON.stringify(published(), undefined, 2).replaceAll('\n', '\r\n'),
  YAML: dump(published()),
  'YAML with CRLF': dump(published()).replaceAll('\n', '\r\n'),
  'YAML with a fenced example in a description': dump({
    ...published(),
    info: { title: 'Paragraph API', version: '1.0.0', description: 'As in\n```yaml\nopenapi: 3.1.0\n```\n' },
  }),
  'a page': page(published()),
  'a page with an example beside the document': page(
    published(),
    '# A page\n\n```json\n{"success": true}\n```\n\n',
  ),
  'a page with tildes': page(published()).replaceAll('````', '~~~'),
  'YAML in braces, with a comma too many': `${text.slice(0, -1)},}`,
  'YAML with anchors and aliases': dump(shared()),
  'a page of MDX': mdx(),
  'a page that begins with a comment and a badge': page(
    published(),
    '{/* generated */}\n\n[![status](https://a.example/b.svg)](https://a.example)\n\n',
  ),
  'a page that begins with HTML': page(
    published(),
    '<!-- generated -->\n<div align="center">\n<img src="x.svg">\n</div>\n\n',
  ),
  'a page with front matter': page(
    published(),
    '---\ntitle: "Deny"\nopenapi: "DELETE /v1/api/auth/sessions/{sessionId}"\n---\n\n',
  ),
  'a page with a fence that is never closed': page(
    published(),
    '# A page\n\n```sh\ncurl https://a.example\n\n',
  ).replaceAll('````', '```'),
  'a page in a list': nested('   ', '1. Take this:\n\n'),
  'a page in a list, at its mark': nested('  ', '').replace('  ````yaml', '- ````yaml'),
  'a page in components, deep': nested(' '.repeat(8), '<Tabs>\n  <Tab title="OpenAPI">\n'),
  'a page with tabs': nested('\t', '<Tab>\n'),
  'a page in a quote': nested('> ', '> Published:\n>\n'),
  'a page in a quote in a list': nested('  > > ', '- It is said:\n'),
  ...Object.fromEntries(
    [
      ...['', 'yml', 'YAML', 'openapi', 'json', 'text', '{yaml}', 'yaml title="openapi.yaml" {1,3}'],
      ...['openapi-yaml lineNumbers', ' yaml', 'yaml openapi.json DELETE /v1/api/auth/sessions/{sessionId}'],
    ].map((tag) => [
      `a page with the tag "${tag}"`,
      page(published()).replace('yaml /openapi.json delete /x', tag),
    ]),
  ),
  'a page with JSON in its block': page(published()).replace(dump(published()), `${text}\n`),
  'a page with the same document twice': page(published()) + page(published(), ''),
  'a page with CRLF and a byte order mark': `\ufeff${page(published()).replaceAll('\n', '\r\n')}`,
};

/** The document with parts that are equal written once. */
function shared(): JsonObject {
  const known = new Map<string, unknown>();
  const share = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    const key = JSON.stringify(value);
    if (!known.has(key))
      known.set(
        key,
        Array.isArray(value)
          ? value.map(share)
          : Object.fromEntries(Object.entries(value).map(([name, one]) => [name, share(one)])),
      );
    return known.get(key);
  };
  return share(published()) as JsonObject;
}

function nested(indent: string, before: string): string {
  const lines = page(published(), '').split('\n');
  return `# A page\n\n${before}${lines.map((line) => (line === '' ? '' : `${indent}${line}`)).join('\n')}`;
}

function mdx(): string {
  return page(
    published(),
    'import { Tabs } from \'@theme/Tabs\';\n\nexport const meta = {\n  a: 1,\n};\n\n<Tabs>\n<TabItem value="x">\n',
  ).replace(/\n\nMore words/, '\n</TabItem>\n</Tabs>\n');
}

for (const [form, given] of Object.entries(same)) {
  test(`a document as ${form} makes the same pin`, () => {
    expect(structureOf(source(given))).toEqual(structureOf(PIN));
  });
}

test('a page of one operation updates that one and leaves the others', () => {
  const document = structuredClone(published()) as { paths: Record<string, Record<string, JsonObject>> };
  const [create, session] = Object.keys(document.paths) as [string, string];
  delete document.paths[create];
  delete document.paths[session]?.get;
  (document.paths[session]?.delete?.responses as JsonObject)['404'] = { description: 'Not found' };
  const pin = source(page(document));
  const paths = pin.paths as typeof document.paths;
  expect(Object.keys(paths[session]?.delete?.responses as JsonObject)).toEqual(['200', '404', '500']);
  expect({ ...paths, [session]: { ...paths[session], delete: undefined } }).toEqual({
    ...(PIN.paths as object),
    [session]: { ...(PIN.paths as typeof document.paths)[session], delete: undefined },
  });
  expect(pin['x-origin'].map(({ operations }) => operations)).toEqual([['create', 'poll'], ['deny']]);
});

test('prose does not come into the pin, its hashes do', () => {
  const document = structuredClone(published()) as { paths: Record<string, Record<string, JsonObject>> };
  const operation = document.paths['/v1/api/auth/sessions/{sessionId}']?.delete as JsonObject;
  operation.description = 'A sentence that is not ours to copy.';
  const pin = source(JSON.stringify(document));
  expect(JSON.stringify(pin)).not.toContain('not ours');
  expect(pin['x-prose']['/paths/~1v1~1api~1auth~1sessions~1{sessionId}/delete/description']).toMatch(
    /^[0-9a-f]{16}$/,
  );
});

test('a property that is called like prose is kept', () => {
  const document = structuredClone(published());
  const at = (document.paths as Record<string, Record<string, JsonObject>>)['/v1/api/auth/sessions']
    ?.post as {
    responses: Record<string, { content: Record<string, { schema: { properties: JsonObject } }> }>;
  };
  Object.assign(at.responses['201']?.content['application/json']?.schema.properties ?? {}, {
    description: { type: 'string' },
    title: { type: 'string', description: 'x' },
  });
  const pinned = source(JSON.stringify(document));
  expect(JSON.stringify(pinned.paths)).toContain('"description":{"type":"string"},"expiresAt"');
});

/** The document with a schema, as YAML in braces, in the body of a denial. */
function inScope(schema: string): string {
  const withMark = withSchema({ mark: 1 });
  return dump(JSON.parse(withMark)).replace(/\n +mark: 1/, ` ${schema}`);
}

const broken: Record<string, [string, RegExp]> = {
  nothing: ['', /is empty/],
  'white space': [' \n\t', /is empty/],
  'an HTML page': ['<!doctype html><html></html>', /is HTML/],
  'cut JSON': [text.slice(0, -10), /breaks off|not JSON/],
  'JSON with text behind it': [`${text} oops`, /not JSON/],
  'JSON with a key twice': [text.replace('"openapi":', '"openapi":"3.1.0","openapi":'), /twice/],
  'YAML with a key twice': [`openapi: 3.1.0\nopenapi: 3.1.0\npaths: {}\n`, /duplicated/],
  'cut YAML': ['openapi: 3.1.0\npaths:\n  /v1: {get: {', /can't be read as YAML/],
  'conflict markers': [
    `openapi: 3.1.0\n<<<<<<< HEAD\npaths: {}\n=======\n>>>>>>> other\n`,
    /conflict markers|can't be read/,
  ],
  'a list': ['[]', /not an object/],
  'a number': ['42', /not an object/],
  'no version': ['{"paths": {}}', /no "openapi" version/],
  'Swagger 2': ['{"swagger": "2.0", "paths": {}}', /no "openapi" version/],
  'OpenAPI 4': ['{"openapi": "4.0.0", "paths": {}}', /3\.0, 3\.1 and 3\.2/],
  'no paths': ['{"openapi": "3.1.0"}', /no "paths"/],
  'paths that are a list': ['{"openapi": "3.1.0", "paths": []}', /no "paths"/],
  'no session operations': ['{"openapi": "3.1.0", "paths": {}}', /none of the session operations/],
  'a page that breaks off': [page(published()).split('\n').slice(0, 40).join('\n'), /breaks off/],
  'a page without a document': [
    '# A page\n\n```yaml\na: 1\n```\n',
    /no OpenAPI document|not an OpenAPI document/,
  ],
  'a page with two documents': [
    page(published()) + page({ ...published(), openapi: '3.1.1' }, ''),
    /2 OpenAPI documents/,
  ],
  'deep JSON': [`${'['.repeat(300)}${']'.repeat(300)}`, /deeper than 200/],
  'very deep JSON': ['['.repeat(1_000_000), /deeper than 200/],
  'deep YAML': [`a: ${'['.repeat(300)}${']'.repeat(300)}`, /depth|deeper/i],
  'YAML that refers to itself': [inScope('&a {type: object, properties: {x: *a}}'), /alias|deeper/],
  'YAML that refers to itself in a value': [inScope('{enum: [&a [*a]]}'), /alias|deeper/],
  'aliases of aliases': [
    inScope(
      `{properties: {a: &a {type: string}, ${[...'bcdefghijk'].map((c, i) => `${c}: &${c} {type: object, properties: {${[...'123456789'].map((n) => `${n}: *${'abcdefghijk'[i]}`).join(', ')}}}`).join(', ')}}}`,
    ),
    /expand to more than 20 MB/,
  ],
  'aliases of aliases in words': [
    inScope(
      `{type: string, x-a: &a [x], ${[...'bcdefghijk'].map((c, i) => `x-${c}: &${c} [${Array(9).fill(`*${'abcdefghijk'[i]}`).join(',')}]`).join(', ')}}`,
    ),
    /expand to more than 20 MB/,
  ],
};

for (const [what, [given, says]] of Object.entries(broken)) {
  test(`${what} is unreadable, in one line`, what.startsWith('aliases of aliases') ? SLOW : {}, () => {
    let message = '';
    try {
      source(given);
    } catch (error) {
      expect(error).toBeInstanceOf(UnreadableSource);
      message = (error as Error).message;
    }
    expect(message).toMatch(says);
    expect(message).not.toContain('\n');
  });
}

const references: Record<string, [unknown, RegExp]> = {
  'leads nowhere': [{ $ref: '#/components/schemas/Nobody' }, /leads nowhere/],
  'leaves the document': [{ $ref: 'other.yaml#/x' }, /leaves the document/],
  'is fetched from nowhere': [{ $ref: 'https://example.com/schema.json' }, /leaves the document/],
  'is wrongly encoded': [{ $ref: '#/%E0%A4%A' }, /wrongly encoded/],
  'points at itself': [{ $ref: '#/components/schemas/Self' }, /leads only to itself/],
  'goes round': [{ $ref: '#/components/schemas/Ping' }, /leads only to itself/],
  'goes round by way of branches': [{ $ref: '#/components/schemas/Branch' }, /leads only to itself/],
  'expands without end': [{ $ref: '#/components/schemas/B0' }, /expand to more than 100000 schemas/],
  'leaves the document with a token': [
    { $ref: 'https://u:topsecret@example.com/schema.json?token=topsecret' },
    /leaves the document: https:\/\/example\.com\/schema\.json \(query left out\)$/,
  ],
};

function withSchema(schema: unknown, components: JsonObject = {}): string {
  const document = structuredClone(published());
  const operation = (document.paths as Record<string, Record<string, JsonObject>>)[
    '/v1/api/auth/sessions/{sessionId}'
  ]?.delete;
  (operation?.responses as Record<string, unknown>)['200'] = {
    description: '',
    content: { 'application/json': { schema } },
  };
  return JSON.stringify({ ...document, components: { schemas: components } });
}

const COMPONENTS = {
  Self: { $ref: '#/components/schemas/Self' },
  Ping: { $ref: '#/components/schemas/Pong' },
  Pong: { $ref: '#/components/schemas/Ping' },
  Branch: { anyOf: [{ type: 'string' }, { not: { $ref: '#/components/schemas/Twig' } }] },
  Twig: { allOf: [{ $ref: '#/components/schemas/Branch' }] },
  Tree: { type: 'object', properties: { child: { $ref: '#/components/schemas/Tree' } } },
  ...Object.fromEntries(
    Array.from({ length: 30 }, (_, i) => {
      const next = { $ref: `#/components/schemas/M${i + 1}` };
      return [`M${i}`, i === 29 ? { type: 'string' } : { type: 'object', properties: { a: next, b: next } }];
    }),
  ),
  ...Object.fromEntries(
    Array.from({ length: 30 }, (_, i) => [
      `B${i}`,
      i === 29
        ? { type: 'string' }
        : { allOf: [{ $ref: `#/components/schemas/B${i + 1}` }, { $ref: `#/components/schemas/B${i + 1}` }] },
    ]),
  ),
};

for (const [what, [schema, says]] of Object.entries(references)) {
  test(`a reference that ${what} is unreadable`, () => {
    expect(() => source(withSchema(schema, COMPONENTS))).toThrow(says);
  });
}

test('a schema that contains itself, or multiplies, becomes a definition of the pin', SLOW, () => {
  for (const name of ['Tree', 'M0']) {
    const pin = source(withSchema({ $ref: `#/components/schemas/${name}` }, COMPONENTS));
    expect(JSON.stringify(pin).length).toBeLessThan(400_000);
    expect(Object.keys(valueAt(pin, '/components/schemas') as JsonObject)[0]).toMatch(/^(?:Tree|M\d+)$/);
    // A comparison of texts: the difference of two such objects takes minutes to show.
    const again = JSON.stringify(structureOf(source(JSON.stringify(pin))));
    expect(again === JSON.stringify(structureOf(pin)), name).toBe(true);
    new Contract(pin).compileAll();
  }
});

test('a page keeps the definitions that other operations need, and gives up those that none does', () => {
  const tree = (operation: 'get' | 'delete', type: string): string => {
    const document = JSON.parse(withSchema({ type: 'object' })) as { paths: Record<string, JsonObject> };
    const item = document.paths['/v1/api/auth/sessions/{sessionId}'] as Record<string, JsonObject>;
    const content = { 'application/json': { schema: { $ref: '#/components/schemas/Tree' } } };
    (item[operation]?.responses as JsonObject)['200'] = { description: '', content };
    const shown = { paths: { '/v1/api/auth/sessions/{sessionId}': { [operation]: item[operation] } } };
    const properties = { value: { type }, child: { $ref: '#/components/schemas/Tree' } };
    return page({ ...document, ...shown, components: { schemas: { Tree: { type: 'object', properties } } } });
  };
  const pull = (text: string, former: typeof PIN): typeof PIN =>
    pinFrom({ ...parseSource(text), name: 'test', sha256: '0'.repeat(64) }, DATE, former);
  const one = pull(tree('get', 'string'), PIN);
  const two = pull(tree('delete', 'integer'), one);
  expect(Object.keys(valueAt(two, '/components/schemas') as JsonObject)).toEqual(['Tree', 'Tree_2']);
  new Contract(two).compileAll();
  const back = pull(tree('delete', 'integer'), PIN);
  expect(Object.keys(valueAt(back, '/components/schemas') as JsonObject)).toEqual(['Tree']);
});

test('aliases cost what they expand to where the operations are, and nothing elsewhere', () => {
  const bomb = [...'bcdefghijk'].map(
    (c, i) => `  ${c}: &${c} [${Array(9).fill(`*${'abcdefghijk'[i]}`).join(',')}]\n`,
  );
  const elsewhere = `x-bomb:\n  a: &a [1]\n${bomb.join('')}x-loop: &loop {self: *loop}\n`;
  expect(structureOf(source(`${dump(published())}${elsewhere}`))).toEqual(structureOf(PIN));
  const many = Array.from({ length: 900 }, (_, i) => `p${i}: *text`).join(', ');
  const pin = source(inScope(`{type: object, properties: {p: &text {type: string, maxLength: 9}, ${many}}}`));
  expect(JSON.stringify(pin)).toContain('"p899":{"type":"string","maxLength":9}');
});

test('OpenAPI 3.2 is read as 3.1, unless it uses what 3.1 has nothing like', () => {
  const as32 = (text: string): string => text.replace('"3.1.0"', '"3.2.0"');
  expect(structureOf(source(as32(text)))).toEqual(structureOf(PIN));
  expect(() => source(as32(text.replace('"schema":', '"itemSchema":')))).toThrow(/"itemSchema" is new in/);
  expect(() => source(as32(text.replace('"in":"path"', '"in":"querystring"')))).toThrow(/querystring/);
});

test('references, of any length and encoding, are resolved', () => {
  const schema = {
    type: 'object',
    required: ['success'],
    properties: { success: { type: 'boolean', enum: [true] } },
  };
  const chain = { 'A b': { $ref: '#/components/schemas/C~1d' }, 'C/d': schema };
  expect(structureOf(source(withSchema({ $ref: '#/components/schemas/A%20b' }, chain)))).toEqual(
    structureOf(PIN),
  );
});

test('a whole document that lacks an operation is refused', () => {
  const document = structuredClone(published()) as { paths: Record<string, JsonObject> };
  delete document.paths['/v1/api/auth/sessions']?.post;
  expect(() => source(JSON.stringify(document))).toThrow(/lacks POST/);
});

test('OpenAPI 3.0 is read as 3.1', () => {
  const schema = { type: 'string', nullable: true, minimum: 0, exclusiveMinimum: true };
  const pin = source(withSchema(schema).replace('"3.1.0"', '"3.0.3"'));
  const operation = (pin.paths as Record<string, Record<string, JsonObject>>)[
    '/v1/api/auth/sessions/{sessionId}'
  ]?.delete;
  expect(operation?.responses).toMatchObject({
    200: { content: { 'application/json': { schema: { type: ['null', 'string'], exclusiveMinimum: 0 } } } },
  });
});

test.describe('reading files and URLs', () => {
  const folder = temporaryFolder();
  let server: http.Server;
  let url: string;
  test.beforeAll(async () => {
    server = http.createServer((request, response) => {
      if (request.url === '/document') response.end(text);
      else if (request.url === '/large') response.end(Buffer.alloc(MAX_BYTES + 1, ' '));
      else if (request.url === '/moved') response.writeHead(302, { location: '/document' }).end();
      else if (request.url?.startsWith('/loop'))
        response.writeHead(302, { location: '/loop?token=topsecret' }).end();
      else if (request.url?.startsWith('/far/'))
        response.writeHead(307, { location: `${request.url}x` }).end();
      else if (request.url === '/to-secret')
        response.writeHead(302, { location: '/nobody?access=topsecret' }).end();
      else if (request.url === '/to-file')
        response.writeHead(302, { location: 'ftp://u:topsecret@a/' }).end();
      else if (request.url?.startsWith('/private')) {
        const isLetIn = request.headers.authorization === `Basic ${btoa('user:top secret')}`;
        response.writeHead(isLetIn ? 200 : 401).end(isLetIn ? text : '');
      } else response.writeHead(404).end('<h1>404</h1>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  test.afterAll(() => server.close());

  test('a URL is read, also behind a redirect, and named without credentials', async () => {
    const read = await readSource(`${url}/document`);
    expect(read).toMatchObject({ form: 'json', name: `${url}/document` });
    expect((await readSource(`${url}/moved`)).document).toEqual(read.document);
  });

  test('a user name and a password are sent, and shown nowhere', async () => {
    const read = await readSource(
      `${url.replace('//', '//user:top%20secret@')}/private?key=topsecret#topsecret`,
    );
    expect(read.name).toBe(`${url}/private (query left out)`);
    expect(JSON.stringify(pinFrom(read, DATE, PIN)['x-origin'])).not.toMatch(/secret|user/);
  });

  test('a file is read, and named without its folder', async () => {
    expect(await readSource(PIN_PATH)).toMatchObject({ name: 'contract.openapi.json', form: 'json' });
  });

  test('what cannot be read is said in one line', async () => {
    writeFileSync(join(folder, 'large.json'), Buffer.alloc(MAX_BYTES + 1, ' '));
    writeFileSync(join(folder, 'binary.json'), Buffer.from([0xff, 0xfe, 0x00, 0x80]));
    for (const [given, says] of [
      [join(folder, 'nobody.json'), /no such file/],
      [folder, /is a folder/],
      [join(folder, 'large.json'), /larger than 20 MB/],
      [join(folder, 'binary.json'), /not UTF-8/],
      [`${url}/large`, /larger than 20 MB/],
      [`${url}/nobody`, /answered 404/],
      [`${url}/loop`, /redirects in a loop \(http:[^?]*\)$/],
      [`${url}/far/`, /redirects more than 20 times/],
      [`${url}/to-secret`, /to-secret: redirected to [^?]*\/nobody \(query left out\), which answered 404/],
      [`${url}/to-file`, /redirects to ftp:\/\/a\/, which is not http/],
      [`${url}/private`, /answered 401/],
      ['http://127.0.0.1:9/x', /can't be fetched/],
      ['http://nobody.invalid/x', /can't be fetched/],
      ['gopher://example.com/', /a file or an http\(s\) URL/],
    ] as const) {
      await expect(readSource(given)).rejects.toThrow(says);
    }
  });
});

test('the pin is what pulling writes: ordered, and without prose', () => {
  expect(readFileSync(PIN_PATH, 'utf8')).toBe(`${JSON.stringify(PIN, undefined, 2)}\n`);
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    if (!isObject(value)) return;
    if ('description' in value)
      expect(typeof value.description === 'object' || value.description === '').toBe(true);
    Object.values(value).forEach(walk);
  };
  walk(PIN.paths);
});

test('the schemas of the pin are schemas of JSON Schema 2020-12', () => {
  const ajv = new Ajv2020();
  const schemas: JsonObject[] = [];
  const walk = (value: unknown): void => {
    if (!isObject(value) && !Array.isArray(value)) return;
    if (isObject(value) && isObject(value.schema)) schemas.push(value.schema);
    Object.values(value).forEach(walk);
  };
  walk(PIN.paths);
  expect(schemas.length).toBeGreaterThan(5);
  for (const schema of schemas) expect(ajv.validateSchema(schema), ajv.errorsText()).toBe(true);
});

for (const [address, shown] of [
  ['http://user:topsecret@127.0.0.1:9/openapi.json', 'http://127.0.0.1:9/openapi.json: can'],
  ['http://topsecret@127.0.0.1:9/openapi.json', 'http://127.0.0.1:9/openapi.json: can'],
  ['http://127.0.0.1:9/?v=1&any=topsecret', 'http://127.0.0.1:9/ (query left out): can'],
  ['http://127.0.0.1:9/a#topsecret', 'http://127.0.0.1:9/a (query left out): can'],
  ['http://127.0.0.1:9?topsecret', 'http://127.0.0.1:9 (query left out): can'],
  ['HTTP://user:topsecret@127.0.0.1:9/a', 'http://127.0.0.1:9/a: can'],
  ['http://user:topsecret@127.0.0.1:99999/a?topsecret', 'http://127.0.0.1:99999/a (query left out): is not'],
  ['ftp://user:topsecret@a.example/a?topsecret', 'ftp://a.example/a (query left out): give a file or'],
  ['http:/user:topsecret@a.example/a?topsecret', 'http://a.example/a (query left out): no such file'],
  ['user:topsecret@a.example/a', 'a.example/a: no such file'],
  ['a.example/a?key=topsecret', 'a.example/a (query left out): no such file'],
] as const) {
  test(`what is secret in ${address} is not shown`, async () => {
    const message = await readSource(address).catch((error: unknown) => String(error));
    expect(message).toContain(shown);
    expect(message).not.toContain('topsecret');
    expect(sourceName(address)).not.toContain('topsecret');
  });
}

test('an authority that cannot be read is named', async () => {
  process.env.CA_CERT_PATH = '/nowhere/ca.pem';
  const message = await readSource('https://127.0.0.1:9/').catch((error: unknown) => String(error));
  delete process.env.CA_CERT_PATH;
  expect(message).toMatch(/127\.0\.0\.1:9\/: CA_CERT_PATH: \/nowhere\/ca\.pem can't be read \(ENOENT\)$/);
});

test('a pin that somebody has broken is one clear line', () => {
  const path = join(temporaryFolder(), 'pin.json');
  const whatIsWrong = (text: string): string => {
    writeFileSync(path, text);
    try {
      readPin(path);
      return 'nothing';
    } catch (error) {
      expect(error).toBeInstanceOf(UnreadableSource);
      return (error as Error).message;
    }
  };
  expect(() => readPin(join(path, 'none'))).toThrow(/: can't be read \(E[A-Z]+\); restore it, or/);
  const pin = JSON.stringify(PIN);
  expect(whatIsWrong(pin)).toBe('nothing');
  for (const [text, why] of [
    ['', 'not JSON'],
    [pin.slice(0, -1), 'not JSON'],
    ['null', 'no pinned document'],
    [JSON.stringify(published()), 'no pinned document'],
    [JSON.stringify({ ...PIN, paths: [] }), 'lacks the responses of POST /v1/api/auth/sessions, GET'],
    [pin.replace('"responses"', '"response"'), 'lacks the responses of POST /v1/api/auth/sessions;'],
  ] as const)
    expect(whatIsWrong(text)).toContain(`schemas/contract.openapi.json: ${why}`);
});
