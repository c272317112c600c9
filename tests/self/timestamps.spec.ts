import { expect, test } from '@playwright/test';
import { hasOffset, isAfterDate, parseIso8601 } from '../../src/judging/timestamps';

const NOON = Date.parse('2026-11-23T12:00:00Z');

for (const text of [
  '2026-11-23T12:00:00Z',
  '2026-11-23T12:00:00.000Z',
  '2026-11-23T12:00:00,000000Z',
  '2026-11-23T12:00Z',
  '2026-11-23T12Z',
  '2026-11-23T14:00:00+02:00',
  '2026-11-23T14:00:00+02',
  '2026-11-23T06:30:00-0530',
  '20261123T120000Z',
  '20261123T1200Z',
  '2026-W48-1T12:00:00Z',
  '2026W481T120000Z',
  '2026-327T12:00:00Z',
  '2026327T120000Z',
  '+002026-11-23T12:00:00Z',
  '2026-11-23T12:00:00',
  '2026-11-23t12:00:00z',
  '2026-w48-1t12:00:00z',
  '2026-11-23T07:00:00−05:00',
  '2026-11-23T11.5+00',
]) {
  const expected = text === '2026-11-23T11.5+00' ? NOON - 1_800_000 : NOON;
  test(`${text} is ISO 8601`, () => {
    expect(parseIso8601(text)).toBe(expected);
  });
}

for (const text of [
  '',
  '2026-11-23',
  '2026-11-23T120000Z',
  '20261123T12:00:00Z',
  '2025-W53-1T12:00:00Z',
  '2026-11-23T12:00:00+24:00',
  '2026-11-23T12:00:00+01:60',
  '2026-11-23T12:00:00[UTC]',
  '2026-11T12:00:00Z',
  '2026-11-23T',
  '2026-11-23T24:00:00.1Z',
  '2026-11-23 12:00:00Z',
  '2026-11-23T12:00:00 Z',
  '2026-13-01T12:00:00Z',
  '2026-02-30T12:00:00Z',
  '2026-11-23T25:00:00Z',
  '2026-11-23T24:30:00Z',
  '2026-11-23T12:60:00Z',
  '2026-366T12:00:00Z',
  '2026-W54-1T12:00:00Z',
  '2026-11-23T12:00:00Z junk',
  '1795435200',
  'Mon, 23 Nov 2026 12:00:00 GMT',
  '11/23/2026 12:00',
]) {
  test(`${text || 'nothing'} is no ISO 8601 timestamp`, () => {
    expect(parseIso8601(text)).toBeUndefined();
  });
}

test('a leap day and the end of a day are days like others', () => {
  expect(parseIso8601('2028-02-29T24:00:00Z')).toBe(Date.parse('2028-03-01T00:00:00Z'));
  expect(parseIso8601('2028-366T00:00:00Z')).toBe(Date.parse('2028-12-31T00:00:00Z'));
});

test('a leap second and the last week of a long year are there', () => {
  expect(parseIso8601('2016-12-31T23:59:60Z')).toBe(Date.parse('2017-01-01T00:00:00Z'));
  expect(parseIso8601('2026-W53-7T00:00:00Z')).toBe(Date.parse('2027-01-03T00:00:00Z'));
});

test('a timestamp has an offset or none', () => {
  for (const text of [
    '2026-11-23T12:00:00Z',
    '2026-11-23t12:00z',
    '20261123T12-0530',
    '2026-11-23T12:00−05:00',
  ])
    expect(hasOffset(text), text).toBe(true);
  for (const text of ['2026-11-23T12:00:00', '20261123T1200', '2026-11-23', 'no timestamp Z'])
    expect(hasOffset(text), text).toBe(false);
});

test('a time is after a date only by the answer, never by the local clock', () => {
  const date = 'Mon, 23 Nov 2026 12:00:00 GMT';
  expect(isAfterDate('2026-11-23T12:00:01Z', date)).toBe(true);
  expect(isAfterDate('2026-11-23T12:00:00Z', date)).toBe(false);
  expect(isAfterDate('2026-11-23T13:00:00+02:00', date)).toBe(false);
  // Without an offset it may be meant anywhere on earth.
  expect(isAfterDate('2026-11-23T01:00:00', date)).toBe(true);
  expect(isAfterDate('2026-11-22T20:00:00', date)).toBe(false);
  expect(isAfterDate('2026-11-23T11:00:00z', date)).toBe(false);
  expect(isAfterDate('2026-11-23T12:00:00Z', 'yesterday')).toBe(true);
});
