import { expect, test } from '@playwright/test';
import { explain, namedBy, nearestNames, retiredNamed } from '../../src/report/explain';
import { listRequirements } from '../../src/report/requirements-list';
import { VARIANTS } from '../../src/stand-in/variants/index';
import { REQUIREMENT_IDS, requirement, RETIRED } from '../../src/catalogue/requirements';
import { CODES } from '../../src/catalogue/codes';
import type { Code } from '../../src/catalogue/codes';

test('a requirement is explained: where it stands, what judges it, what breaks it, how to accept it', () => {
  const all = explain({ requirements: REQUIREMENT_IDS })
    .split('\n\n')
    .map((text) => text.trim());
  expect(all).toHaveLength(REQUIREMENT_IDS.length);
  for (const [i, id] of REQUIREMENT_IDS.entries()) {
    const text = all[i] ?? '';
    expect(text).toContain(`${id} ${requirement(id).level} ${requirement(id).title}`);
    expect(text).toMatch(/stands in\n {4}(schemas\/contract\.openapi\.json#\/|RFC |harm ")/);
    expect(text).toMatch(
      /judged by\n {4}(tests\/contract\/[\w-]+\.spec\.ts:\d+ |the rules for single responses)/,
    );
    const faults = VARIANTS.filter(({ findings }) => findings?.some((one) => one.startsWith(`${id}/`)));
    expect(faults.length).toBeGreaterThan(0);
    for (const { name } of faults) expect(text).toContain(`    ${name}: `);
    if (requirement(id).level === 'MUST') expect(text).toContain(`- {"requirement":"${id}","code":"`);
  }
});

test('a name is found in any case, of a requirement, of a code, or of both', () => {
  expect(namedBy('deny-4')).toEqual({ requirements: ['DENY-4'] });
  expect(namedBy('@DENY-4')).toEqual({ requirements: ['DENY-4'] });
  expect(namedBy('Deny-4/TOUCHED')).toEqual({ requirements: ['DENY-4'], code: 'touched' });
  expect(namedBy('Still-Pending')).toMatchObject({ code: 'still-pending' });
  for (const name of ['', 'DENY-44', 'DENY', 'DENY-4/nothing', 'touched/DENY-4', 'DENY-4/touched/more'])
    expect(namedBy(name), name).toBeUndefined();
});

test('a retired requirement is said to be retired, and why', () => {
  expect(Object.keys(RETIRED).length).toBeGreaterThan(0);
  for (const [id, why] of Object.entries(RETIRED))
    for (const name of [id, `@${id.toLowerCase()}`, `${id}/undocumented-status`]) {
      expect(namedBy(name)).toBeUndefined();
      expect(retiredNamed(name)).toBe(`${id} is retired: ${why}`);
    }
  expect(retiredNamed('DENY-1')).toBeUndefined();
  expect(retiredNamed('constructor')).toBeUndefined();
});

test('every code of a finding is found, and with it the requirements that faults break by it', () => {
  for (const code of Object.keys(CODES) as Code[]) {
    const broken = VARIANTS.flatMap(({ findings = [] }) => findings)
      .filter((one) => one.endsWith(`/${code}`))
      .map((one) => one.split('/')[0]);
    expect(namedBy(code)?.requirements, code).toEqual(expect.arrayContaining(broken));
  }
  expect(explain({ requirements: [], code: 'status' })).toContain(CODES.status);
});

test('for a name that nothing has, the nearest ones are named', () => {
  expect(nearestNames('DENY-44')).toContain('DENY-4');
  expect(nearestNames('stil-pendng')[0]).toBe('still-pending');
});

test('all requirements are listed, each once, under its topic', () => {
  const lines = listRequirements().split('\n');
  for (const id of REQUIREMENT_IDS) {
    const at = lines.findIndex((line) => line.startsWith(`  ${id} `));
    expect(lines[at]).toContain(requirement(id).title);
    expect(lines.slice(0, at).findLast((line) => /^\S/.test(line))).toBe(requirement(id).topic);
  }
  expect(lines.filter((line) => line.startsWith('  '))).toHaveLength(REQUIREMENT_IDS.length);
});
