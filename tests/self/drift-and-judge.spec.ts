/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-call --
   documents are edited as a person would, by name, wherever the edit is */
import { expect, test } from '@playwright/test';
import { OPERATION_NAMES, operationPointer, type OperationName } from '../../src/catalogue/operations';
import { newCompiler } from '../../src/contract/compiler';
import { Contract } from '../../src/contract/contract';
import { pointerPath, type JsonObject } from '../../src/contract/json';
import { quoteNames } from '../../src/contract/names';
import type { PinnedDocument } from '../../src/contract/pin';
import { compareDocuments } from '../../src/openapi/diff/documents';
import { pinFrom } from '../../src/openapi/pull';
import { CASES, placesOf, published, SAME, SAME_TREES, type Case, type Json } from './diff-cases';
import { SLOW } from './slow';

/*
 * The comparison of documents and the judge of responses must never disagree: what one calls breaking the other rejects,
 * and what one calls compatible the other accepts.
 */

function edited(edits: (Case['edit'] | undefined)[]): JsonObject {
  const document = published();
  for (const edit of edits) edit?.(placesOf(document));
  return document;
}

function source(document: Json): Parameters<typeof pinFrom>[0] {
  return { document, form: 'json', name: 'test', sha256: '0'.repeat(64) };
}

function pinOf(document: JsonObject): PinnedDocument | undefined {
  try {
    return pinFrom(source(document), '2026-01-01');
  } catch {
    return undefined;
  }
}

/** Whether the judge accepts a value at a place that has a schema: bodies of responses by its own validators. */
function isAccepted(pin: PinnedDocument, place: string, value: unknown): boolean {
  const name = OPERATION_NAMES.find((one) => place.startsWith(`${operationPointer(one)}/`)) ?? 'create';
  const path = pointerPath(place.slice(operationPointer(name).length));
  if (path[0] === 'responses' && path[2] === 'content') {
    const response = new Contract(pin, false).response(name, Number(path[1]));
    const content = response?.content.find(({ mediaType }) => mediaType === path[3]);
    return content?.check(value).length === 0;
  }
  const root = place.slice(0, place.indexOf('/schema') + '/schema'.length);
  const at = root.replace(/\/parameters\/([^/]*)/, (_, key: string) => {
    const list = (pin.paths as Json)[pointerPath(root)[1] ?? ''][pointerPath(root)[2] ?? ''].parameters;
    return `/parameters/${list.findIndex((one: Json) => `${one.in} ${one.name}` === key)}`;
  });
  const validate = newCompiler(pin, false).compile({ $ref: `contract#${encodeURI(at)}` });
  return validate(quoteNames(value, 'proto')) === true;
}

/** Changes that need no value to show them: what they break is a promise, or a whole operation, status or media type. */
const WITHOUT_WITNESS =
  /^undecided|gone|no longer (?:documented|allowed|promised)|is new, and required|required now|newly documented|no content|requests to|credentials|next request/;

test('what is called breaking has a value that the judge accepted and rejects now', SLOW, () => {
  let witnesses = 0;
  for (const [name, { before, edit }] of Object.entries(CASES)) {
    const [old, now] = [edited([before]), edited([before, edit])];
    const [pin, pinNow] = [pinOf(old), pinOf(now)];
    const found: [string, unknown][] = [];
    const { changes } = compareDocuments(source(old), source(now), (place, verdict, value) => {
      if (verdict === 'breaking') found.push([place, value]);
    });
    if (pin && pinNow)
      for (const [place, value] of found) {
        witnesses++;
        const text = `${name}: ${JSON.stringify(value)}`;
        expect.soft(isAccepted(pin, place, value), `${text} before`).toBe(true);
        expect.soft(isAccepted(pinNow, place, value), `${text} after`).toBe(false);
      }
    for (const { verdict, reason = '' } of changes)
      if (verdict === 'breaking' && found.length === 0) expect.soft(reason, name).toMatch(WITHOUT_WITNESS);
  }
  expect(witnesses).toBeGreaterThan(30);
});

