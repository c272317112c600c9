import type { ChangeVerdict, Comparison } from '../openapi/diff/change';
import { performBounded } from '../openapi/bounded';
import { readPin } from '../contract/pin';
import { sourceName } from '../openapi/source';
import { COMPARISON_MS_VARIABLE } from './environment-variables';
import type { Settings } from './settings';
import { StandIn } from '../stand-in/server';

/** Where the vendor publishes the document. */
const VENDORS_DOCUMENT = 'https://paragraph.com/docs/paragraph-api/openapi.json';

/** Environment variable that names the least verdict that fails the drift test. */
export const FAIL_ON_VARIABLE = 'SESSION_CONTRACT_FAIL_ON';

export function failOn(): ChangeVerdict {
  return (process.env[FAIL_ON_VARIABLE] ?? 'breaking') as ChangeVerdict;
}

/** How long a command that compares documents may take, whatever it waits for. */
export function comparisonMs(): number {
  return Number(process.env[COMPARISON_MS_VARIABLE]) || 18_000;
}

/** Compares the published document with the pinned one: SPEC_URL, the stand-in's where that is the target, or the vendor's. */
export async function comparePublished({
  specUrl,
  baseUrl,
}: Pick<Settings, 'specUrl' | 'baseUrl'>): Promise<{ comparison: Comparison; source: string }> {
  const standIn = specUrl === undefined && baseUrl === undefined ? await StandIn.start() : undefined;
  const source = specUrl ?? standIn?.documentUrl.href ?? VENDORS_DOCUMENT;
  const pin = { document: readPin(), form: 'json', name: 'the pin' } as const;
  const { comparison } = await performBounded({ before: pin, after: source });
  await standIn?.close();
  return { comparison, source: standIn ? "the stand-in's document" : sourceName(source) };
}
