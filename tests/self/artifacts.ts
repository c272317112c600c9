import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import zlib from 'node:zlib';

/** A text or file of a run, by its path; what was packed is unpacked, and its path goes on with "!". */
export interface Artifact {
  path: string;
  bytes: Buffer;
}

/** All files below a folder, with what is packed in them: archives, and archives and attachments in Base64. */
export function artifactsIn(folder: string): Artifact[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      return unpacked({ path: relative(folder, path), bytes: readFileSync(path) });
    });
}

function unpacked(artifact: Artifact): Artifact[] {
  const { path, bytes } = artifact;
  if (bytes.subarray(0, 2).toString('latin1') === 'PK')
    return [
      artifact,
      ...entriesOf(bytes).flatMap((one) => unpacked({ ...one, path: `${path}!${one.path}` })),
    ];
  const encoded = [...bytes.toString('latin1').matchAll(/[\w+/-]{200,}={0,2}/g)];
  return [
    artifact,
    ...encoded.flatMap(({ 0: text, index }) =>
      unpacked({ path: `${path}!base64 at ${index}`, bytes: Buffer.from(text, 'base64') }),
    ),
  ];
}

/** The files of a ZIP archive, by its central directory. */
function entriesOf(zip: Buffer): Artifact[] {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const count = zip.readUInt16LE(end + 10);
  const entries: Artifact[] = [];
  for (let at = zip.readUInt32LE(end + 16), i = 0; i < count; i++) {
    const [method, size] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20)];
    const nameLength = zip.readUInt16LE(at + 28);
    const header = zip.readUInt32LE(at + 42);
    const path = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const from = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
    const data = zip.subarray(from, from + size);
    entries.push({ path, bytes: method === 0 ? data : zlib.inflateRawSync(data) });
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return entries;
}

/** No form of a secret is as short as this. */
const START_LENGTH = 6;

/** Where the secrets stand in the artifacts, in whatever way they are written, and in whatever case. */
export function leaksIn(artifacts: Artifact[], secrets: Iterable<string>): string[] {
  const needles = [...secrets].flatMap((secret) =>
    [...writtenForms(secret)].map(([form, bytes]) => ({
      secret,
      form,
      text: bytes.toString('latin1').toLowerCase(),
    })),
  );
  // The same trace lies in several reports.
  const unique = new Map(artifacts.map((one) => [createHash('sha1').update(one.bytes).digest('hex'), one]));
  const all = [...unique.values()];
  const hay = all.map(({ bytes }) => bytes.toString('latin1').toLowerCase()).join('\0\0');
  const fileAt = (at: number): string => {
    let end = 0;
    return all.find(({ bytes }) => (end += bytes.length + 2) > at)?.path ?? '';
  };
  // All needles at once, by how they begin: there are many of them.
  const byStart = new Map<string, typeof needles>();
  for (const needle of needles) {
    const start = needle.text.slice(0, START_LENGTH);
    byStart.set(start, [...(byStart.get(start) ?? []), needle]);
  }
  const found = new Map<string, string>();
  for (let at = 0; at < hay.length; at++) {
    for (const { secret, form, text } of byStart.get(hay.slice(at, at + START_LENGTH)) ?? [])
      if (hay.startsWith(text, at))
        found.set(`${secret} as ${form}`, `in ${fileAt(at)}: ${hay.slice(Math.max(at - 60, 0), at + 100)}`);
  }
  return [...found].map(([what, where]) => `${what} ${where}`);
}

function writtenForms(secret: string): Map<string, Buffer> {
  const escaped = [...Array(secret.length).keys()].map(
    (i) => `\\u${secret.charCodeAt(i).toString(16).padStart(4, '0')}`,
  );
  const json = JSON.stringify(secret).slice(1, -1);
  const url = encodeURIComponent(secret);
  const bytes = Buffer.from(secret);
  const forms = new Map<string, string>([
    ['text', secret],
    ['JSON', json],
    ['JSON with escaped slashes', json.replaceAll('/', '\\/')],
    [
      'JSON in ASCII',
      [...Array(json.length).keys()]
        .map((i) => (json.charCodeAt(i) < 128 ? (json[i] ?? '') : (escaped[i] ?? '')))
        .join(''),
    ],
    ['JSON in JSON', JSON.stringify(json).slice(1, -1)],
    ['JSON escapes', escaped.join('')],
    ['percent', url],
    ['percent, twice', encodeURIComponent(url)],
    ['percent, every byte', [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')],
    ['hexadecimal', bytes.toString('hex')],
  ]);
  for (const before of [0, 1, 2]) {
    // The characters at the ends depend on what stands beside the secret.
    const core = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '')
      .slice(before && 2, -2);
    forms.set(`Base64 at ${before}`, core);
    forms.set(`Base64 for URLs at ${before}`, core.replaceAll('+', '-').replaceAll('/', '_'));
  }
  const utf16 = Buffer.from(secret, 'utf16le');
  return new Map([
    ...[...forms].map(([form, text]): [string, Buffer] => [form, Buffer.from(text)]),
    ['UTF-16', utf16],
    ['UTF-16, big-endian', Buffer.from(utf16).swap16()],
  ]);
}
