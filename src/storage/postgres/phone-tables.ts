import type { AccountId, CommonAreaId, DeviceId, ExtensionId, FirmwareRuleId, LineKeyId, ProvisionTemplateId, SiteId } from '../../domain/ids.js';
import type { Weekday } from '../../domain/device/firmware-window.js';
import type { LineKeyType } from '../../domain/device/line-keys.js';
import type { Instant, InstantOrNull } from './column-types.js';

export interface DeviceConfigurationsTable {
  readonly device_id: DeviceId;
  readonly account_id: AccountId;
  readonly generation: number;
  readonly changed_at: Instant;
  readonly requested_generation: number;
  readonly requested_at: InstantOrNull;
  readonly delivered_generation: number;
  readonly delivered_at: InstantOrNull;
  readonly firmware_told: string;
}

export interface ProvisionTemplatesTable {
  readonly id: ProvisionTemplateId;
  readonly account_id: AccountId;
  readonly name: string;
  readonly description: string;
  readonly content: string;
  readonly families: readonly string[];
  readonly version: number;
  readonly created_at: Instant;
  readonly updated_at: Instant;
}

export interface ProvisionTemplateVersionsTable {
  readonly account_id: AccountId;
  readonly template_id: ProvisionTemplateId;
  readonly version: number;
  readonly content: string;
  readonly created_at: Instant;
  readonly created_by: string;
}

export interface FirmwareRulesTable {
  readonly id: FirmwareRuleId;
  readonly account_id: AccountId;
  readonly site_id: SiteId | null;
  readonly device_type: string;
  readonly device_model: string;
  readonly version: string;
  readonly image_url: string;
  readonly percent: number;
  readonly more_models: readonly string[];
  readonly from_version: string;
  readonly to_version: string;
  readonly image_file: string;
  /** `22:00-05:00`; '' = always. */
  readonly hours: string;
  readonly weekdays: readonly Weekday[];
  readonly created_at: Instant;
}

export interface LineKeysTable {
  readonly id: LineKeyId;
  readonly account_id: AccountId;
  readonly extension_id: ExtensionId;
  readonly position: number;
  readonly type: LineKeyType;
  readonly alias: string;
  readonly target_extension_id: ExtensionId | null;
  readonly speed_dial_number: string;
  readonly retrieval_code: string;
  readonly outbound_caller_id: string;
}

export interface DeviceLinePositionsTable {
  readonly account_id: AccountId;
  readonly device_id: DeviceId;
  readonly position: number;
  readonly extension_id: ExtensionId;
}

export interface ActivationCodesTable {
  readonly extension_id: ExtensionId;
  readonly common_area_id: CommonAreaId | null;
  readonly account_id: AccountId;
  readonly hash: string;
  readonly expires_at: Instant;
  readonly created_at: Instant;
  readonly used_at: InstantOrNull;
  readonly device_id: DeviceId | null;
}

export interface PhoneTables {
  readonly device_configurations: DeviceConfigurationsTable;
  readonly provision_templates: ProvisionTemplatesTable;
  readonly provision_template_versions: ProvisionTemplateVersionsTable;
  readonly firmware_rules: FirmwareRulesTable;
  readonly line_keys: LineKeysTable;
  readonly device_line_positions: DeviceLinePositionsTable;
  readonly activation_codes: ActivationCodesTable;
}
