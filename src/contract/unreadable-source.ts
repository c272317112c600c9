/** The source can't be read as an OpenAPI document; the message is one line that says why. */
export class UnreadableSource extends Error {
  override name = 'UnreadableSource';
}
