import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import dotenv from 'dotenv';

/**
 * Reads .env of the project into the environment, which goes before it.
 * @throws Error that says in one line why an .env that is there can't be read
 */
export function loadDotenv(): void {
  const path = process.env.DOTENV_CONFIG_PATH ?? join(__dirname, '..', '..', '.env');
  if (!existsSync(path)) return;
  // Settings that were meant to be there must not be missing in silence: the stand-in would be judged instead.
  const wrong = (why: string): never => {
    const error = new Error(`${path} ${why}; make it a file of settings such as .env.example, or remove it`);
    // Playwright shows what is thrown; without a stack that is just the line.
    error.stack = '';
    throw error;
  };
  if (!statSync(path).isFile()) wrong('is no regular file');
  let text = '';
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    wrong(`can't be read (${(error as NodeJS.ErrnoException).code})`);
  }
  dotenv.populate(process.env, dotenv.parse(text));
}
