import type { JsonObject } from '../contract/json';

/** A published OpenAPI document, as it was read. */
export interface SourceDocument {
  document: JsonObject;
  /** A page documents the operations it shows and says nothing of others; a JSON or YAML text is the whole document. */
  form: 'json' | 'yaml' | 'page';
  /** What may be shown of the source; its address without secrets, or the file's name. */
  name: string;
  /** SHA-256 of the source's bytes, in hex. */
  sha256: string;
}
