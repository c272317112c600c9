import { current } from '../report/current-run';
import { readEnvironment, type Environment } from './environment';
import { APPROVAL_VARIABLE, GATEWAY_VARIABLE } from './environment-variables';
import { GatewayServer } from './gateway-server';
import { Run, stateNothing } from './run';
import { WrongSettings } from './settings';
import { TerminalPerson } from './terminal-person';

/** Reads what a run rests on, and opens the door to it. Sends nothing, unless a person is to approve a session. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  current.stateNothing = (errors) => stateNothing(errors, process.env.BASE_URL === undefined);
  let environment: Environment;
  try {
    environment = readEnvironment();
  } catch (error) {
    if (!(error instanceof WrongSettings)) throw error;
    current.whyNoRun = error.lines;
    // Playwright shows what is thrown; without a stack that is just the lines.
    error.stack = '';
    throw error;
  }
  current.previous = environment.previous;
  let opened: Promise<Run> | undefined;
  const open = (): Promise<Run> => (opened ??= openRun(environment));
  current.open = open;
  const seconds = Number(process.env[APPROVAL_VARIABLE]);
  if (seconds > 0) await (await open()).haveApproved(new TerminalPerson(), 1000 * seconds);
  const server = new GatewayServer(open);
  process.env[GATEWAY_VARIABLE] = await server.listen();
  return async () => {
    // Also after an interruption, and where no reporter of ours asks for it (--ui).
    await (await opened)?.close();
    await server.close();
    await current.beforeReports?.();
  };
}

async function openRun({ settings, known }: Environment): Promise<Run> {
  const run = await Run.open({ settings, known });
  current.run = run;
  return run;
}
