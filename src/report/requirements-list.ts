import { requirement, REQUIREMENT_IDS, TOPICS } from '../catalogue/requirements';

/** All requirements by topic, a line each. */
export function listRequirements(): string {
  const width = Math.max(...REQUIREMENT_IDS.map((id) => id.length));
  const all = REQUIREMENT_IDS.map(requirement);
  return TOPICS.flatMap((topic) => [
    topic,
    ...all
      .filter((one) => one.topic === topic)
      .map(({ id, level, title }) => `  ${id.padEnd(width)} ${level.padEnd(6)} ${title}`),
    '',
  ])
    .join('\n')
    .trimEnd();
}
