/** GitHub takes 65,536 characters for a body, which may hold two reports and the marker. */
const MAX_REPORT = 27_000;
const CONTROL = /[\0-\x08\x0b-\x1f\x7f]/g;
/** What GitHub makes a notification or a reference of, and the start of a comment such as our marker. */
const TRIGGER = /@(?=\w)|#(?=\d)|\bGH-(?=\d)|<(?=!--)/gi;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const FENCE = /^ {0,3}(?:```|~~~)/gm;

/**
 * Makes a text fit for an issue, whatever the API or the document put into it: it notifies nobody, refers to nothing,
 * can't be taken for a marker, and is bounded.
 */
export function harmless(markdown: string): string {
  const text = markdown
    .replaceAll('\r\n', '\n')
    .replace(CONTROL, '')
    .replace(LONE_SURROGATE, '\ufffd')
    .replace(TRIGGER, '$&\u200b')
    .trim();
  if (text.length <= MAX_REPORT) return text;
  const start = text.slice(0, MAX_REPORT).replace(LONE_SURROGATE, '');
  return `${start}${openEnds(start)}\n\n… and more: see the artifact of the run.`;
}

/** Closes what a cut has left open, so that the text after it is not taken for a part of it. */
function openEnds(text: string): string {
  const isInFence = (text.match(FENCE) ?? []).length % 2 === 1;
  const details = (text.match(/<details\b/g) ?? []).length - (text.match(/<\/details>/g) ?? []).length;
  return `${isInFence ? '\n```' : ''}${'\n\n</details>'.repeat(Math.max(details, 0))}`;
}
