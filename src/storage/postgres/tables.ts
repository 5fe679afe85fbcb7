import type { ColumnType } from 'kysely';
import type {
  AccountId, CommonAreaId, DeviceId, ExtensionId, LicencePackageId, SiteId, UserId,
} from '../../domain/ids.js';
import type { DigestAlgorithm, StoredAccountPolicy } from '../../domain/identity/account.js';
import type { ExtensionRange, IndiaRegistration, PostalAddress } from '../../domain/identity/site.js';
import type { AccountUser, PhoneUser } from '../../domain/identity/user.js';
import type { UserDetails } from '../../domain/identity/user-details.js';
import type { HotDeskPrompt } from '../../domain/hotdesk/prompts.js';
import type { PromptLanguage } from '../../domain/prompts/account-prompt.js';
import type { HotDeskingPolicy } from '../../domain/device/device.js';
import type { SeatCode } from '../../domain/licensing/plans.js';
import type { SettingScope } from '../../domain/settings/resolve-setting.js';
import type { AccessTables } from './access-tables.js';
import type { FraudTables } from './fraud-store.js';
import type { ForwardTables } from './forward-store.js';
import type { ChargeTables } from './charge-tables.js';
import type { BlockedNumbersTable, OutboundCountryRulesTable, OutboundExceptionsTable } from './call-rule-tables.js';
import type { AuditLogTable, CallEventsTable, CallFoldTurnTable, CallRecordsTable, HiddenCallsTable, OutboxTable } from './record-tables.js';
import type { QualityTables } from './quality-tables.js';
import type { LicencePackagesTable } from './licence-package-store.js';
import type { PhoneTables } from './phone-tables.js';
import type { ImportTables } from './import-tables.js';
import type { ProvisioningTables } from './provisioning-tables.js';
import type { RedirectTables } from './redirect-store.js';
import type { ResyncTables } from './resync-tables.js';
import type { MailsTable } from './mail-store.js';
import type { SettingTemplatesTable } from './place-tables.js';
import type { ScimTables } from './scim-tables.js';
import type { SafetyTables } from './safety-tables.js';
import type { TrunkTables } from './trunk-tables.js';
import type { UserMembersTable } from './user-member-store.js';
import type { WebhookDeliveriesTable, WebhooksTable } from './webhook-tables.js';
import type { DeviceResyncsTable, HotDeskEventsTable, HotDeskSessionsTable, PinsTable, SignInFailuresTable, SignInLocksTable } from './hot-desk-tables.js';
import type { CallerIdChoicesTable, CustomizedNumbersTable, PhoneNumbersTable } from './phone-number-tables.js';
import type { Instant, Json, JsonOrNull } from './column-types.js';

export interface AccountsTable {
  readonly id: AccountId;
  readonly name: string;
  readonly sip_domain: string;
  readonly country: string;
  readonly policy: Json<StoredAccountPolicy>;
  readonly config_version: number;
  readonly created_at: Instant;
}

export interface SitesTable {
  readonly id: SiteId;
  readonly account_id: AccountId;
  readonly name: string;
  readonly is_main: boolean;
  readonly site_code: string | null;
  readonly short_extension_length: number;
  readonly short_extension_ranges: Json<readonly ExtensionRange[]>;
  readonly country: string;
  readonly time_zone: string | null;
  readonly auto_receptionist_name: string;
  readonly prompt_language: string | null;
  readonly default_emergency_address: JsonOrNull<PostalAddress>;
  readonly caller_id_name: string;
  readonly sip_zone_id: string;
  readonly india: JsonOrNull<IndiaRegistration>;
  readonly created_at: Instant;
}

export interface UsersTable {
  readonly id: UserId;
  readonly account_id: AccountId;
  readonly email: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly display_name: string;
  readonly type: number;
  readonly status: AccountUser['status'];
  readonly department: string;
  readonly cost_center: string;
  readonly job_title: string;
  readonly location: string;
  readonly time_zone: string;
  readonly language: string;
  readonly profile: Json<Partial<UserDetails>>;
  readonly licence_package_id: LicencePackageId | null;
  /** What a keyword is looked for in, made by `searchText`. */
  readonly search: string;
  readonly created_at: Instant;
}

interface ExtensionHolderColumns {
  readonly account_id: AccountId;
  readonly site_id: SiteId;
  readonly extension_id: ExtensionId;
  readonly status: PhoneUser['status'];
  readonly international_calling: boolean;
  readonly area_code: string;
  readonly created_at: Instant;
}
export interface PhoneUsersTable extends ExtensionHolderColumns {
  readonly id: UserId;
  readonly hot_desk_allowed: boolean;
}
export interface CommonAreasTable extends ExtensionHolderColumns {
  readonly id: CommonAreaId;
  readonly display_name: string;
  readonly country: string | null;
  readonly time_zone: string | null;
  readonly department: string;
  readonly cost_center: string;
}

