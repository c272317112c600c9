import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import dotenv from 'dotenv';
import { mayStandInDotenv, nearestSetting } from './setting-names';
import { SETTING_NAMES } from './settings';
import { readSmallFile, UnreadableFile } from './small-file';

let problems: string[] = [];

/**
 * Reads .env of the project into the environment; variables that are set there already take precedence. What is wrong
 * with the file is kept for readEnvironment, so that it is reported as other wrong settings are.
 */
export function loadDotenv(): void {
  const path = process.env.DOTENV_CONFIG_PATH ?? join(__dirname, '..', '..', '.env');
  // Not existsSync: a link to a file that is gone was meant to be settings, too.
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return;
  const read = parseDotenv(path);
  problems = read.problems;
  if (problems.length === 0) dotenv.populate(process.env, read.values);
}

/** One line for each thing that is wrong with the .env that was loaded. */
export function dotenvProblems(): readonly string[] {
  return problems;
}

export function parseDotenv(path: string): { values: Record<string, string>; problems: string[] } {
  let text: string;
  try {
    text = readSmallFile(path);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
    const why =
      isLink && error.message === 'no such file' ? 'is a link to a file that does not exist' : error.message;
    return {
      values: {},
      problems: [`${path} ${why}; make it a file of settings such as .env.example, or remove it`],
    };
  }
  const values = dotenv.parse(text);
  return {
    values,
    problems: [...unreadLines(text, values), ...unknownNames(values)].map((one) => `${path}: ${one}`),
  };
}

const ASSIGNMENT = /^\s*(?:export\s+)?([\w.-]+)\s*(?:=|:\s)/;

/** Lines that dotenv skips silently, and names that stand twice, of which it drops one silently. */
function unreadLines(text: string, values: Record<string, string>): string[] {
  const multiline = Object.values(values).filter((value) => value.includes('\n'));
  const lineOf = new Map<string, number>();
  return text.split(/\r\n|\r|\n/).flatMap((line, i) => {
    const content = line.trim();
    if (content === '' || content.startsWith('#')) return [];
    if (multiline.some((value) => value.includes(content.replace(/["'`]$/, '')))) return [];
    const name = ASSIGNMENT.exec(line)?.[1];
    // The line itself may hold a secret.
    if (name === undefined || !(name in values)) return [`line ${i + 1} is not of the form NAME=value`];
    const earlier = lineOf.get(name);
    lineOf.set(name, i + 1);
    return earlier === undefined ? [] : [`${name} stands on lines ${earlier} and ${i + 1}; keep one of them`];
  });
}

function unknownNames(values: Record<string, string>): string[] {
  return Object.keys(values)
    .filter((name) => !mayStandInDotenv(name, SETTING_NAMES))
    .map((name) => {
      const nearest = nearestSetting(name, SETTING_NAMES);
      const advice = nearest === undefined ? '.env.example lists all settings' : `did you mean ${nearest}?`;
      return `${name} is not a setting; ${advice}`;
    });
}
