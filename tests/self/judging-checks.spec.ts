import { expect, test } from '@playwright/test';
import { checkedResponse } from '../../src/judging/checked-response';
import {
  isDenied,
  isNotAccepted,
  isRejected,
  runCheck,
  type CheckedResponse,
} from '../../src/judging/checks';
import { check, deviates, KEPT } from '../../src/judging/check';

function response(status: number, facts: Partial<CheckedResponse> = {}): CheckedResponse {
  const rest = { exchange: 1, seen: 'unclear', mayHaveExpired: false, isDocumented: true } as const;
  return { ...checkedResponse({ ...rest, status }, undefined), ...facts };
}

test('a denial has status 200 and no other', () => {
  expect(runCheck(isDenied, response(200))).toEqual({});
  for (const status of [201, 204, 404, 500])
    expect(runCheck(isDenied, response(status)).deviation).toMatchObject({ code: 'status' });
});

test('a denial of a session that may have expired proves nothing', () => {
  const { notJudged } = runCheck(isDenied, response(500, { mayHaveExpired: true }));
  expect(notJudged?.cause).toBe('short-lived');
});

test('a rejection is any status but 2xx, and documented', () => {
  expect(runCheck(isRejected, response(500))).toEqual({});
  expect(runCheck(isRejected, response(204)).deviation).toMatchObject({ code: 'accepted' });
  expect(runCheck(isRejected, response(409, { isDocumented: false })).deviation).toMatchObject({
    code: 'undocumented-status',
    class: 'drift',
  });
});

test('a derived id may be rejected with any status', () => {
  expect(runCheck(isNotAccepted, response(404, { isDocumented: false }))).toEqual({});
  expect(runCheck(isNotAccepted, response(202)).deviation).toMatchObject({ code: 'accepted' });
});

test('a check sees the whole response', () => {
  const namesServer = check('namesServer', ({ headers, json, text }) => {
    const body = json as { msg?: string } | undefined;
    const isNamed = headers.some(([name]) => name === 'server') && body?.msg === 'x' && text !== undefined;
    return isNamed ? KEPT : deviates('schema', 'a server', 'none');
  });
  const answer = {
    status: 500,
    statusText: '',
    httpVersion: '1.1',
    headers: [['server', 'x']] as [string, string][],
    text: '{"msg":"x"}',
    byteOrderMark: false,
    json: { value: { msg: 'x' } },
  };
  expect(runCheck(namesServer, checkedResponse(response(500), answer))).toEqual({});
  expect(runCheck(namesServer, checkedResponse(response(500), { ...answer, headers: [] }))).toMatchObject({
    deviation: { code: 'schema' },
  });
});

test('two checks cannot have one name', () => {
  expect(() => check('isDenied', () => KEPT)).toThrow('two checks are called isDenied');
});
