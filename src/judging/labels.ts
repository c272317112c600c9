/** What a label stands for. The label of the third created session is "$SESSION_3", and so on. */
export type SecretKind = 'SESSION' | 'UNKNOWN' | 'GIVEN' | 'API_KEY' | 'VERIFICATION' | 'HEADER' | 'KEY';

/** A label in a text: a shell's variable, in braces where a word goes on behind it. */
export const LABEL =
  /\$(?:\{((?:SESSION|UNKNOWN|GIVEN|API_KEY|VERIFICATION|HEADER|KEY)_\d+)\}|((?:SESSION|UNKNOWN|GIVEN|API_KEY|VERIFICATION|HEADER|KEY)_\d+)(?!\w))/g;

/** The labels in a text, each as it is given out. */
export function labelsIn(text: string): string[] {
  return [...text.matchAll(LABEL)].map(([, braced, bare]) => `$${braced ?? bare}`);
}

/** A label of what only looks like a key; by itself it proves nothing. */
export function isGuess(label: string): boolean {
  return label.startsWith('$KEY_');
}
