import type { AccountId, SettingTemplateId, SiteId } from '../ids.js';
import type { SettingKey } from './setting-catalogue.js';

export const SETTING_TEMPLATE_TYPES = ['user', 'common_area'] as const;

/** What a template sets; a setting it does not name stays as it is. */
export interface TemplateContent {
  /** Fields of each setting, as far as the template names them. */
  readonly settings: { readonly [Key in SettingKey]?: unknown };
  readonly areaCode: string | null;
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null;
}

/** Settings to give to users or common areas: copied when it is applied, so that a later change of the template changes nobody. */
export interface SettingTemplate {
  readonly id: SettingTemplateId;
  readonly accountId: AccountId;
  /** Null = for every site. */
  readonly siteId: SiteId | null;
  readonly type: (typeof SETTING_TEMPLATE_TYPES)[number];
  readonly name: string;
  readonly description: string;
  readonly content: TemplateContent;
  /** Of the PIN that those get to whom it is applied; null = none. */
  readonly sealedPin: string | null;
  readonly createdAt: number;
}

export const EMPTY_TEMPLATE: TemplateContent = { settings: {}, areaCode: null, country: null };
