/** The host of what follows `https://`, lower case, without its port; null where user information or nothing stands there. */
export function hostAfterScheme(rest: string): string | null {
  const authority = rest.split(/[/?#\\]/)[0] ?? '';
  if (authority === '' || authority.includes('@')) return null;
  return authority.replace(/:\d{1,5}$/, '').toLowerCase();
}

/** The host of an https URL; null for any other text. */
export function hostOfUrl(url: string): string | null {
  const [, rest] = /^https:\/\/(.*)$/is.exec(url) ?? [];
  return rest === undefined ? null : hostAfterScheme(rest);
}
