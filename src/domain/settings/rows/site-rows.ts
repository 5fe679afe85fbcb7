import type { SettingScope } from '../resolve-setting.js';
import { settingRow } from '../setting-row.js';
import { FLAG, group, listOf, oneOf, text, whole } from '../setting-value.js';

const SCOPES: readonly SettingScope[] = ['site'];
const CLOCK = text(5, { pattern: /^(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)?$/, text: "Give a time as 'HH:MM', or ''." });
const OVERFLOW = group({ allow_caller_to_reach_operator: FLAG, operator_extension_id: text(64), allow_caller_to_check_voicemail: FLAG });
const NO_OVERFLOW = { allow_caller_to_reach_operator: false, operator_extension_id: '', allow_caller_to_check_voicemail: false };


/** Prompts that differ by the hour, and those that do not. */
export const HOURLY_PROMPTS = [
  'greeting_leave_voicemail_instruction', 'greeting_menu_leave_or_check_voicemail', 'greeting_menu_connect_to_operator_or_leave_voicemail',
  'greeting_menu_connect_to_operator_leave_or_check_voicemail', 'leave_voicemail_introduction', 'message_greeting',
] as const;
export const PLAIN_PROMPTS = ['audio_while_connecting', 'hold_music'] as const;

/** '' and 0 = the built-in sound, -1 = none; nothing else is there while there is no audio library. */
const AUDIO = group({ audio_id: oneOf('', '0', '-1') });
const NO_AUDIO = { audio_id: '' } as const;
const HOURLY = group({ business_hours: AUDIO, closed_hours: AUDIO, holiday_hours: AUDIO });
const NO_HOURLY = { business_hours: NO_AUDIO, closed_hours: NO_AUDIO, holiday_hours: NO_AUDIO };

/** What a site says of itself by `/phone/sites/{siteId}/settings/{settingType}`; no level lies further in that it could hand on to. */
export const SITE_ROWS = {
  location_based_routing: settingRow({
    scopes: SCOPES, lockable: false, effect: 'stored', type: group({ enable: FLAG, place_receive_pstn_calls: FLAG, enable_media_off_load_pstn_calls: FLAG }),
    default: { enable: false, place_receive_pstn_calls: false, enable_media_off_load_pstn_calls: false },
  }),
  business_hours: settingRow({
    scopes: SCOPES, lockable: false, effect: 'stored',
    type: group({
      custom_hour_type: oneOf(1, 2), overflow: OVERFLOW,
      custom_hours: listOf(group({ from: CLOCK, to: CLOCK, type: oneOf(0, 1, 2), weekday: whole(1, 7) }), 50),
    }),
    default: { custom_hour_type: 1, custom_hours: [], overflow: NO_OVERFLOW },
  }),
  closed_hours: settingRow({ scopes: SCOPES, lockable: false, effect: 'stored', type: group({ overflow: OVERFLOW }), default: { overflow: NO_OVERFLOW } }),
  holiday_hours: settingRow({
    scopes: SCOPES, lockable: false, effect: 'stored',
    type: group({
      holidays: listOf(group({ holiday_id: text(64), name: text(100), from: text(30), to: text(30) }), 100), overflow: OVERFLOW,
    }),
    default: { holidays: [], overflow: NO_OVERFLOW },
  }),
  security: settingRow({
    scopes: SCOPES, lockable: false, effect: 'stored', type: group({ device_types: listOf(text(100), 50) }), default: { device_types: [] },
  }),
  outbound_caller_id: settingRow({
    scopes: SCOPES, lockable: false, effect: 'stored',
    type: group({ auto_receptionists_numbers: FLAG, call_queue_numbers: FLAG, share_line_group_numbers: FLAG, show_outbound_caller_id_for_internal_call: FLAG }),
    default: {
      auto_receptionists_numbers: false, call_queue_numbers: false, share_line_group_numbers: false, show_outbound_caller_id_for_internal_call: false,
    },
  }),
  /** Its language is also that of spoken prompts at the site's phones. */
  audio_prompt: settingRow({
    scopes: SCOPES, lockable: false, effect: 'stored',
    type: group({
      language: text(10, { pattern: /^(?:[a-z]{2}(?:-[A-Z]{2})?)?$/, text: "Give a language as in 'en-US' or 'de', or ''." }),
      greeting_leave_voicemail_instruction: HOURLY, greeting_menu_leave_or_check_voicemail: HOURLY,
      greeting_menu_connect_to_operator_or_leave_voicemail: HOURLY, greeting_menu_connect_to_operator_leave_or_check_voicemail: HOURLY,
      leave_voicemail_introduction: HOURLY, message_greeting: HOURLY, audio_while_connecting: AUDIO, hold_music: AUDIO,
    }),
    default: {
      language: '', greeting_leave_voicemail_instruction: NO_HOURLY, greeting_menu_leave_or_check_voicemail: NO_HOURLY,
      greeting_menu_connect_to_operator_or_leave_voicemail: NO_HOURLY, greeting_menu_connect_to_operator_leave_or_check_voicemail: NO_HOURLY,
      leave_voicemail_introduction: NO_HOURLY, message_greeting: NO_HOURLY, audio_while_connecting: NO_AUDIO, hold_music: NO_AUDIO,
    },
  }),
  dial_by_name: settingRow({
    scopes: SCOPES, lockable: false, effect: 'stored', type: group({ status: FLAG, inherit: FLAG, rule: text(50) }), default: { status: false, inherit: true, rule: '' },
  }),
  schedule_firmware_update: settingRow({
    scopes: SCOPES, effect: 'stored',
    type: group({
      enable: FLAG, repeat_type: oneOf('', 'daily', 'weekly', 'monthly'),
      repeat_setting: group({
        weekly_setting: group({ weekday: weekday() }),
        monthly_setting: group({
          week_and_day: group({ week_of_month: whole(1, 4), weekday: weekday() }), specific_date: group({ day_of_month: whole(0, 31) }),
        }),
      }),
      time_period_start: whole(0, 23), time_period_end: whole(0, 23), time_zone: text(64), end_setting: group({ never_end: FLAG, end_date: text(10) }),
    }),
    default: {
      enable: false, repeat_type: '',
      repeat_setting: {
        weekly_setting: { weekday: 'monday' }, monthly_setting: { week_and_day: { week_of_month: 1, weekday: 'monday' }, specific_date: { day_of_month: 0 } },
      },
      time_period_start: 0, time_period_end: 0, time_zone: '', end_setting: { never_end: true, end_date: '' },
    },
  }),
};

function weekday() {
  return oneOf('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday');
}

