/** Operations that know their caller by client id and secret instead of a token. */
export const BY_CLIENT_SECRET: ReadonlySet<string> = new Set(['issueToken', 'revokeToken']);
