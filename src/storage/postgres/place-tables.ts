import type { AccountId, SettingTemplateId, SiteId } from '../../domain/ids.js';
import type { SettingTemplate, TemplateContent } from '../../domain/settings/setting-template.js';
import type { Instant, Json } from './column-types.js';

export interface SettingTemplatesTable {
  readonly id: SettingTemplateId;
  readonly account_id: AccountId;
  readonly site_id: SiteId | null;
  readonly type: SettingTemplate['type'];
  readonly name: string;
  readonly description: string;
  readonly content: Json<TemplateContent>;
  readonly sealed_pin: string | null;
  readonly created_at: Instant;
}
