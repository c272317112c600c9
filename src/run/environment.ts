import { readKnownDeviations } from './known-deviations-file';
import type { KnownDeviation } from '../judging/known-deviations';
import type { Previous } from '../report/history';
import { readPrevious } from './previous-file';
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
 * @throws WrongSettings, also for a pinned document that somebody has broken: nothing can be done without it
 */
export function readEnvironment(): Environment {
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
