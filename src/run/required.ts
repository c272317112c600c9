import { REQUIREMENT_IDS, retiredText, type RequirementId } from '../catalogue/requirements';

const PREFIXES = [...new Set(REQUIREMENT_IDS.map(prefixOf))];

/**
 * The requirements that REQUIRE names: `all`, or ids and prefixes, separated by commas.
 * @throws Error that says what is wrong, for a line that begins with the setting's name
 */
export function parseRequired(value: string): RequirementId[] {
  const names = value
    .split(',')
    .map((name) => name.trim().toUpperCase())
    .filter((name) => name !== '');
  const unknown = names.filter((name) => name !== 'ALL' && named(name).length === 0);
  const retired = unknown.flatMap((name) => retiredText(name) ?? []);
  if (retired.length > 0) throw new Error(`names a retired requirement; ${retired.join('; ')}; leave it out`);
  if (names.length === 0 || unknown.length > 0)
    throw new Error(
      `must be \`all\`, or ids and prefixes such as DENY,REJECT-3${unknown.length > 0 ? `; there is no ${unknown.map((name) => JSON.stringify(name)).join(', ')}` : ''} (prefixes: ${PREFIXES.join(', ')})`,
    );
  return REQUIREMENT_IDS.filter((id) => names.some((name) => name === 'ALL' || named(name).includes(id)));
}

function named(name: string): RequirementId[] {
  return REQUIREMENT_IDS.filter((id) => id === name || prefixOf(id) === name);
}

function prefixOf(id: string): string {
  return id.slice(0, id.lastIndexOf('-'));
}
