import type { Entry, Exchanged, ExchangedKind } from '../../domain/exchange/entry.js';
import { extensionForms } from '../../domain/hotdesk/sign-in-extension.js';
import type { Draft } from '../change.js';
import { storeFirstPin, type FreshPin } from '../hotdesk/fresh-pins.js';
import { queuePinNotice } from '../mail/phone-user-notice.js';
import type { ExchangeDeps } from './exchange-deps.js';

/** Gives people who have just become phone users a PIN that a mail brings them. */
export async function givePins(deps: Pick<ExchangeDeps, 'random' | 'pinHasher' | 'mail'>, draft: Draft, entries: readonly Entry[], pins: readonly FreshPin[]): Promise<void> {
  const phones = entries.flatMap((entry) => (entry.kind === 'phone_user' && entry.before === null && entry.after !== null ? [entry.after] : []));
  if (phones.length === 0) return;
  const account = await draft.stores.accounts.get(draft.accountId);
  const sites = new Map((await draft.stores.sites.all(draft.accountId)).map((site) => [site.id, site]));
  const users = new Map((await draft.stores.exchange.users(draft.accountId, phones.map(({ id }) => id))).map((user) => [user.id, user]));
  for (const [place, phone] of phones.entries()) {
    const [site, user, pin, extension] = [sites.get(phone.siteId), users.get(phone.id), pins[place], madeOf(entries, 'extension', phone.extensionId)];
    if (account === null || site === undefined || user === undefined || pin === undefined || extension === null) continue;
    const pinCode = await storeFirstPin(deps, draft, { kind: 'user', id: user.id }, pin, extensionForms(extension, site));
    await queuePinNotice(deps, draft, 'phone-user-notice', { account, site, user, extension, pinCode });
  }
}

function madeOf<Kind extends ExchangedKind>(entries: readonly Entry[], kind: Kind, id: string): Exchanged[Kind] | null {
  const found = entries.find((entry): entry is Extract<Entry, { readonly kind: Kind }> => entry.kind === kind && entry.id === id);
  return (found?.after ?? null) as Exchanged[Kind] | null;
}
