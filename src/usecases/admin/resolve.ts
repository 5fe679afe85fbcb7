import {
  asId, type CommonAreaId, type DeviceId, type ExtensionId, type SiteId, type UserId,
} from '../../domain/ids.js';
import type { AccountId } from '../../domain/ids.js';
import type { AccountUser } from '../../domain/identity/user.js';
import type { Site } from '../../domain/identity/site.js';
import type { Device } from '../../domain/device/device.js';
import type { Extension } from '../../domain/numbering/extension.js';
import type { PhoneUserView, Stores } from '../../ports/admin-stores.js';
import { refused, type Refused } from '../outcome.js';

/** A user by id or e-mail address. */
export async function findUser(stores: Stores, accountId: AccountId, idOrEmail: string): Promise<AccountUser | null> {
  return idOrEmail.includes('@')
    ? stores.users.byEmail(accountId, idOrEmail)
    : stores.users.get(accountId, asId<UserId>(idOrEmail));
}

/** A phone user by id or e-mail address; null also for users without a phone. */
export async function findPhoneUser(
  stores: Stores, accountId: AccountId, idOrEmail: string,
): Promise<PhoneUserView | null> {
  if (!idOrEmail.includes('@')) return stores.phoneUsers.get(accountId, asId<UserId>(idOrEmail));
  const user = await stores.users.byEmail(accountId, idOrEmail);
  return user ? stores.phoneUsers.get(accountId, user.id) : null;
}

/**
 * What a script may hand over to say whose phone a device is: the id of an extension, a common area or a user, or an
 * e-mail address.
 */
export async function findAssignee(stores: Stores, accountId: AccountId, text: string): Promise<Extension | null> {
  if (text.includes('@')) return (await findPhoneUser(stores, accountId, text))?.extension ?? null;
  return await stores.extensions.get(accountId, asId<ExtensionId>(text))
    ?? (await stores.commonAreas.get(accountId, asId<CommonAreaId>(text)))?.extension
    ?? (await stores.phoneUsers.get(accountId, asId<UserId>(text)))?.extension
    ?? null;
}

/** The site a body names by id; the main site when it names none. */
export async function siteById(
  stores: Stores, accountId: AccountId, id: string | undefined,
): Promise<{ kind: 'site'; site: Site } | Refused> {
  const site = id === undefined || id === '' ? await stores.sites.main(accountId) : await stores.sites.get(
    accountId, asId<SiteId>(id),
  );
  return site ? { kind: 'site', site } : refused(
    'invalid', 'site_id', 'There is no site with this id. GET /v2/phone/sites lists them.', id ?? '',
  );
}

/** The site a row names by code or by name, as batch adds do; the main site when it names neither. */
export async function siteByCodeOrName(
  stores: Stores, accountId: AccountId, wanted: { readonly code: string; readonly name: string },
): Promise<{ kind: 'site'; site: Site } | Refused> {
  if (wanted.code !== '') {
    const site = (await stores.sites.all(accountId)).find((candidate) => candidate.siteCode === wanted.code);
    return site ? { kind: 'site', site } : refused('invalid', 'site_code', 'No site has this code.', wanted.code);
  }
  const site = wanted.name === '' ? await stores.sites.main(accountId) : await stores.sites.byName(
    accountId, wanted.name,
  );
  return site ? { kind: 'site', site } : refused('invalid', 'site_name', 'No site has this name.', wanted.name);
}

const PAGE = 200;

/** Every device that has the extension among its assignees. */
export async function devicesOfExtension(
  stores: Stores, accountId: AccountId, extensionId: ExtensionId,
): Promise<readonly Device[]> {
  const devices: Device[] = [];
  let after: string | null = null;
  do {
    const page: { readonly items: readonly Device[]; readonly next: string | null } =
      await stores.devices.page(accountId, { extensionId }, { size: PAGE, after });
    devices.push(...page.items);
    after = page.next;
  } while (after !== null);
  return devices;
}

export async function findDevice(stores: Stores, accountId: AccountId, id: string): Promise<Device | null> {
  return stores.devices.get(accountId, asId<DeviceId>(id));
}