export interface ExtensionsTable {
  readonly id: ExtensionId;
  readonly account_id: AccountId;
  readonly site_id: SiteId;
  readonly number: string;
  readonly owner_kind: 'user' | 'common_area';
  readonly owner_id: string;
}

export type PlanKind = 'calling-plan' | 'package' | 'add-on';
export interface PlanAssignmentsTable {
  readonly account_id: AccountId;
  /** Exactly one of the two holders is set. */
  readonly user_id: UserId | null;
  readonly common_area_id: CommonAreaId | null;
  readonly kind: PlanKind;
  readonly code: SeatCode;
  readonly position: number;
}

export interface PlanSeatsTable {
  readonly account_id: AccountId;
  readonly code: SeatCode;
  readonly subscribed: number;
}

export interface DevicesTable {
  readonly id: DeviceId;
  readonly account_id: AccountId;
  readonly site_id: SiteId;
  readonly display_name: string;
  readonly mac_address: string;
  readonly type: string;
  readonly model: string;
  readonly user_name: string;
  readonly sealed_password: string;
  readonly hot_desking: HotDeskingPolicy;
  readonly locked: boolean;
  readonly digest_algorithms: JsonOrNull<readonly DigestAlgorithm[]>;
  readonly provision_template_id: string | null;
  readonly search: string;
  readonly created_at: Instant;
}

export interface DeviceAssigneesTable {
  readonly account_id: AccountId;
  readonly device_id: DeviceId;
  readonly extension_id: ExtensionId;
  readonly position: number;
}

export interface SettingsTable {
  readonly account_id: AccountId;
  readonly scope: SettingScope;
  readonly scope_id: string;
  readonly key: string;
  readonly value: Json<unknown>;
  readonly locked: boolean;
}

export interface AccountPromptsTable {
  readonly account_id: AccountId;
  readonly language: PromptLanguage;
  readonly prompt_id: HotDeskPrompt;
  readonly samples: Buffer;
  readonly duration_ms: number;
  readonly uploaded_at: Instant;
}

export interface SchemaMigrationsTable {
  readonly id: string;
  readonly applied_at: ColumnType<number, never, never>;
}

/** Every table, by name. */
export interface Tables extends AccessTables, ChargeTables, ForwardTables, FraudTables, ImportTables, PhoneTables, ProvisioningTables, QualityTables, RedirectTables,
  ResyncTables, SafetyTables, ScimTables, TrunkTables {
  readonly accounts: AccountsTable;
  readonly sites: SitesTable;
  readonly users: UsersTable;
  readonly phone_users: PhoneUsersTable;
  readonly common_areas: CommonAreasTable;
  readonly extensions: ExtensionsTable;
  readonly plan_assignments: PlanAssignmentsTable;
  readonly plan_seats: PlanSeatsTable;
  readonly devices: DevicesTable;
  readonly device_assignees: DeviceAssigneesTable;
  readonly settings: SettingsTable;
  readonly blocked_numbers: BlockedNumbersTable;
  readonly outbound_country_rules: OutboundCountryRulesTable;
  readonly outbound_exceptions: OutboundExceptionsTable;
  readonly call_records: CallRecordsTable;
  readonly hidden_calls: HiddenCallsTable;
  readonly call_events: CallEventsTable;
  readonly call_fold_turn: CallFoldTurnTable;
  readonly audit_log: AuditLogTable;
  readonly outbox: OutboxTable;
  readonly hot_desk_sessions: HotDeskSessionsTable;
  readonly hot_desk_events: HotDeskEventsTable;
  readonly pins: PinsTable;
  readonly sign_in_failures: SignInFailuresTable;
  readonly sign_in_locks: SignInLocksTable;
  readonly webhooks: WebhooksTable;
  readonly webhook_deliveries: WebhookDeliveriesTable;
  readonly device_resyncs: DeviceResyncsTable;
  readonly account_prompts: AccountPromptsTable;
  readonly phone_numbers: PhoneNumbersTable;
  readonly customized_numbers: CustomizedNumbersTable;
  readonly caller_id_choices: CallerIdChoicesTable;
  readonly licence_packages: LicencePackagesTable;
  readonly user_members: UserMembersTable;
  readonly mails: MailsTable;
  readonly setting_templates: SettingTemplatesTable;
  readonly schema_migrations: SchemaMigrationsTable;
}
