import type { AccountId, CommonAreaId, DeviceId, ExtensionId, PhoneNumberId, SiteId, UserId } from '../domain/ids.js';
import type { Account } from '../domain/identity/account.js';
import type { AccountUser, PhoneUser } from '../domain/identity/user.js';
import type { CommonArea } from '../domain/identity/common-area.js';
import type { Device, DeviceHa1 } from '../domain/device/device.js';
import type { Extension } from '../domain/numbering/extension.js';
import type { CallerIdChoice, PhoneNumber } from '../domain/numbering/phone-number.js';
import type { HotDeskSession } from '../domain/hotdesk/session.js';
import type { Site } from '../domain/identity/site.js';
import type { ConfigEvent } from '../domain/events.js';
import type { ResolvedSetting } from '../domain/settings/resolve-setting.js';
import type { SettingKey, SettingValues } from '../domain/settings/setting-catalogue.js';
import type { CallRuleDirectory } from './call-rule-directory.js';
import type { SafetyDirectory } from './safety-directory.js';
import type { ForwardDirectory } from './forward-stores.js';
import type { TrunkDirectory } from './trunks.js';

/** Telephone numbers of the accounts, and who may show which. */
export interface NumberDirectory {
  get(id: PhoneNumberId): PhoneNumber | undefined;
  /** By E.164 with `+`. */
  byNumber(accountId: AccountId, number: string): PhoneNumber | undefined;
  /** The numbers of an extension, primary first. */
  of(extensionId: ExtensionId): readonly PhoneNumber[];
  /** The first number of a site that may be called and shown, whoever has it; undefined = none. */
  ofSite(siteId: SiteId): PhoneNumber | undefined;
  /** Numbers that everybody of an account or site, or one extension, may show without owning them, oldest permission first. */
  customized(scopeId: string): readonly PhoneNumber[];
  /** What the extension chose to show; undefined = no choice. */
  choice(extensionId: ExtensionId): CallerIdChoice | undefined;
}

/** Levels whose say counts; those left out have none. */
export interface SettingLevels {
  readonly accountId: AccountId;
  readonly siteId?: SiteId;
  readonly extensionId?: ExtensionId;
  readonly deviceId?: DeviceId;
}

/**
 * The configuration as the call path sees it: all in memory, answered without waiting. It is loaded at start and follows
 * committed changes; while PostgreSQL is away it goes on with what it knows.
 */
export interface Directory extends CallRuleDirectory {
  account(id: AccountId): Account | undefined;
  /** By the host part of an AOR or Request-URI, case-insensitive. */
  accountByDomain(domain: string): Account | undefined;
  /** The account served when a request names no known domain (one until there are several). */
  defaultAccount(): Account;
  site(id: SiteId): Site | undefined;
  sites(accountId: AccountId): readonly Site[];
  user(id: UserId): AccountUser | undefined;
  phoneUser(id: UserId): PhoneUser | undefined;
  commonArea(id: CommonAreaId): CommonArea | undefined;
  extension(id: ExtensionId): Extension | undefined;
  /** Extensions with these digits: several where sites with codes repeat a number. */
  extensionsByNumber(accountId: AccountId, number: string): readonly Extension[];
  device(id: DeviceId): Device | undefined;
  /** By the opaque SIP user name, exact. */
  deviceByUserName(accountId: AccountId, userName: string): Device | undefined;
  /** Devices that have the extension as first assignee. */
  devicesOf(extensionId: ExtensionId): readonly Device[];
  /** Every one of the account, in no order: for work that looks at all of them. */
  devices(accountId: AccountId): readonly Device[];
  ha1(id: DeviceId): DeviceHa1 | undefined;
  /** The guest signed in at the device now (state `active`); undefined = the device is its owner's. */
  guestOf(deviceId: DeviceId): HotDeskSession | undefined;
  /** Where the user sits as guest now (state `active`). */
  deskOf(userId: UserId): HotDeskSession | undefined;
  /** Sessions on the device that ended while a call was up and wait for its end; they act for nothing new. */
  drainingOn(deviceId: DeviceId): readonly HotDeskSession[];
  readonly numbers: NumberDirectory;
  /** What a setting with the effect `live` comes to; any other is at its default here. */
  setting<Key extends SettingKey>(key: Key, levels: SettingLevels): ResolvedSetting<SettingValues[Key]>;
  /** Emergency addresses and locations, and names of people outside. */
  readonly safety: SafetyDirectory;
  /** Ways to the telephone network. */
  readonly trunks: TrunkDirectory;
  /** How calls are handled that nobody took, and numbers that lead outside. */
  readonly forwards: ForwardDirectory;
}

/** Something kept beside the directory that follows the same changes, in the same order. */
export interface ChangeFollower {
  /** Reads everything; called at first, and when changes were missed. */
  load(): Promise<void>;
  /** Reads again what the events name; idempotent. */
  apply(events: readonly ConfigEvent[]): Promise<void>;
}

/** What storage offers the wiring besides reading: keeping the directory true. */
export interface DirectoryKeeper {
  /** Every account there is. */
  accounts(): readonly Account[];
  /** Devices with digest algorithms of their own instead of their account's. */
  devicesWithOwnAlgorithms(): readonly Device[];
  /** Called after each change the directory knows of, loading included; returns the unsubscribe. */
  onChange(listener: () => void): () => void;
  /** Loads the follower; from then on it hears of each change before the directory counts it as known. Returns the unsubscribe. */
  follow(follower: ChangeFollower): Promise<() => void>;
  /** Reads everything; resolves when the directory can answer. */
  load(): Promise<void>;
  /** Reloads the aggregates of the events; resolves when the next call sees them. */
  apply(events: readonly ConfigEvent[]): Promise<void>;
  /** Compares each account's configVersion with the database's and catches up on what other nodes changed. */
  catchUp(): Promise<void>;
}
