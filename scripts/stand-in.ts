import { parseArgs } from 'node:util';
import { A_WHILE_MS } from '../src/stand-in/model';
import { StandIn } from '../src/stand-in/server';
import type { Variant } from '../src/stand-in/variant';
import { HISTORY } from '../src/stand-in/variants/history';
import { VARIANTS, variantNamed } from '../src/stand-in/variants/index';
import { fail, runCommand } from './command';

const USAGE = 'usage: npm run stand-in -- [--port PORT] [--variant NAME] [--list]';

/** Where a fault takes a while, less than SETTLE_MS by default. */
const SERVED_WHILE_MS = 2000;

/** The settings of a run that shows what is special about it. */
function settingsOf(standIn: StandIn, variant: Variant | undefined): string {
  const settings = {
    BASE_URL: baseOf(standIn),
    PROVIDER_STATE_URL: standIn.providerStateUrl?.href,
    WAIT_FOR_EXPIRY_MS: variant?.settings?.waitForExpiryMs,
  };
  return Object.entries(settings)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

function baseOf({ baseUrl }: StandIn): string {
  return baseUrl.href.replace(/\/$/, '');
}

runCommand(USAGE, async () => {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4010' },
      variant: { type: 'string' },
      list: { type: 'boolean' },
    },
  });
  if (values.list) {
    for (const { name, kind, description: says } of [...VARIANTS, ...HISTORY])
      console.log(`${kind.padEnd(8)}${name.padEnd(40)}${says}`);
    return;
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    fail(`--port ${values.port}: must be a port from 0 to 65535`);
  const variant = values.variant === undefined ? undefined : variantNamed(values.variant);
  if (values.variant !== undefined && !variant)
    fail(`--variant ${values.variant}: no such variant; --list shows all`);
  const clockSpeed = variant?.settings?.settleMs === undefined ? 1 : A_WHILE_MS / SERVED_WHILE_MS;
  const standIn = await StandIn.start({ port, clockSpeed, ...(variant && { variant }) }).catch((error) =>
    fail(
      (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
        ? `port ${port} is in use; give another one with --port`
        : (error as Error).message,
    ),
  );
  const base = baseOf(standIn);
  console.log(
    `The stand-in${variant ? ` (${variant.kind} ${variant.name}: ${variant.description})` : ''} serves ${base}\n`,
  );
  console.log(
    `  curl -X POST ${base}/v1/api/auth/sessions -H 'content-type: application/json' -d '{"deviceName":"me"}'`,
  );
  console.log(`  ${settingsOf(standIn, variant)} npm run contract\n`);
  console.log('Its verificationUrl opens a page on which a session can be approved. Ctrl-C ends it.');
});
