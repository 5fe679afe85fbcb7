import type { Device } from '../device/device.js';
import type { ExtensionId, SiteId } from '../ids.js';
import type { Account } from '../identity/account.js';
import type { CommonArea } from '../identity/common-area.js';
import type { Site } from '../identity/site.js';
import type { AccountUser, PhoneUser } from '../identity/user.js';
import type { LicencePackage } from '../licensing/licence-package.js';
import type { Extension } from '../numbering/extension.js';
import type { CallerIdChoice, PhoneNumber } from '../numbering/phone-number.js';
import type { MakersPrefixes } from '../provisioning/plausible-mac.js';
import type { KeptSetting } from '../settings/setting-catalogue.js';
import type { SettingTemplate } from '../settings/setting-template.js';
import type { OwnSetting } from './entry.js';
import type { ExtensionBook } from './extension-book.js';

/** A person or a common area with everything that a row may touch. */
export interface Holder {
  readonly user: AccountUser | null;
  readonly phone: PhoneUser | null;
  readonly area: CommonArea | null;
  readonly extension: Extension | null;
  /** Primary first. */
  readonly numbers: readonly PhoneNumber[];
  readonly callerId: CallerIdChoice | null;
  /** In the order of ids. */
  readonly devices: readonly Device[];
  /** In the order of keys. */
  readonly settings: readonly OwnSetting[];
}

export const NOBODY: Holder = { user: null, phone: null, area: null, extension: null, numbers: [], callerId: null, devices: [], settings: [] };

/** Of account and sites. */
export interface OuterSetting extends KeptSetting {
  readonly scopeId: string;
}

/** What rows about people and common areas are held against. */
export interface HolderFacts {
  readonly account: Account;
  readonly sites: readonly Site[];
  /** Where rows belong that name no site. */
  readonly site: Site;
  readonly at: number;
  readonly newId: () => string;
  readonly packages: readonly LicencePackage[];
  /** Ids of provision templates by their ids and names. */
  readonly provisionTemplates: ReadonlyMap<string, string>;
  readonly provisionTemplateNames: ReadonlyMap<string, string>;
  /** By name. */
  readonly settingTemplates: ReadonlyMap<string, SettingTemplate>;
  readonly extensions: ExtensionBook;
  /** The next one that nobody has and no row asks for; null = the site is full. */
  readonly nextFree: (site: Site) => string | null;
  /** By MAC address: those that cells name. */
  readonly devices: ReadonlyMap<string, Device>;
  /** By E.164: those that cells name. */
  readonly numbers: ReadonlyMap<string, PhoneNumber>;
  /** E.164 of chosen caller IDs, by id. */
  readonly numberTexts: ReadonlyMap<string, string>;
  /** Numbers that account, sites and extensions may show beside their own, by the place's id. */
  readonly shown: ReadonlyMap<string, readonly PhoneNumber[]>;
  readonly outer: readonly OuterSetting[];
  readonly copyFrom: Holder | null;
  readonly prefixes: readonly MakersPrefixes[];
  /** Names of those whose extension, device or number a row wants. */
  readonly owners: ReadonlyMap<ExtensionId, string>;
}

export function siteById({ sites }: Pick<HolderFacts, 'sites'>, id: SiteId | undefined): Site | undefined {
  return sites.find((site) => site.id === id);
}

export function ownerName({ owners }: Pick<HolderFacts, 'owners'>, id: ExtensionId): string {
  return owners.get(id) ?? 'somebody else';
}
