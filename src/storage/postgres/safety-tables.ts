import type {
  AccountId, AlertId, AlertSettingId, CallRecordId, CommonAreaId, DeviceId, EmergencyAddressId, ExternalContactId, ServiceLocationId, SiteId, UserId,
} from '../../domain/ids.js';
import type { AlertRule, AlertSetting, AlertSubject, AlertTargetType, ChatChannel, RuleCondition } from '../../domain/alerts/alert.js';
import type { NetworkSwitch } from '../../domain/emergency/service-location.js';
import type { Instant, InstantOrNull, Json, JsonOrNull } from './column-types.js';

export interface EmergencyAddressesTable {
  readonly id: EmergencyAddressId;
  readonly account_id: AccountId;
  readonly site_id: SiteId;
  readonly user_id: UserId | null;
  readonly address_line1: string;
  readonly address_line2: string;
  readonly city: string;
  readonly state_code: string;
  readonly zip: string;
  readonly country: string;
  readonly vat_number: string;
  /** The site's; a person's own has none. */
  readonly is_default: boolean;
  readonly search: string;
  readonly created_at: Instant;
}

/** Exactly one of the three holders is set. */
export interface EmergencyAddressUsesTable {
  readonly account_id: AccountId;
  readonly address_id: EmergencyAddressId;
  readonly user_id: UserId | null;
  readonly common_area_id: CommonAreaId | null;
  readonly device_id: DeviceId | null;
}

export interface EmergencyLocationsTable {
  readonly id: ServiceLocationId;
  readonly account_id: AccountId;
  readonly site_id: SiteId;
  readonly identifier: string | null;
  readonly name: string;
  readonly parent_id: ServiceLocationId | null;
  readonly emergency_address_id: EmergencyAddressId;
  readonly elin: string;
  readonly elin_phone_number_id: string;
  readonly bssids: readonly string[];
  readonly network_switches: Json<readonly NetworkSwitch[]>;
  readonly private_networks: readonly string[];
  readonly public_networks: readonly string[];
  readonly sip_group: string;
  readonly minimum_match_criteria: boolean;
  readonly created_at: Instant;
}

export interface ExternalContactsTable {
  readonly id: ExternalContactId;
  readonly account_id: AccountId;
  readonly customer_id: string | null;
  readonly name: string;
  readonly description: string;
  readonly email: string;
  readonly extension_number: string | null;
  readonly routing_path: string;
  readonly auto_call_recorded: boolean;
  readonly search: string;
  readonly created_at: Instant;
}

export interface ExternalContactNumbersTable {
  readonly account_id: AccountId;
  readonly contact_id: ExternalContactId;
  readonly number: string;
  readonly position: number;
}

export interface AlertSettingsTable {
  readonly id: AlertSettingId;
  readonly account_id: AccountId;
  readonly name: string;
  readonly rule: AlertRule;
  readonly target_type: AlertTargetType;
  readonly target_ids: readonly string[];
  readonly conditions: Json<readonly RuleCondition[]>;
  readonly time_frame: JsonOrNull<NonNullable<AlertSetting['timeFrame']>>;
  readonly frequency_minutes: number;
  readonly email_recipients: readonly string[];
  readonly chat_channels: Json<readonly ChatChannel[]>;
  readonly sealed_chat_tokens: string;
  readonly active: boolean;
  readonly created_at: Instant;
}

export interface AlertsTable {
  readonly id: AlertId;
  readonly account_id: AccountId;
  readonly setting_id: AlertSettingId;
  readonly setting_name: string;
  readonly rule: AlertRule;
  readonly opened_at: Instant;
  readonly closed_at: InstantOrNull;
  readonly subjects: Json<readonly AlertSubject[]>;
  readonly subject_count: number;
  readonly text: string;
  readonly notified_at: InstantOrNull;
}

export interface DevicePresenceTable {
  readonly device_id: DeviceId;
  readonly account_id: AccountId;
  readonly online: boolean;
  readonly since: Instant;
}

export interface EmergencyNoticesTable {
  readonly call_id: CallRecordId;
  readonly account_id: AccountId;
  readonly at: Instant;
}

export interface SafetyTables {
  readonly emergency_addresses: EmergencyAddressesTable;
  readonly emergency_address_uses: EmergencyAddressUsesTable;
  readonly emergency_locations: EmergencyLocationsTable;
  readonly external_contacts: ExternalContactsTable;
  readonly external_contact_numbers: ExternalContactNumbersTable;
  readonly alert_settings: AlertSettingsTable;
  readonly alerts: AlertsTable;
  readonly device_presence: DevicePresenceTable;
  readonly emergency_notices: EmergencyNoticesTable;
}
