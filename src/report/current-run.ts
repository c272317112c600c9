import type { PreviousStatement } from './previous';
import type * as RunModule from '../run/run';
import type { Run } from '../run/run';

/** The run of this process, from when it is opened to the reporter's last word. */
export const current: {
  run?: Run;
  /** Opens the run, once. */
  open?: () => Promise<Run>;
  /** Why there is no run: wrong settings, or an error of the suite. */
  whyNoRun?: string[];
  /** The statement of an earlier run, to compare with. */
  previous?: PreviousStatement | undefined;
  /** Does what has to be done when all tests have ended and no reporter has written its report. */
  beforeReports?: () => Promise<void>;
} = {};

/** Environment variable through which workers find the gateway. */
export const GATEWAY_VARIABLE = 'SESSION_CONTRACT_GATEWAY';

/** Environment variable with the seconds that a person has to approve a session. */
export const APPROVAL_VARIABLE = 'SESSION_CONTRACT_APPROVAL';

/** What a run consists of, loaded when it is first needed: by then the worker of the tests is starting. */
export function runModule(): typeof RunModule {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('../run/run') as typeof RunModule;
}
