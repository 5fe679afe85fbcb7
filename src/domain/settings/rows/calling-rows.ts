import type { SettingScope } from '../resolve-setting.js';
import { settingRow } from '../setting-row.js';
import { FLAG, group, listOf, oneOf, text, whole } from '../setting-value.js';

const SCOPES: readonly SettingScope[] = ['account', 'site', 'extension'];
const SWITCH = group({ enable: FLAG });

/** A switch alone, off by default, that nothing obeys yet. */
const stored = () => settingRow({ scopes: SCOPES, type: SWITCH, default: { enable: false }, effect: 'stored' });
const live = (enable: boolean) => settingRow({ scopes: SCOPES, type: SWITCH, default: { enable }, effect: 'live' });

/** Who may call whom and how, of what the published shapes call policy. */
export const CALLING_ROWS = {
  /** Users and common areas hold a switch of their own and begin with this value; where it is locked it holds instead of theirs. */
  international_calling: settingRow({ scopes: ['account', 'site'], type: SWITCH, default: { enable: false }, effect: 'live' }),
  outbound_calling: live(true),
  external_calling_on_zoom_room_common_area: live(true),
  select_outbound_caller_id: settingRow({
    scopes: SCOPES, effect: 'stored', type: group({ enable: FLAG, allow_hide_outbound_caller_id: FLAG }),
    default: { enable: true, allow_hide_outbound_caller_id: true },
  }),
  call_handling_forwarding_to_other_users: settingRow({
    scopes: SCOPES, effect: 'stored', type: group({ enable: FLAG, call_forwarding_type: oneOf(1, 2, 3, 4) }), default: { enable: false, call_forwarding_type: 1 },
  }),
  call_overflow: settingRow({
    scopes: SCOPES, effect: 'stored', type: group({ enable: FLAG, call_overflow_type: oneOf(1, 2, 3, 4) }), default: { enable: false, call_overflow_type: 1 },
  }),
  call_transferring: settingRow({
    scopes: SCOPES, effect: 'stored', type: group({ enable: FLAG, call_transferring_type: oneOf(1, 2, 3, 4) }), default: { enable: false, call_transferring_type: 1 },
  }),
  call_park: settingRow({
    scopes: SCOPES, effect: 'stored',
    type: group({
      enable: FLAG, call_not_picked_up_action: oneOf(0, 9, 50, 100), expiration_period: whole(1, 60), forward_to_extension_id: text(64), sequence: oneOf(0, 1),
    }),
    default: { enable: false, call_not_picked_up_action: 100, expiration_period: 3, forward_to_extension_id: '', sequence: 0 },
  }),
  /** Of calls from the telephone network. */
  block_calls_without_caller_id: live(false),
  block_external_calls: settingRow({
    scopes: SCOPES, effect: 'stored',
    type: group({
      enable: FLAG, block_business_hours: FLAG, block_closed_hours: FLAG, block_holiday_hours: FLAG, block_call_action: oneOf(0, 9),
      block_call_change_type: oneOf(1, 2, 3), e2e_encryption: SWITCH,
    }),
    default: {
      enable: false, block_business_hours: false, block_closed_hours: false, block_holiday_hours: false, block_call_action: 0, block_call_change_type: 1,
      e2e_encryption: { enable: false },
    },
  }),
  block_list_for_inbound_calls_and_messaging: stored(),
  block_calls_as_threat: stored(),
  incoming_call_notification: settingRow({
    scopes: SCOPES, effect: 'stored', type: group({ enable: FLAG, block_type: text(50) }), default: { enable: false, block_type: '' },
  }),
  call_screening: settingRow({
    scopes: SCOPES, effect: 'stored', type: group({ enable: FLAG, exclude_user_company_contacts: FLAG }), default: { enable: false, exclude_user_company_contacts: false },
  }),
  restricted_call_hours: settingRow({
    scopes: SCOPES, effect: 'stored',
    type: group({
      enable: FLAG, time_zone: group({ id: text(64), name: text(100) }), restricted_hours_applied: FLAG, restricted_holiday_hours_applied: FLAG, allow_internal_calls: FLAG,
    }),
    default: {
      enable: false, time_zone: { id: '', name: '' }, restricted_hours_applied: false, restricted_holiday_hours_applied: false, allow_internal_calls: true,
    },
  }),
  allowed_call_locations: settingRow({
    scopes: SCOPES, effect: 'stored', type: group({ enable: FLAG, locations_applied: FLAG, allow_internal_calls: FLAG }),
    default: { enable: false, locations_applied: false, allow_internal_calls: true },
  }),
  force_off_net: settingRow({
    scopes: ['account', 'site'], effect: 'stored', type: group({ enable: FLAG, allow_extension_only_users_call_users_outside_site: FLAG }),
    default: { enable: false, allow_extension_only_users_call_users_outside_site: false },
  }),
  forward_call_outside_of_site: stored(),
  allow_end_user_edit_call_handling: stored(),
  allow_caller_reach_operator: stored(),
  allow_mobile_home_phone_callout: stored(),
  auto_call_from_third_party_apps: stored(),
  audio_intercom: stored(),
  delegation: stored(),
  elevate_to_meeting: stored(),
  hand_off_to_room: stored(),
  mobile_switch_to_carrier: stored(),
  call_queue_pickup_code: stored(),
  auto_opt_out_in_call_queue: settingRow({
    scopes: SCOPES, effect: 'stored', type: group({ enable: FLAG, prompt_before_opt_out_call_queue: FLAG }), default: { enable: false, prompt_before_opt_out_call_queue: false },
  }),
  call_queue_opt_out_reason: settingRow({
    scopes: SCOPES, effect: 'stored',
    type: group({ enable: FLAG, call_queue_opt_out_reasons_list: listOf(group({ code: text(100), system: FLAG, enable: FLAG }), 20) }),
    default: { enable: false, call_queue_opt_out_reasons_list: [] },
  }),
  show_user_last_transferred_call: settingRow({ scopes: ['account', 'site'], type: FLAG, default: false, effect: 'stored' }),
};
