/**
 * Calls back after that many turns of the event loop, of about a millisecond each. Where client and stand-in share a
 * process, each of them can act in every turn: unlike a time in milliseconds, this is as long on a busy machine.
 */
export function afterTurns(turns: number, callback: () => void): void {
  if (turns <= 0) callback();
  else setTimeout(() => afterTurns(turns - 1, callback), 1);
}
