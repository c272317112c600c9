import { nearest } from '../catalogue/nearest';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { isObject, valueAt } from '../contract/json';
import { readPin } from '../contract/pin';
import { explainedCodes } from '../catalogue/explanations';
import {
  HARMS,
  REQUIREMENT_IDS,
  requirement,
  retiredText,
  type RequirementId,
} from '../catalogue/requirements';
import { VARIANTS } from '../stand-in/variants/index';
import { CODES } from '../catalogue/codes';
import type { Code } from '../catalogue/codes';

const ROOT = join(__dirname, '..', '..');

/** What a name on the command line stands for: requirements, and of them only the findings of one code if that is given. */
export interface Named {
  requirements: RequirementId[];
  code?: Code;
}

/** Finds what is meant by "DENY-4", "still-pending" or "DENY-4/touched", in whatever case; undefined: nothing has that name. */
export function namedBy(name: string): Named | undefined {
  const parts = name
    .trim()
    .replace(/^@/, '')
    .split(/[/\s]+/);
  const find = <T extends string>(names: readonly T[], part: string): T | undefined =>
    names.find((one) => one.toLowerCase() === part.toLowerCase());
  const [first = '', second, ...more] = parts;
  const id = find(REQUIREMENT_IDS, first);
  const code = find(Object.keys(CODES) as Code[], id ? (second ?? '') : first);
  if (more.length > 0 || (id ? second !== undefined && !code : second !== undefined || !code))
    return undefined;
  const requirements = id ? [id] : REQUIREMENT_IDS.filter((one) => code && codesOf(one).includes(code));
  return { requirements, ...(code && { code }) };
}

/** That a name is one of a retired requirement, and why; undefined for any other name. */
export function retiredNamed(name: string): string | undefined {
  return retiredText(name.trim().replace(/^@|[/\s].*$/g, ''));
}

/** Codes of the findings that a requirement has: those that some fault causes, or that follow from others. */
function codesOf(id: RequirementId): Code[] {
  const declared = VARIANTS.flatMap(({ findings = [] }) => findings).filter((one) =>
    one.startsWith(`${id}/`),
  );
  const following = explainedCodes(id);
  return [...new Set([...declared.map((one) => one.slice(id.length + 1) as Code), ...following])];
}

/** The names of requirements and codes that are most like a name that neither has. */
export function nearestNames(name: string): string[] {
  return nearest(name, [...REQUIREMENT_IDS, ...Object.keys(CODES)]);
}

/** The requirement, its source, what judges it, what violates it, and how to accept a deviation for now. */
export function explain({ requirements, code }: Named): string {
  const tests = contractTests();
  const heading = code && requirements.length !== 1 ? [`${code}: ${CODES[code]}`] : [];
  const explained = requirements.map((id) => explainOne(id, code, tests).join('\n'));
  return [...heading, ...(explained.length > 0 ? explained : ['no fault of the matrix causes it'])].join(
    '\n\n',
  );
}

function explainOne(id: RequirementId, code: Code | undefined, tests: ContractTest[]): string[] {
  const { level, title } = requirement(id);
  const codes = code ? [code] : codesOf(id);
  const judging = tests.filter(({ tags }) => tags.includes(id));
  const faults = VARIANTS.filter(({ findings = [] }) =>
    codes.some((one) => findings.includes(`${id}/${one}`)),
  );
  const section = (name: string, lines: string[], otherwise: string): string[] => [
    `  ${name}`,
    ...(lines.length > 0 ? lines : [otherwise]).map((line) => `    ${line}`),
  ];
  return [
    `${id} ${level} ${title}`,
    ...section('stands in', standsIn(id), ''),
    ...section(
      'judged by',
      judging.map(({ file, line, title: name }) => `${file}:${line} ${name}`),
      'the rules for single responses, on every response',
    ),
    ...section(
      'findings',
      codes.map((one) => `${one}: ${CODES[one]}`),
      '',
    ),
    ...section(
      'broken by (npm run stand-in -- --variant NAME)',
      faults.map(({ name, description }) => `${name}: ${description}`),
      'no fault of the matrix',
    ),
    ...section(
      level === 'SHOULD'
        ? 'to accept it for now: nothing to do, advice fails no run'
        : `to accept it for now, complete ${codes.length > 1 ? 'one of these' : 'this'} and put it into the file that KNOWN_DEVIATIONS names`,
      level === 'SHOULD' ? [] : codes.map((one) => entryOf(id, one)),
      '',
    ),
  ].filter((line) => line.trim() !== '');
}

/** An entry as a line of YAML, for a list in a file of accepted deviations. */
function entryOf(id: RequirementId, code: Code): string {
  return `- ${JSON.stringify({ requirement: id, code, reason: '', owner: '', expires: 'YYYY-MM-DD' })}`;
}

/** The source of a requirement, and what is said there. */
function standsIn(id: RequirementId): string[] {
  const { source } = requirement(id);
  if ('rfc' in source) return [source.rfc];
  if ('harm' in source) return [`harm "${source.harm}": ${HARMS[source.harm]}`];
  const place = `schemas/contract.openapi.json#${source.pointer}`;
  const value = valueAt(readPin(), source.pointer);
  const said = isObject(value) ? value.description : value;
  return typeof said === 'string' && said !== '' ? [place, JSON.stringify(said)] : [place];
}

interface ContractTest {
  file: string;
  line: number;
  title: string;
  tags: string[];
}

interface ListedSuite {
  suites?: ListedSuite[];
  specs?: { file: string; line: number; title: string; tags: string[] }[];
}

/** All contract tests, as Playwright lists them. */
function contractTests(): ContractTest[] {
  const cli = join(ROOT, 'node_modules', '@playwright', 'test', 'cli.js');
  // Where Playwright runs this itself, its marks would make the list another one.
  const isMark = (name: string): boolean => /^(PW_|PLAYWRIGHT_|TEST_|SESSION_CONTRACT_)/.test(name);
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !isMark(name)));
  const listed = execFileSync(
    process.execPath,
    [cli, 'test', '--project=contract', '--list', '--reporter=json'],
    { cwd: ROOT, env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  const testsOf = ({ suites = [], specs = [] }: ListedSuite): ContractTest[] => [
    ...specs.map(({ file, line, title, tags }) => ({ file: `tests/${file}`, line, title, tags })),
    ...suites.flatMap(testsOf),
  ];
  return testsOf(JSON.parse(listed) as ListedSuite);
}
