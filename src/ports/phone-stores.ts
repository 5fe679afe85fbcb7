import type { AccountId, DeviceId, ExtensionId, FirmwareRuleId, LineKeyId, ProvisionTemplateId, SiteId } from '../domain/ids.js';
import type { DeviceConfiguration, DeviceScope, ProvisioningState } from '../domain/device/configuration-generation.js';
import type { Device } from '../domain/device/device.js';
import type { FirmwareRule } from '../domain/device/firmware-rules.js';
import type { LineKey } from '../domain/device/line-keys.js';
import type { ProvisionTemplate, TemplateVersion } from '../domain/device/provision-template.js';
import type { ActivationCode } from '../domain/identity/activation-code.js';
import type { Page, PageRequest } from './admin-stores.js';

export interface DeviceFilter {
  /** Only of these sites, whatever else is asked: as far as the reader's reach goes. */
  readonly within?: readonly SiteId[];
  readonly assigned?: boolean;
  readonly assigneeKind?: 'user' | 'common_area';
  readonly siteId?: SiteId;
  readonly keyword?: string;
  readonly extensionId?: ExtensionId;
  readonly guestSignedIn?: boolean;
  /** Maker, or maker and model with a blank between, without regard to case. */
  readonly type?: string;
  readonly provisioning?: ProvisioningState;
}
export interface DeviceStore {
  get(accountId: AccountId, id: DeviceId): Promise<Device | null>;
  byMac(accountId: AccountId, mac: string): Promise<Device | null>;
  page(accountId: AccountId, filter: DeviceFilter, page: PageRequest): Promise<Page<Device>>;
  /** `sealedPassword` comes from `SecretBox.seal(password, device.id)`. */
  insert(device: Device, sealedPassword: string): Promise<void>;
  sealedPassword(id: DeviceId): Promise<string | null>;
  /** `assignees` replaces the whole ordered list. */
  update(id: DeviceId, changes: Partial<Omit<Device, 'id' | 'accountId' | 'userName' | 'createdAt'>>): Promise<void>;
  delete(id: DeviceId): Promise<void>;
}

/** What each device should have, was told of, and has. */
export interface DeviceConfigurationStore {
  /** Of those that are there, by device. */
  of(deviceIds: readonly DeviceId[]): Promise<ReadonlyMap<DeviceId, DeviceConfiguration>>;
  /** One generation more for every device in any of the scopes, in one statement; returns how many. */
  raise(accountId: AccountId, scopes: readonly DeviceScope[], at: number): Promise<number>;
  /** Which of the devices fetched last while somebody was signed in who is not any more: they show a guest who has left. */
  showingPastGuests(deviceIds: readonly DeviceId[]): Promise<ReadonlySet<DeviceId>>;
  /** The device took a NOTIFY when its configuration was of this generation; a lower one than is known changes nothing. */
  requested(deviceId: DeviceId, generation: number, at: number): Promise<void>;
  /** The device fetched this generation whole: for the server of provisioning files. A lower one changes nothing. */
  delivered(deviceId: DeviceId, generation: number, at: number): Promise<void>;
  /** What the configuration that the device has says of firmware, as `wishKey` writes it. */
  toldFirmware(deviceId: DeviceId, told: string): Promise<void>;
}

export interface ProvisionTemplateView {
  readonly template: ProvisionTemplate;
  /** Devices that it is assigned to one by one. */
  readonly boundDevices: number;
}
export interface ProvisionTemplateStore {
  get(accountId: AccountId, id: ProvisionTemplateId): Promise<ProvisionTemplateView | null>;
  /** Names compare without regard to case. */
  byName(accountId: AccountId, name: string): Promise<ProvisionTemplate | null>;
  page(accountId: AccountId, page: PageRequest): Promise<Page<ProvisionTemplateView>>;
  insert(template: ProvisionTemplate, by: string): Promise<void>;
  /** Keeps another version where `version` is higher than before. */
  update(template: ProvisionTemplate, by: string): Promise<void>;
  delete(id: ProvisionTemplateId): Promise<void>;
  /** Newest first. */
  versions(id: ProvisionTemplateId): Promise<readonly TemplateVersion[]>;
  /** Places (`account:…`, `site:…`) whose settings name it. */
  places(accountId: AccountId, id: ProvisionTemplateId): Promise<readonly string[]>;
}

export interface FirmwareRuleStore {
  get(accountId: AccountId, id: FirmwareRuleId): Promise<FirmwareRule | null>;
  /** Of the account itself (null), of one site, or of all. */
  page(accountId: AccountId, siteId: SiteId | null | 'all', page: PageRequest): Promise<Page<FirmwareRule>>;
  all(accountId: AccountId): Promise<readonly FirmwareRule[]>;
  insert(rule: FirmwareRule): Promise<void>;
  update(id: FirmwareRuleId, changes: Partial<Omit<FirmwareRule, 'id' | 'accountId' | 'siteId' | 'createdAt'>>): Promise<void>;
  delete(id: FirmwareRuleId): Promise<void>;
}

/** A place on one device where an assignee's line sits. */
export interface DeviceLinePosition {
  readonly index: number;
  readonly extensionId: ExtensionId;
}
export interface LineKeyStore {
  /** By place. */
  of(extensionId: ExtensionId): Promise<readonly LineKey[]>;
  /** Replaces all of the extension's. */
  replace(extensionId: ExtensionId, keys: readonly LineKey[]): Promise<void>;
  /** Extensions with a key that shows this one. */
  showing(targetId: ExtensionId): Promise<readonly ExtensionId[]>;
  remove(id: LineKeyId): Promise<void>;
  /** Takes the keys away that show an extension which is going. */
  forgetTarget(targetId: ExtensionId): Promise<void>;
  positions(deviceId: DeviceId): Promise<readonly DeviceLinePosition[]>;
  setPositions(accountId: AccountId, deviceId: DeviceId, positions: readonly DeviceLinePosition[]): Promise<void>;
}

export interface ActivationCodeStore {
  /** Replaces the extension's code. */
  set(code: ActivationCode): Promise<void>;
  byHash(accountId: AccountId, hash: string): Promise<ActivationCode | null>;
  /** Those of common areas, by common area. */
  page(accountId: AccountId, page: PageRequest, within?: readonly SiteId[]): Promise<Page<ActivationCode>>;
  used(extensionId: ExtensionId, deviceId: DeviceId, at: number): Promise<void>;
}

export interface PhoneStores {
  readonly devices: DeviceStore;
  readonly deviceConfigurations: DeviceConfigurationStore;
  readonly provisionTemplates: ProvisionTemplateStore;
  readonly firmwareRules: FirmwareRuleStore;
  readonly lineKeys: LineKeyStore;
  readonly activationCodes: ActivationCodeStore;
}
