/** The language a phone speaks first: its site's, else the account's; ISO 639-1. */
export function deskLanguage(site: { readonly promptLanguage: string | null } | undefined, policy: { readonly promptLanguage: string }): string {
  return site?.promptLanguage ?? policy.promptLanguage;
}

/** The language of a person, where the account knows one ('de-DE' is 'de'); else the phone's. */
export function personLanguage(user: { readonly language: string } | undefined, desk: string): string {
  const own = /^[a-z]{2,3}(?=$|[-_])/i.exec(user?.language ?? '')?.[0];
  return own === undefined ? desk : own.toLowerCase();
}