/** Bodies as conforming APIs send them, with properties that nobody documented and without optional ones. */
const BODIES: [OperationName, number, unknown][] = [
  ['create', 201, { sessionId: 's', verificationUrl: 'https://a.example/s', expiresAt: 'soon' }],
  [
    'poll',
    200,
    { status: 'pending', deviceName: 'x', callbackUrl: 'https://a.example/', tree: { value: 'x' } },
  ],
  ['poll', 200, { status: 'completed', apiKey: 'k' }],
  ['poll', 200, { status: 'expired' }],
  ['poll', 404, { message: 'no' }],
  ['deny', 200, { success: true }],
  ['deny', 200, { success: true, tree: { value: 'x', children: [{ value: 'y', children: [] }] } }],
  ['deny', 500, { success: false, msg: 'no' }],
  ['deny', 500, { success: false, msg: 'no', error: 'x', constructor: 1, toString: 2 }],
];

test('what is called compatible rejects nothing that the judge accepted', SLOW, () => {
  const verdicts = (pin: PinnedDocument): boolean[] => {
    const contract = new Contract(pin, false);
    return BODIES.map(([operation, status, body]) => {
      const response = contract.response(operation, status);
      return response?.content[0]?.check(body).length === 0;
    });
  };
  const all = [
    ...Object.entries(CASES).filter(([, { verdict }]) => verdict !== 'breaking'),
    ...Object.entries(SAME).map(([name, edit]): [string, Case] => [
      name,
      { edit, verdict: 'prose', pointer: [] },
    ]),
  ];
  for (const [name, { before, edit }] of all) {
    const [pin, pinNow] = [pinOf(edited([before])), pinOf(edited([before, edit]))];
    if (!pin || !pinNow) throw new Error(`${name}: can't be pinned`);
    const now = verdicts(pinNow);
    verdicts(pin).forEach((accepted, i) => {
      if (accepted) expect.soft(now[i], `${name}: ${JSON.stringify(BODIES[i])}`).toBe(true);
    });
  }
});

test('the judge compiles schemas that contain themselves, and closes them to undocumented properties', () => {
  for (const [name, edit] of Object.entries(SAME_TREES)) {
    const pin = pinOf(edited([edit]));
    if (!pin) throw new Error(`${name}: can't be pinned`);
    expect.soft(pinOf(pin)?.paths, name).toEqual(pin.paths);
    expect.soft(pinOf(pin)?.components, name).toEqual(pin.components);
    const content = new Contract(pin).response('deny', 200)?.content[0];
    const body = (leaf: unknown): unknown => ({ success: true, tree: { children: [{ children: [leaf] }] } });
    expect.soft(content?.check(body({ value: 'x' })), name).toEqual([]);
    expect
      .soft(content?.check(body({ value: 1 }))?.[0]?.pointer, name)
      .toBe('/tree/children/0/children/0/value');
    expect.soft(content?.undocumented(body({ value: 'x' })), name).toEqual([]);
    expect
      .soft(
        content?.undocumented(body({ value: 'x', toString: 1 })).map(({ pointer }) => pointer),
        name,
      )
      .toEqual(['/tree/children/0/children/0/toString']);
  }
});

test('names that every object inherits are names like others to the judge', () => {
  for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    const schema = JSON.parse(
      `{"type": "object", "properties": {"success": {"const": true}, "${name}": {"type": "string"}}, "required": ["${name}"]}`,
    ) as unknown;
    const pin = pinOf(edited([(p) => (p.deny.responses['200'].content['application/json'].schema = schema)]));
    const content = new Contract(pin as PinnedDocument).response('deny', 200)?.content[0];
    const body = (value: string): unknown => JSON.parse(`{"success": true${value}}`);
    expect.soft(content?.check(body(`, "${name}": "x"`)), name).toEqual([]);
    expect.soft(content?.undocumented(body(`, "${name}": "x"`)), name).toEqual([]);
    expect.soft(content?.check(body(`, "${name}": 1`))[0], name).toMatchObject({ pointer: `/${name}` });
    expect.soft(content?.check(body(''))[0], name).toMatchObject({ pointer: `/${name}` });
    expect.soft(content?.undocumented(body(`, "${name}": "x", "valueOf": 1`))[0], name).toMatchObject({
      pointer: '/valueOf',
    });
  }
});
