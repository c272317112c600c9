import crypto from 'node:crypto';

/** How a text becomes an id. */
export interface Recipe {
  name: string;
  /** In hexadecimal; an id may have its beginning only. */
  digestOf: (text: string) => string;
}

/** By the length in bytes; the longer ones are also cut. */
const ALGORITHMS: Record<number, readonly string[]> = {
  16: ['md5', 'sha1', 'sha256'],
  20: ['sha1', 'sha256'],
  32: ['sha256'],
  48: ['sha384'],
  64: ['sha512'],
};

/** Node.js 20.12 and later have a function that takes half the time. */
const hash = crypto.hash as typeof crypto.hash | undefined;

function hashOf(algorithm: string, data: string | Buffer): string {
  return hash ? hash(algorithm, data) : crypto.createHash(algorithm).update(data).digest('hex');
}

/** Digests of this length; none where no algorithm has it. */
export function digestRecipes(bytes: number): Recipe[] {
  return (ALGORITHMS[bytes] ?? []).map((algorithm) => ({
    name: `the ${algorithm.toUpperCase()} digest`,
    digestOf: (text) => hashOf(algorithm, text),
  }));
}

/** The namespaces of RFC 9562, section 6.6, which differ in one digit: DNS, URL, OID and X.500. */
const NAMESPACES = ['0', '1', '2', '4'].map((digit) =>
  Buffer.from(`6ba7b81${digit}9dad11d180b400c04fd430c8`, 'hex'),
);

/** Java's UUID.nameUUIDFromBytes, which makes version 3, leaves the namespace to its caller. */
const NO_NAMESPACE = Buffer.alloc(0);

/** UUIDs of these versions are digests of a name (RFC 9562, sections 5.3 and 5.5). */
const NAME_BASED: Record<string, string> = { 3: 'md5', 5: 'sha1' };

/** The name-based UUIDs of a version; none where it has no such UUIDs. */
export function nameBasedRecipes(version: string): Recipe[] {
  const algorithm = NAME_BASED[version];
  if (algorithm === undefined) return [];
  const namespaces = version === '3' ? [NO_NAMESPACE, ...NAMESPACES] : NAMESPACES;
  return namespaces.map((namespace) => ({
    name: `the UUID of version ${version}`,
    digestOf: (text) => uuidOf(version, hashOf(algorithm, Buffer.concat([namespace, Buffer.from(text)]))),
  }));
}

function uuidOf(version: string, digest: string): string {
  const variant = ((parseInt(digest[16] ?? '0', 16) & 3) | 8).toString(16);
  return digest.slice(0, 12) + version + digest.slice(13, 16) + variant + digest.slice(17, 32);
}
