/** Longest address that is kept. */
const LONGEST = 2000;

/** What a URL parser made of an address. */
export interface UrlParts {
  readonly protocol: string;
  readonly username: string;
  readonly password: string;
  readonly hostname: string;
  readonly hash: string;
}

/**
 * What is wrong with the address of a webhook; null = nothing. Only its form is judged here: where its name leads is looked at
 * each time something is posted. `parts` is null for text that is no URL; `allowed` says that the operator vouches for the host.
 */
export function webhookUrlProblem(text: string, parts: UrlParts | null, allowed: boolean): string | null {
  if (parts === null || parts.hostname === '') return 'This is no URL. Give one such as https://example.com/hooks.';
  if (text.length > LONGEST) return `The URL is longer than ${LONGEST} characters.`;
  if (parts.protocol !== 'https:' && !(parts.protocol === 'http:' && allowed)) {
    return 'Give an https URL. http is for hosts named in WEBHOOK_ALLOWED_HOSTS alone.';
  }
  if (parts.username !== '' || parts.password !== '') return 'A URL may hold no user name or password. Check the signature of what is posted instead.';
  return parts.hash === '' ? null : 'A URL for posting has no fragment. Leave out what begins with #.';
}
