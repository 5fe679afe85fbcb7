import type { AccountId } from '../../domain/ids.js';
import { REDIRECT_VENDORS, type RedirectVendor } from '../../domain/provisioning/redirect-machine.js';
import type { SecretBox } from '../../ports/crypto.js';
import type { RedirectServices, RedirectStatus } from '../../ports/redirect-service.js';
import type { KeptRedirectService } from '../../ports/redirect-stores.js';
import type { Stores } from '../../ports/admin-stores.js';
import { change, type Actor, type ChangeDeps } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';

export interface RedirectDeps extends ChangeDeps {
  readonly stores: Stores;
  readonly secretBox: SecretBox;
  readonly redirectServices: RedirectServices;
}

/** What opens the sealed secret of the account's access. */
export function redirectSecretContext(accountId: AccountId, vendor: RedirectVendor): string {
  return `${accountId} redirect-service ${vendor}`;
}

export interface RedirectWish {
  readonly accessKeyId: string;
  /** Missing = the one that is kept. */
  readonly accessKeySecret?: string;
  readonly active: boolean;
}

/** Gives the account access to a maker's service. What failed for want of it is tried again; phones are listed when their windows open. */
export async function setRedirectService(deps: RedirectDeps, actor: Actor, name: string, wanted: RedirectWish): Promise<Outcome<KeptRedirectService>> {
  const vendor = vendorOf(name);
  if (vendor === null) return noSuchVendor(name);
  return change<KeptRedirectService>(deps, actor, async (draft) => {
    const { redirectServices, redirectListings } = draft.stores;
    const before = await redirectServices.get(draft.accountId, vendor);
    const context = redirectSecretContext(draft.accountId, vendor);
    const sealed = wanted.accessKeySecret === undefined ? await redirectServices.sealedSecret(draft.accountId, vendor) : deps.secretBox.seal(wanted.accessKeySecret, context);
    if (sealed === null) return refused('invalid', 'access_key_secret', 'Give the secret of the access key: none is kept yet.');
    const after: KeptRedirectService = { accountId: draft.accountId, vendor, accessKeyId: wanted.accessKeyId, active: wanted.active, updatedAt: draft.at };
    await redirectServices.set(after, sealed);
    if (after.active) await redirectListings.revive(draft.accountId, vendor, draft.at);
    draft.note({ aggregate: 'redirect_service', id: vendor, change: before === null ? 'created' : 'updated', action: 'set-redirect-service', before, after });
    return done(after);
  });
}

/** Takes the access away, with what is known of its phones: the maker's service keeps them until somebody removes them there. */
export async function removeRedirectService(deps: RedirectDeps, actor: Actor, name: string): Promise<Outcome<null>> {
  const vendor = vendorOf(name);
  if (vendor === null) return noSuchVendor(name);
  return change<null>(deps, actor, async (draft) => {
    const before = await draft.stores.redirectServices.get(draft.accountId, vendor);
    if (before === null) return notSet(name);
    await draft.stores.redirectListings.forget(draft.accountId, vendor);
    await draft.stores.redirectServices.delete(draft.accountId, vendor);
    draft.note({ aggregate: 'redirect_service', id: vendor, change: 'deleted', action: 'remove-redirect-service', before, after: null });
    return done(null);
  });
}

/** Asks the service now whether it takes the access key, and where it sends a phone. */
export async function checkRedirectService(
  { stores, secretBox, redirectServices }: RedirectDeps, { accountId }: Pick<Actor, 'accountId'>, name: string, macAddress: string,
): Promise<Outcome<RedirectStatus>> {
  const vendor = vendorOf(name);
  if (vendor === null) return noSuchVendor(name);
  const kept = await stores.redirectServices.get(accountId, vendor);
  const sealed = await stores.redirectServices.sealedSecret(accountId, vendor);
  if (kept === null || sealed === null) return notSet(name);
  const accessKeySecret = secretBox.open(sealed, redirectSecretContext(accountId, vendor));
  return done(await redirectServices[vendor].status({ accessKeyId: kept.accessKeyId, accessKeySecret }, macAddress));
}

function vendorOf(name: string): RedirectVendor | null {
  return REDIRECT_VENDORS.find((vendor) => vendor === name) ?? null;
}

const noSuchVendor = (name: string): Refused => refused('not-found', 'vendor', `There is no such service. Use one of ${REDIRECT_VENDORS.join(', ')}.`, name);
const notSet = (name: string): Refused => refused('not-found', 'vendor', 'The account has no access to this service. PUT it first.', name);
