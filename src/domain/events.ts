import type { AccountId, EventId } from './ids.js';

/** Aggregates whose change other parts must hear of; the id is the aggregate's own. */
export type AggregateKind =
  | 'account' | 'site' | 'user' | 'phone_user' | 'common_area' | 'extension' | 'device' | 'api_client' | 'plan_seats' | 'licence_package' | 'blocked_number'
  | 'phone_number' | 'customized_number' | 'caller_id_choice'
  | 'hot_desk_session' | 'pin' | 'setting' | 'setting_template' | 'webhook' | 'prompt'
  | 'phone_role' | 'call_record'
  /** Keys of an extension, or of a device: the id is the extension's or the device's. */
  | 'line_keys' | 'device_line_keys'
  | 'provision_template' | 'firmware_rule' | 'firmware_image'
  /** A host that phones may be sent to, by its name; who signs phones' certificates. */
  | 'provisioning_host' | 'device_authority'
  /** A maker's service that sends phones here, by the maker. */
  | 'redirect_service'
  /** Of a common area, whose id it has. */
  | 'activation_code'
  | 'emergency_address' | 'emergency_address_use' | 'emergency_location' | 'external_contact' | 'alert_setting'
  /** What a place says of countries, whose id it has: the account's, a site's or an extension's. */
  | 'outbound_countries' | 'outbound_exception'
  | 'scim_group' | 'group_mapping' | 'scim_token' | 'scim_settings' | 'entitlement_wish'
  | 'trunk' | 'routing_rule'
  /** How calls of an extension are handled, by its id; where a number leads straight outside, by the number's id; a number of a carrier, by the number's id. */
  | 'call_handling' | 'number_forward' | 'peering_number'
  | 'rate_deck' | 'plan_allowance' | 'call_charge' | 'fraud_guard';

/** A committed change of configuration. Consumers reload the aggregate named; they are idempotent by `id`. */
export interface ConfigEvent {
  readonly id: EventId;
  readonly accountId: AccountId;
  readonly aggregate: AggregateKind;
  readonly aggregateId: string;
  readonly change: 'created' | 'updated' | 'deleted';
  /** The account's configVersion this change made. */
  readonly version: number;
  readonly at: number;
}
