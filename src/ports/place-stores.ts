import type { AccountId, CommonAreaId, DeviceId, ExtensionId, SettingTemplateId, SiteId, UserId } from '../domain/ids.js';
import type { Extension } from '../domain/numbering/extension.js';
import type { SettingTemplate } from '../domain/settings/setting-template.js';
import type { Page, PageRequest } from './admin-stores.js';

/** Everything that belongs to one site. */
export interface SiteMembers {
  readonly users: readonly UserId[];
  readonly commonAreas: readonly CommonAreaId[];
  readonly devices: readonly DeviceId[];
  readonly extensions: readonly ExtensionId[];
  readonly phoneNumbers: readonly string[];
  readonly emergencyAddresses: readonly string[];
  readonly emergencyLocations: readonly string[];
}

export interface SiteMemberStore {
  /** Every extension of the account: what a changed site is checked against. */
  extensions(accountId: AccountId): Promise<readonly Extension[]>;
  members(siteId: SiteId): Promise<SiteMembers>;
  /** Moves all of them and the site's setting templates, each kind in one statement; addresses over there are no default. */
  move(from: SiteId, to: SiteId): Promise<void>;
  /** Removes blocked list entries and templates of a site that is going; returns the ids of the entries. */
  removeLists(siteId: SiteId): Promise<readonly string[]>;
}

export interface SettingTemplateFilter {
  /** Templates of the site, and those of every site. */
  readonly siteId?: SiteId;
}
export interface SettingTemplateStore {
  get(accountId: AccountId, id: SettingTemplateId): Promise<SettingTemplate | null>;
  byName(accountId: AccountId, type: SettingTemplate['type'], name: string): Promise<SettingTemplate | null>;
  page(accountId: AccountId, filter: SettingTemplateFilter, page: PageRequest): Promise<Page<SettingTemplate>>;
  insert(template: SettingTemplate): Promise<void>;
  update(id: SettingTemplateId, changes: Partial<Pick<SettingTemplate, 'name' | 'description' | 'content' | 'sealedPin'>>): Promise<void>;
}

export interface PlaceStores {
  readonly siteMembers: SiteMemberStore;
  readonly settingTemplates: SettingTemplateStore;
}
