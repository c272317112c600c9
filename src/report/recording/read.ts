import { readFileSync, statSync } from 'node:fs';
import { isObject, parseJson } from '../../contract/json';
import type { Answer } from '../../judging/answer';
import { isCheckName, type Check } from '../../judging/checks';
import type { Exchange } from '../../judging/exchange';
import { fromForeignEntries } from './foreign';
import { CUT, type Entry, type Recording } from './har';
import { UnreadableRecording, type Recorded, type Unknown } from './recorded';

/** Developer tools record a whole browser session, with images and scripts. */
const MAX_BYTES = 300_000_000;

/** @throws UnreadableRecording */
export function readRecording(path: string): Recorded {
  try {
    return parseRecording(decode(readBytes(path)));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UnreadableRecording(`${path}: ${code === 'ENOENT' ? 'no such file' : message}`);
  }
}

function readBytes(path: string): Buffer {
  const stat = statSync(path);
  if (stat.isDirectory()) throw new UnreadableRecording('is a folder; give a file');
  if (!stat.isFile()) throw new UnreadableRecording('is not a regular file');
  if (stat.size > MAX_BYTES) throw new UnreadableRecording(`is larger than ${MAX_BYTES / 1_000_000} MB`);
  return readFileSync(path);
}

function decode(bytes: Buffer): string {
  if (/^(?:fffe|feff)/.test(bytes.subarray(0, 2).toString('hex')) || bytes.subarray(0, 100).includes(0))
    throw new UnreadableRecording('is UTF-16 or binary; save it as UTF-8');
  return new TextDecoder('utf-8').decode(bytes);
}

/**
 * Reads a HAR file: of this suite, or of another tool, whose recording tells less.
 * @throws UnreadableRecording
 */
export function parseRecording(text: string): Recorded {
  const value = parseHar(text.replace(/^\ufeff/, ''));
  const log = isObject(value) && isObject(value.log) ? value.log : undefined;
  if (!log || !Array.isArray(log.entries)) throw new UnreadableRecording('is not a HAR recording');
  const entries = log.entries as unknown[];
  if (!isObject(log._contract)) return fromForeignEntries(entries);
  if (!entries.every(isOurs))
    throw new UnreadableRecording('is a recording of this suite that was changed; give the original file');
  for (const { name } of entries.flatMap(({ _contract }) => checksOf(_contract)))
    if (!isCheckName(name))
      throw new UnreadableRecording(
        `names a check that this version doesn't have, ${JSON.stringify(name)}; judge it with the version that recorded it`,
      );
  const { likenesses } = log._contract as Recording['log']['_contract'];
  const unknown = entries.flatMap(({ response, _contract }): [number, Unknown][] =>
    response.content.comment?.startsWith(CUT) ? [[_contract.n, { body: true }]] : [],
  );
  return {
    exchanges: entries.map(fromEntry),
    likenesses: isObject(likenesses) ? likenesses : {},
    unknown: new Map(unknown),
    notes: unknown.length === 0 ? [] : [`${unknown.length} responses were not judged: their bodies were cut`],
  };
}

/** Names that stand twice in an object are nothing to refuse in the file of another tool. */
function parseHar(text: string): unknown {
  const parsed = parseJson(text, 1000);
  if ('value' in parsed) return parsed.value;
  if (parsed.fault.code !== 'duplicate-name') throw new UnreadableRecording(`is ${parsed.fault.message}`);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UnreadableRecording('is not JSON');
  }
}

function checksOf({ judgements }: Entry['_contract']): Check[] {
  return judgements.flatMap(({ check }) => check ?? []);
}

function isOurs(entry: unknown): entry is Entry {
  return (
    isObject(entry) &&
    isObject(entry._contract) &&
    Array.isArray(entry._contract.judgements) &&
    isObject(entry.request) &&
    Array.isArray(entry.request.headers) &&
    isObject(entry.response) &&
    Array.isArray(entry.response.headers) &&
    isObject(entry.response.content)
  );
}

function fromEntry({ startedDateTime, time, request, response, _contract }: Entry): Exchange {
  const answer = response.status === 0 || _contract.failure ? undefined : answerOf(response);
  return {
    ..._contract,
    startedAt: startedDateTime,
    durationMs: time,
    method: request.method,
    requestHeaders: Object.fromEntries(request.headers.map(({ name, value }) => [name, value])),
    requestBody: request.postData?.text,
    answer,
  };
}

function answerOf({ status, statusText, httpVersion, headers, content }: Entry['response']): Answer {
  const isBinary = content.encoding === 'base64';
  const raw = content.text ?? '';
  const byteOrderMark = !isBinary && raw.startsWith('\ufeff');
  const text = isBinary ? undefined : raw.replace(/^\ufeff/, '');
  const isCut = content.comment?.startsWith(CUT) === true;
  const parsed = text === undefined ? { fault: { message: 'the body is not UTF-8' } } : parseJson(text);
  const fault = byteOrderMark
    ? 'a byte order mark stands before the text'
    : 'fault' in parsed
      ? parsed.fault.message
      : undefined;
  return {
    status,
    statusText,
    httpVersion: httpVersion.replace(/^HTTP\//, ''),
    headers: headers.map(({ name, value }) => [name, value]),
    text: isCut ? undefined : text,
    ...(isBinary && { base64: raw }),
    byteOrderMark,
    ...('value' in parsed && !isCut && { json: { value: parsed.value } }),
    ...(fault !== undefined && !isCut && { jsonFault: fault }),
  };
}
