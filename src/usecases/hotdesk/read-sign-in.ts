import type { AccountId, DeviceId } from '../../domain/ids.js';
import type { Account } from '../../domain/identity/account.js';
import type { AccountUser } from '../../domain/identity/user.js';
import type { Device } from '../../domain/device/device.js';
import type { Extension } from '../../domain/numbering/extension.js';
import type { Site } from '../../domain/identity/site.js';
import type { SignInPerson } from '../../domain/hotdesk/decide-sign-in.js';
import { deskLanguage } from '../../domain/hotdesk/prompt-language.js';
import { extensionForms, extensionReadings, findTypedExtension } from '../../domain/hotdesk/sign-in-extension.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { PinHolder, StoredPin } from '../../ports/hot-desk-stores.js';

/** A phone with what surrounds it. */
export interface Desk {
  readonly account: Account;
  readonly device: Device;
  readonly site: Site | undefined;
  readonly sites: readonly Site[];
  /** Prompt language of the phone. */
  readonly language: string;
}

/** Somebody who may type a PIN at a phone. */
export interface Candidate {
  readonly extension: Extension;
  readonly person: SignInPerson;
  readonly holder: PinHolder;
  readonly pin: StoredPin | null;
  readonly forms: readonly string[];
  /** Null for a common area. */
  readonly user: AccountUser | null;
}

export async function readDesk(stores: Stores, accountId: AccountId, deviceId: DeviceId): Promise<Desk | null> {
  const account = await stores.accounts.get(accountId);
  const device = await stores.devices.get(accountId, deviceId);
  if (account === null || device === null) return null;
  const sites = await stores.sites.all(accountId);
  const site = sites.find(({ id }) => id === device.siteId);
  return { account, device, site, sites, language: deskLanguage(site, account.policy) };
}

/**
 * Who is meant by digits typed at a phone: a user, or the common area that the phone itself belongs to. `digits` null means
 * the phone's own. Null = nobody who could sign in there.
 */
export async function readCandidate(stores: Stores, desk: Desk, digits: string | null): Promise<Candidate | null> {
  const { device, sites } = desk;
  const extension = digits === null ? await ownExtension(stores, device) : await typedExtension(stores, desk, digits);
  if (extension === undefined || extension === null) return null;
  const forms = extensionForms(extension, sites.find(({ id }) => id === extension.siteId));
  const holder: PinHolder = extension.owner;
  const pin = await stores.pins.get(holder);
  if (extension.owner.kind === 'common_area') {
    if (device.assignees[0] !== extension.id) return null;
    const view = await stores.commonAreas.get(device.accountId, extension.owner.id);
    if (view === null) return null;
    return { extension, person: { kind: 'common_area', status: view.commonArea.status }, holder, pin, forms, user: null };
  }
  const view = await stores.phoneUsers.get(device.accountId, extension.owner.id);
  if (view === null) return null;
  const person: SignInPerson = { kind: 'user', user: view.user, phone: view.phone, ownsDevice: device.assignees[0] === extension.id };
  return { extension, person, holder, pin, forms, user: view.user };
}

async function ownExtension(stores: Stores, device: Device): Promise<Extension | null> {
  const [own] = device.assignees;
  return own === undefined ? null : stores.extensions.get(device.accountId, own);
}

async function typedExtension(stores: Stores, { device, sites }: Desk, digits: string): Promise<Extension | undefined> {
  const found: Extension[] = [];
  for (const number of new Set(extensionReadings(digits, sites).map((reading) => reading.number))) {
    found.push(...await stores.extensions.byNumber(device.accountId, number));
  }
  return findTypedExtension(digits, device.siteId, sites, found);
}
