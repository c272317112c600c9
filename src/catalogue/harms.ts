/** The harms that a MUST rests on where the document and the standards are silent. */
export const HARMS = {
  'ended-session': 'a denied, expired or unknown session yields an API key or becomes pending',
  'other-session':
    'a request changes a session whose id it does not carry, or a safe method changes a session',
  'api-key': 'a rejection changes, revokes or shows an API key',
  secret: 'a secret is shown where no document says so',
  'stack-trace': 'a response shows a stack trace',
  'computable-id': 'a session id can be computed from earlier ones',
  'two-readings': 'two parsers read a response differently, or a body lacks its documented media type',
  'server-error': 'a valid request gets a server error, or no response',
  'lost-value': 'a value does not come back as it was sent, or is not what it is documented to be',
} as const;

export type Harm = keyof typeof HARMS;
