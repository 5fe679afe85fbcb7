import type {
  AccountId, AlertId, AlertSettingId, CallRecordId, DeviceId, EmergencyAddressId, ExternalContactId, ServiceLocationId, SiteId, UserId,
} from '../domain/ids.js';
import type { Alert, AlertRule, AlertSetting } from '../domain/alerts/alert.js';
import type { ExternalContact } from '../domain/contacts/external-contact.js';
import type { AddressHolder, EmergencyAddress } from '../domain/emergency/emergency-address.js';
import type { ServiceLocation } from '../domain/emergency/service-location.js';
import type { Page, PageRequest } from './admin-stores.js';

export interface EmergencyAddressFilter {
  /** Only of these sites, whatever else is asked: as far as the reader's reach goes. */
  readonly within?: readonly SiteId[];
  readonly siteId?: SiteId;
  /** Addresses of this person's own. */
  readonly userId?: UserId;
  /** True: people's own; false: the sites'. */
  readonly personal?: boolean;
  /** Part of a line, the city, the state or the zip. */
  readonly keyword?: string;
}

/** How much hangs on an address. */
export interface AddressUsage {
  readonly holders: number;
  readonly locations: number;
}

export interface EmergencyAddressStore {
  get(accountId: AccountId, id: EmergencyAddressId): Promise<EmergencyAddress | null>;
  page(accountId: AccountId, filter: EmergencyAddressFilter, page: PageRequest): Promise<Page<EmergencyAddress>>;
  siteDefault(siteId: SiteId): Promise<EmergencyAddress | null>;
  /** The sites' own of one site, oldest first. */
  ofSite(siteId: SiteId): Promise<readonly EmergencyAddress[]>;
  insert(address: EmergencyAddress): Promise<void>;
  /** `isDefault` is written for a site's address; a person's follows from `use`. */
  update(id: EmergencyAddressId, changes: Partial<Omit<EmergencyAddress, 'id' | 'accountId' | 'siteId' | 'userId' | 'createdAt'>>): Promise<void>;
  delete(id: EmergencyAddressId): Promise<void>;
  usage(id: EmergencyAddressId): Promise<AddressUsage>;
  addressOf(accountId: AccountId, holder: AddressHolder): Promise<EmergencyAddress | null>;
  /** Gives the holder an address, or its site's again (null). */
  use(accountId: AccountId, holder: AddressHolder, id: EmergencyAddressId | null): Promise<void>;
}

export interface ServiceLocationStore {
  get(accountId: AccountId, id: ServiceLocationId): Promise<ServiceLocation | null>;
  byIdentifier(accountId: AccountId, identifier: string): Promise<ServiceLocation | null>;
  page(accountId: AccountId, siteId: SiteId | null, page: PageRequest, within?: readonly SiteId[]): Promise<Page<ServiceLocation>>;
  children(id: ServiceLocationId): Promise<number>;
  insert(location: ServiceLocation): Promise<void>;
  update(id: ServiceLocationId, changes: Partial<Omit<ServiceLocation, 'id' | 'accountId' | 'siteId' | 'createdAt'>>): Promise<void>;
  delete(id: ServiceLocationId): Promise<void>;
}

export interface ExternalContactStore {
  get(accountId: AccountId, id: ExternalContactId): Promise<ExternalContact | null>;
  byCustomerId(accountId: AccountId, customerId: string): Promise<ExternalContact | null>;
  byExtension(accountId: AccountId, number: string): Promise<ExternalContact | null>;
  /** Whoever has one of the numbers. */
  byNumbers(accountId: AccountId, numbers: readonly string[]): Promise<readonly ExternalContact[]>;
  /** `keyword`: part of a name, number, extension, e-mail address or description. */
  page(accountId: AccountId, keyword: string | null, page: PageRequest): Promise<Page<ExternalContact>>;
  count(accountId: AccountId): Promise<number>;
  insert(contact: ExternalContact): Promise<void>;
  /** `phoneNumbers` replaces the whole list. */
  update(contact: ExternalContact): Promise<void>;
  delete(id: ExternalContactId): Promise<void>;
}

export interface AlertSettingFilter {
  readonly rules?: readonly AlertRule[];
  readonly active?: boolean;
}
export interface AlertSettingStore {
  get(accountId: AccountId, id: AlertSettingId): Promise<AlertSetting | null>;
  page(accountId: AccountId, filter: AlertSettingFilter, page: PageRequest): Promise<Page<AlertSetting>>;
  count(accountId: AccountId): Promise<number>;
  /** Active ones of every account with one of the rules. */
  watching(rules: readonly AlertRule[]): Promise<readonly AlertSetting[]>;
  /** `sealedChatTokens` comes from a `SecretBox` with the setting's id as context; '' = none. */
  insert(setting: AlertSetting, sealedChatTokens: string): Promise<void>;
  update(setting: AlertSetting, sealedChatTokens?: string): Promise<void>;
  delete(id: AlertSettingId): Promise<void>;
}

export interface AlertFilter {
  readonly settingId?: AlertSettingId;
  readonly open?: boolean;
  readonly from?: number;
  readonly to?: number;
}
export interface AlertStore {
  get(accountId: AccountId, id: AlertId): Promise<Alert | null>;
  /** Newest first. */
  page(accountId: AccountId, filter: AlertFilter, page: PageRequest): Promise<Page<Alert>>;
  /** Open ones of every account. */
  open(): Promise<readonly Alert[]>;
  /** When people were last told of anything of each setting. */
  lastNotified(settingIds: readonly AlertSettingId[]): Promise<ReadonlyMap<AlertSettingId, number>>;
  /** Of these settings: opened and closed, and nobody told yet. */
  untold(settingIds: readonly AlertSettingId[], since: number): Promise<readonly Alert[]>;
  /** False where the setting has an open alert already, and nothing is written. */
  insert(alert: Alert): Promise<boolean>;
  update(alert: Alert): Promise<void>;
}

export interface DevicePresence {
  readonly deviceId: DeviceId;
  readonly accountId: AccountId;
  readonly online: boolean;
  readonly since: number;
}
export interface DevicePresenceStore {
  /** Every phone that was ever seen. */
  all(): Promise<readonly DevicePresence[]>;
  /** Writes those whose state is new; the ids of what this changed, and no other node before. Phones that are gone are left out. */
  put(changes: readonly DevicePresence[]): Promise<readonly DeviceId[]>;
}

export interface EmergencyNoticeStore {
  /** False where the call was told of before, by whatever node. */
  claim(accountId: AccountId, callId: CallRecordId, at: number): Promise<boolean>;
  /** Emergency calls since the instant that nobody was told of. */
  missing(since: number, limit: number): Promise<readonly { readonly accountId: AccountId; readonly callId: CallRecordId }[]>;
}

export interface SafetyStores {
  readonly emergencyAddresses: EmergencyAddressStore;
  readonly serviceLocations: ServiceLocationStore;
  readonly externalContacts: ExternalContactStore;
  readonly alertSettings: AlertSettingStore;
  readonly alerts: AlertStore;
  readonly devicePresence: DevicePresenceStore;
  readonly emergencyNotices: EmergencyNoticeStore;
}
