import { WHOLE_ACCOUNT } from '../../domain/access/reach.js';
import { asId, type AccountId, type SiteId } from '../../domain/ids.js';
import { DEFAULT_ACCOUNT_POLICY, type Account } from '../../domain/identity/account.js';
import type { Site } from '../../domain/identity/site.js';
import { SEATS } from '../../domain/licensing/catalogue.js';
import { change } from '../change.js';
import { done } from '../outcome.js';
import type { AdminDeps } from './admin-deps.js';

/** Seats of each plan, package and add-on that a new account starts with. */
const FIRST_SEATS = 100;

export interface FirstAccount {
  /** Given by ADMIN_ACCOUNT_ID; made up when missing. */
  readonly accountId?: string;
  /** Domain of every AOR and digest realm; kept from the first start on. */
  readonly sipDomain: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly name?: string;
}

/** The default account with its main site and seats, made at the first start; later starts only read it. */
export async function ensureFirstAccount(deps: AdminDeps, wanted: FirstAccount): Promise<Account> {
  const present = await deps.stores.accounts.first();
  if (present) return present;
  const account: Account = {
    id: asId<AccountId>(wanted.accountId ?? deps.ids.next()),
    name: wanted.name ?? 'Cordboard',
    sipDomain: wanted.sipDomain,
    country: wanted.country,
    policy: DEFAULT_ACCOUNT_POLICY,
    configVersion: 0,
    createdAt: deps.clock.now(),
  };
  const actor = { accountId: account.id, name: 'system', address: '', requestId: '', reach: WHOLE_ACCOUNT };
  await change(deps, actor, async (draft) => {
    const site: Site = {
      id: asId<SiteId>(draft.newId()),
      accountId: account.id,
      name: 'Main Site',
      isMain: true,
      siteCode: null,
      shortExtensionLength: 4,
      shortExtensionRanges: [],
      callerIdName: '',
      sipZoneId: '',
      india: null,
      country: wanted.country,
      timeZone: null,
      promptLanguage: null,
      autoReceptionistName: 'Main Auto Receptionist',
      defaultEmergencyAddress: null,
      createdAt: draft.at,
    };
    await draft.stores.accounts.insert(account);
    await draft.stores.sites.insert(site);
    for (const seat of SEATS) await draft.stores.seats.setSubscribed(account.id, seat.code, FIRST_SEATS);
    draft.note({
      aggregate: 'account', id: account.id, change: 'created', action: 'create-account', before: null, after: account,
    });
    draft.note({ aggregate: 'site', id: site.id, change: 'created', action: 'create-site', before: null, after: site });
    return done(account);
  });
  // Another node may have made it in the same moment: what stands in the database is the account.
  return await deps.stores.accounts.first() ?? account;
}
