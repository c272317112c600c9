/** Ends a command that can't do what was asked: one line on standard error, exit code 2. */
export function fail(message: string): never {
  console.error(message.replace(/\s*\n\s*/g, ' '));
  process.exit(2);
}

/** Runs a command; whatever goes wrong in it is one line. */
export function runCommand(usage: string, main: () => Promise<void> | void): void {
  Promise.resolve()
    .then(main)
    .catch((error: unknown) => {
      const { code, message } = error as NodeJS.ErrnoException;
      fail(code?.startsWith('ERR_PARSE_ARGS') ? `${message.split('. ')[0]}; ${usage}` : message);
    });
}
