/** Ends a command that can't do what was asked: one line on standard error, exit code 2. */
export function fail(message: string): never {
  console.error(message.replace(/\s*\n\s*/g, ' '));
  process.exit(2);
}

/** Runs a command; --help shows its usage, and an error in it is one line. */
export function runCommand(usage: string, main: () => Promise<void> | void): void {
  // Where a reader such as head has had enough, the rest of the output is lost, and nothing else.
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') return;
    console.error(`standard output can't be written to (${code ?? message})`);
    // A verdict stays what it is.
    process.exitCode ??= 2;
  });
  process.stderr.on('error', () => undefined);
  if (asksForHelp(process.argv.slice(2))) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  Promise.resolve()
    .then(main)
    .catch((error: unknown) => {
      const { code, message } = error as NodeJS.ErrnoException;
      fail(code?.startsWith('ERR_PARSE_ARGS') ? `${message.split('. ')[0]}; ${usage}` : message);
    });
}

function asksForHelp(args: string[]): boolean {
  const end = args.indexOf('--');
  const options = end < 0 ? args : args.slice(0, end);
  return options.includes('--help') || options.includes('-h');
}
