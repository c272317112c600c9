import { APPROVAL_VARIABLE, current, GATEWAY_VARIABLE, runModule } from '../report/current-run';
import { readEnvironment, type Environment } from './environment';
import { GatewayServer } from './gateway-server';
import type { Run } from './run';
import { WrongSettings } from './settings';
import { TerminalPerson } from './terminal-person';

/** Reads what a run rests on, and opens the door to it. Sends nothing, unless a person is to approve a session. */
export default async function globalSetup(): Promise<() => Promise<void>> {
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
  const { Run } = runModule();
  return (current.run = await Run.open({ settings, known }));
}
