import type { AccountId, CommonAreaId, DeviceId, ExtensionId, HotDeskSessionId, SiteId, UserId } from '../../domain/ids.js';
import type { Account } from '../../domain/identity/account.js';
import type { CommonArea } from '../../domain/identity/common-area.js';
import type { Site } from '../../domain/identity/site.js';
import type { AccountUser, PhoneUser } from '../../domain/identity/user.js';
import type { Device, DeviceHa1 } from '../../domain/device/device.js';
import type { Extension } from '../../domain/numbering/extension.js';
import type { HotDeskSession } from '../../domain/hotdesk/session.js';
import type { Directory } from '../../ports/directory.js';
import { CallRuleIndex } from './call-rule-index.js';
import { GroupIndex } from './group-index.js';
import { GuestIndex } from './guest-index.js';
import { NumberIndex } from './number-index.js';
import { SettingIndex } from './setting-index.js';
import { SafetyIndex } from './safety-index.js';
import { ForwardIndex } from './forward-index.js';
import { TrunkIndex } from './trunk-index.js';

/**
 * The directory's maps. Every `put` replaces what had the same id and keeps the indexes true, every `remove` of an unknown id
 * does nothing; both are synchronous, so a batch of them is seen whole or not at all.
 */
export class DirectoryIndex extends CallRuleIndex implements Directory {
  readonly #accounts = new Map<AccountId, Account>();
  readonly #accountsByDomain = new Map<string, AccountId>();
  readonly #sites = new Map<SiteId, Site>();
  readonly #sitesOf = new GroupIndex<Site>();
  readonly #users = new Map<UserId, AccountUser>();
  readonly #phoneUsers = new Map<UserId, PhoneUser>();
  readonly #commonAreas = new Map<CommonAreaId, CommonArea>();
  readonly #extensions = new Map<ExtensionId, Extension>();
  readonly #extensionsByNumber = new GroupIndex<Extension>();
  readonly #devices = new Map<DeviceId, Device>();
  readonly #ha1 = new Map<DeviceId, DeviceHa1>();
  readonly #ownAlgorithms = new Map<DeviceId, Device>();
  readonly #devicesByUserName = new Map<string, DeviceId>();
  readonly #devicesOf = new GroupIndex<Device>();
  readonly #guests = new GuestIndex();
  readonly numbers = new NumberIndex();
  readonly settings = new SettingIndex();
  readonly safety = new SafetyIndex();
  readonly trunks = new TrunkIndex();
  readonly forwards = new ForwardIndex();

