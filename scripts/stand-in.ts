import { parseArgs } from 'node:util';
import { StandIn } from '../src/stand-in/server';
import { HISTORY } from '../src/stand-in/variants/history';
import { VARIANTS, variantNamed } from '../src/stand-in/variants/index';
import { fail, runCommand } from './command';

const USAGE = 'usage: npm run stand-in -- [--port PORT] [--variant NAME] [--list]';

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
  if (!Number.isInteger(port) || port < 0 || port > 65535) fail(`--port ${values.port}: not a port`);
  const variant = values.variant === undefined ? undefined : variantNamed(values.variant);
  if (values.variant !== undefined && !variant)
    fail(`--variant ${values.variant}: no such variant; --list shows all`);
  const standIn = await StandIn.start({ port, ...(variant && { variant }) }).catch((error: unknown) =>
    fail(
      (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
        ? `port ${port} is in use; give another one with --port`
        : (error as Error).message,
    ),
  );
  const base = standIn.baseUrl.href.replace(/\/$/, '');
  console.log(
    `The stand-in${variant ? ` (${variant.kind} ${variant.name}: ${variant.description})` : ''} serves ${base}\n`,
  );
  console.log(
    `  curl -X POST ${base}/v1/api/auth/sessions -H 'content-type: application/json' -d '{"deviceName":"me"}'`,
  );
  console.log(
    `  BASE_URL=${base} PROVIDER_STATE_URL=${standIn.providerStateUrl?.href ?? '(none)'} npm run contract\n`,
  );
  console.log('Its verificationUrl opens a page on which a session can be approved. Ctrl-C ends it.');
});
