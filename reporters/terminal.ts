import type { Statement, StatedRequirement } from '../fixtures/statement';

/** The statement in a few readable rows. */
export function renderStatement(statement: Statement): string {
  const { verdict, target, counts, requests, durationMs, rateLimited, left, requirements, errors } =
    statement;
  const failing = requirements.filter(({ outcome }) => outcome === 'fail');
  const lines = [''];
  for (const requirement of failing) lines.push(...renderFailing(requirement));
  const known = requirements.filter(({ outcome }) => outcome === 'known');
  if (known.length > 0) lines.push(`known deviations: ${known.map(({ id }) => id).join(', ')}`);
  const advice = requirements.filter(({ outcome }) => outcome === 'advice');
  for (const { id, title, findings } of advice)
    lines.push(
      `advice: ${id} ${title} (${findings.map(({ got, seen }) => `${got}, ${seen} times`).join('; ')})`,
    );
  lines.push(...renderUnjudged(requirements));
  for (const error of errors) lines.push(`error: ${error}`);
  if (left.leftBehind > 0)
    lines.push(
      `left behind: ${left.leftBehind} of ${left.created} sessions may still be pending${left.sessions.length > 0 ? ` (${left.sessions.join(', ')})` : ''}`,
    );
  lines.push(
    `judged ${counts.judged} of ${counts.expected} requirements with ${requests} requests in ${(durationMs / 1000).toFixed(1)} s${rateLimited > 0 ? `, turned away ${rateLimited} times` : ''}`,
  );
  const name =
    target.kind === 'stand-in' ? 'the stand-in, not a deployed API (set BASE_URL to judge one)' : target.url;
  lines.push(`${verdict}: ${name}`);
  return `${lines.join('\n')}\n`;
}

function renderFailing({ id, level, title, findings, source }: StatedRequirement): string[] {
  const lines = [`${id} ${level} ${title}`];
  for (const finding of findings) {
    lines.push(
      `  ${finding.class} ${finding.code}${finding.pointer ? ` at ${finding.pointer}` : ''}: ${finding.message}`,
    );
    lines.push(
      `    seen ${finding.seen} of ${finding.of} times; stated in ${finding.source === source ? source : finding.source}`,
    );
    if (finding.curl) lines.push(`    ${finding.curl}`);
  }
  return lines;
}

function renderUnjudged(requirements: StatedRequirement[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const { id, outcome, reason } of requirements) {
    if (outcome !== 'not-judged' || reason === undefined || reason === 'not selected') continue;
    byReason.set(reason, [...(byReason.get(reason) ?? []), id]);
  }
  return [...byReason].map(([reason, ids]) => `not judged: ${ids.join(', ')} (${reason})`);
}