  account(id: AccountId): Account | undefined {
    return this.#accounts.get(id);
  }
  accountByDomain(domain: string): Account | undefined {
    const id = this.#accountsByDomain.get(domain.toLowerCase());
    return id === undefined ? undefined : this.#accounts.get(id);
  }
  accounts(): readonly Account[] {
    return [...this.#accounts.values()];
  }
  devicesWithOwnAlgorithms(): readonly Device[] {
    return [...this.#ownAlgorithms.values()];
  }
  defaultAccount(): Account {
    let first: Account | undefined;
    for (const account of this.#accounts.values()) if (first === undefined || account.id < first.id) first = account;
    if (first === undefined) throw new Error('the directory holds no account: it was not loaded, or the database is empty');
    return first;
  }
  site(id: SiteId): Site | undefined {
    return this.#sites.get(id);
  }
  sites(accountId: AccountId): readonly Site[] {
    return this.#sitesOf.get(accountId);
  }
  user(id: UserId): AccountUser | undefined {
    return this.#users.get(id);
  }
  phoneUser(id: UserId): PhoneUser | undefined {
    return this.#phoneUsers.get(id);
  }
  commonArea(id: CommonAreaId): CommonArea | undefined {
    return this.#commonAreas.get(id);
  }
  extension(id: ExtensionId): Extension | undefined {
    return this.#extensions.get(id);
  }
  extensionsByNumber(accountId: AccountId, number: string): readonly Extension[] {
    return this.#extensionsByNumber.get(within(accountId, number));
  }
  device(id: DeviceId): Device | undefined {
    return this.#devices.get(id);
  }
  deviceByUserName(accountId: AccountId, userName: string): Device | undefined {
    const id = this.#devicesByUserName.get(within(accountId, userName));
    return id === undefined ? undefined : this.#devices.get(id);
  }
  devices(accountId: AccountId): readonly Device[] {
    return [...this.#devices.values()].filter((device) => device.accountId === accountId);
  }
  devicesOf(extensionId: ExtensionId): readonly Device[] {
    return this.#devicesOf.get(extensionId);
  }
  ha1(id: DeviceId): DeviceHa1 | undefined {
    return this.#ha1.get(id);
  }
  guestOf(deviceId: DeviceId): HotDeskSession | undefined {
    return this.#guests.guestOf(deviceId);
  }
  deskOf(userId: UserId): HotDeskSession | undefined {
    return this.#guests.deskOf(userId);
  }
  drainingOn(deviceId: DeviceId): readonly HotDeskSession[] {
    return this.#guests.drainingOn(deviceId);
  }
  setting: Directory['setting'] = (key, levels) => this.settings.setting(key, levels);

  putAccount(account: Account): void {
    this.removeAccount(account.id);
    this.#accounts.set(account.id, account);
    this.#accountsByDomain.set(account.sipDomain.toLowerCase(), account.id);
  }
  removeAccount(id: AccountId): void {
    const old = this.#accounts.get(id);
    if (old === undefined) return;
    const domain = old.sipDomain.toLowerCase();
    if (this.#accountsByDomain.get(domain) === id) this.#accountsByDomain.delete(domain);
    this.#accounts.delete(id);
  }

  putSite(site: Site): void {
    this.#sites.set(site.id, site);
    this.#sitesOf.add(site.accountId, site);
  }
  removeSite(id: SiteId): void {
    const old = this.#sites.get(id);
    if (old !== undefined) this.#sitesOf.remove(old.accountId, id);
    this.#sites.delete(id);
  }

  putUser(user: AccountUser): void {
    this.#users.set(user.id, user);
  }
  removeUser(id: UserId): void {
    this.#users.delete(id);
  }

  putPhoneUser(phone: PhoneUser): void {
    this.#phoneUsers.set(phone.id, phone);
  }
  removePhoneUser(id: UserId): void {
    this.#phoneUsers.delete(id);
  }

  putCommonArea(area: CommonArea): void {
    this.#commonAreas.set(area.id, area);
  }
  removeCommonArea(id: CommonAreaId): void {
    this.#commonAreas.delete(id);
  }

  putExtension(extension: Extension): void {
    this.removeExtension(extension.id);
    this.#extensions.set(extension.id, extension);
    this.#extensionsByNumber.add(within(extension.accountId, extension.number), extension);
  }
  removeExtension(id: ExtensionId): void {
    const old = this.#extensions.get(id);
    if (old === undefined) return;
    this.#extensionsByNumber.remove(within(old.accountId, old.number), id);
    this.#extensions.delete(id);
  }

  putDevice(device: Device, ha1: DeviceHa1 | undefined): void {
    this.removeDevice(device.id);
    this.#devices.set(device.id, device);
    if (ha1 !== undefined) this.#ha1.set(device.id, ha1);
    if (device.digestAlgorithms !== null) this.#ownAlgorithms.set(device.id, device);
    this.#devicesByUserName.set(within(device.accountId, device.userName), device.id);
    const owner = device.assignees[0];
    if (owner !== undefined) this.#devicesOf.add(owner, device);
  }
  removeDevice(id: DeviceId): void {
    const old = this.#devices.get(id);
    if (old === undefined) return;
    const name = within(old.accountId, old.userName);
    if (this.#devicesByUserName.get(name) === id) this.#devicesByUserName.delete(name);
    const owner = old.assignees[0];
    if (owner !== undefined) this.#devicesOf.remove(owner, id);
    this.#ha1.delete(id);
    this.#ownAlgorithms.delete(id);
    this.#devices.delete(id);
  }

  putHotDeskSession(session: HotDeskSession): void {
    this.#guests.put(session);
  }
  removeHotDeskSession(id: HotDeskSessionId): void {
    this.#guests.remove(id);
  }
}

/** Key of something unique in its account; ids hold no space. */
function within(accountId: AccountId, text: string): string {
  return `${accountId} ${text}`;
}
