/** What a label stands for: "$SESSION_3" is the id of the third session that was created. */
export type SecretKind = 'SESSION' | 'UNKNOWN' | 'GIVEN' | 'API_KEY' | 'VERIFICATION' | 'HEADER' | 'KEY';

/** A label in a text: a shell variable, in braces where a word character follows. */
export const LABEL =
  /\$(?:\{((?:SESSION|UNKNOWN|GIVEN|API_KEY|VERIFICATION|HEADER|KEY)_\d+)\}|((?:SESSION|UNKNOWN|GIVEN|API_KEY|VERIFICATION|HEADER|KEY)_\d+)(?!\w))/g;

/** The labels in a text, each without braces. */
export function labelsIn(text: string): string[] {
  return [...text.matchAll(LABEL)].map(([, braced, bare]) => `$${braced ?? bare}`);
}

/** The label of what only looks like a key, and so proves nothing. */
export function isGuess(label: string): boolean {
  return label.startsWith('$KEY_');
}
