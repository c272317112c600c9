import { readKnownDeviations } from './known-deviations-file';
import type { KnownDeviation } from '../judging/known-deviations';
import type { Previous } from '../report/history';
import { readPrevious } from './previous-file';
import { dotenvProblems } from './dotenv';
import { readSettings, WrongSettings, type Settings } from './settings';
import { readPin } from '../contract/pin';
import { UnreadableSource } from '../contract/unreadable-source';

export interface Environment {
  settings: Settings;
  known: KnownDeviation[];
  previous: Previous | undefined;
}

/**
 * The settings of the environment, with the files that they name.
 * @throws WrongSettings, also for an .env or a pinned document that can't be used
 */
export function readEnvironment(): Environment {
  if (dotenvProblems().length > 0) throw new WrongSettings([...dotenvProblems()]);
  const settings = readSettings(process.env);
  try {
    readPin();
  } catch (error) {
    throw error instanceof UnreadableSource ? new WrongSettings([error.message]) : error;
  }
  return {
    settings,
    known: settings.knownDeviations === undefined ? [] : readKnownDeviations(settings.knownDeviations),
    previous: settings.previous === undefined ? undefined : readPrevious(settings.previous),
  };
}
