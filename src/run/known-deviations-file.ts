import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { load, YAMLException } from 'js-yaml';
import { retiredText } from '../catalogue/requirements';
import { entryName, isCode, isRequirementId, type KnownDeviation } from '../judging/known-deviations';
import { WrongSettings } from './settings';
import { readSmallFile, UnreadableFile } from './small-file';

/** A list of plain objects; anything deeper, or that expands to more, is refused. */
const YAML_LIMITS = { maxDepth: 20, maxAliases: 100 };

const SCHEMA_PATH = join(__dirname, '..', '..', 'schemas', 'known-deviations.schema.json');

/**
 * Reads a file of accepted deviations, JSON or YAML.
 * @throws WrongSettings naming everything that is wrong with it
 */
export function readKnownDeviations(path: string): KnownDeviation[] {
  const wrong = (...lines: string[]): never => {
    throw new WrongSettings(lines.map((line) => `KNOWN_DEVIATIONS ${path}: ${line}`));
  };
  let entries: unknown;
  try {
    entries = load(readSmallFile(path), YAML_LIMITS);
  } catch (error) {
    if (error instanceof UnreadableFile) return wrong(error.message);
    if (!(error instanceof YAMLException)) throw error;
    const { reason, mark } = error;
    return wrong(`is neither JSON nor YAML${mark ? ` at line ${mark.line + 1}` : ''}: ${reason}`);
  }
  const ajv = new Ajv2020({ allErrors: true });
  addFormats(ajv);
  const validate = ajv.compile<KnownDeviation[]>(JSON.parse(readFileSync(SCHEMA_PATH, 'utf8')) as object);
  if (!validate(entries)) {
    return wrong(
      ...(validate.errors ?? []).map(({ instancePath, message, params }) => {
        const [, index, member] = /^\/(\d+)(?:\/(.*))?$/.exec(instancePath) ?? [];
        const where = index === undefined ? 'the file' : `entry ${Number(index) + 1}`;
        const extra = (params as { additionalProperty?: string }).additionalProperty;
        return `${where}${member === undefined ? '' : `, ${member}`}: ${message}${extra === undefined ? '' : ` (${extra})`}`;
      }),
    );
  }
  const lines = entries.flatMap((entry, i) => [
    ...(isRequirementId(entry.requirement)
      ? []
      : [`entry ${i + 1}: ${noRequirement(String(entry.requirement))}`]),
    ...(isCode(entry.code) ? [] : [`entry ${i + 1}: there is no finding code ${String(entry.code)}`]),
    ...(entries.findIndex((other) => entryName(other) === entryName(entry) && other.target === entry.target) <
    i
      ? [`entry ${i + 1}: ${entryName(entry)} stands there twice`]
      : []),
  ]);
  return lines.length > 0 ? wrong(...lines) : entries;
}

function noRequirement(id: string): string {
  const retired = retiredText(id);
  return retired === undefined ? `there is no requirement ${id}` : `${retired}; remove the entry`;
}
