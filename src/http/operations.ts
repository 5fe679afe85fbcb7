/** Operations that know their caller by client id and secret instead of a token. */
export const BY_CLIENT_SECRET: ReadonlySet<string> = new Set(['issueToken', 'revokeToken']);

/** Operations at which somebody only says who they are: they are counted by address. */
export const BY_ADDRESS: ReadonlySet<string> = new Set([...BY_CLIENT_SECRET, 'requestSignInCode', 'signIn', 'samlLogin', 'samlResponse']);
