import type { SettingScope } from '../resolve-setting.js';
import { settingRow } from '../setting-row.js';
import { FLAG, group, listOf, oneOf, text, whole } from '../setting-value.js';

const SCOPES: readonly SettingScope[] = ['extension'];
const CLOCK = text(8, { pattern: /^(?:(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?|24:00)?$/, text: "Give a time as 'HH:MM', or ''." });
const OPERATOR = group({
  enable: FLAG, id: text(64), external_number: group({ number: text(40), description: text(100) }), play_callee_voicemail_greeting: FLAG,
  require_press_1_before_connecting: FLAG, allow_caller_check_voicemail: FLAG,
});
const NO_OPERATOR = {
  enable: false, id: '', external_number: { number: '', description: '' }, play_callee_voicemail_greeting: false, require_press_1_before_connecting: false,
  allow_caller_check_voicemail: false,
};
const SECONDS = text(3, { pattern: /^[0-9]{0,3}$/, text: 'Give seconds as digits.' });
const ACTION = whole(0, 100);

/** What a setting template gives an extension for unanswered calls; nothing obeys it yet. */
export const CALL_HANDLING_ROWS = {
  call_handling: settingRow({
    scopes: SCOPES, lockable: false, effect: 'stored',
    type: group({
      business_hours: group({
        business_hour_action: ACTION, connect_to_operator: OPERATOR, busy_action: ACTION, busy_connect_operator: OPERATOR,
        custom_hours: listOf(group({ from: CLOCK, to: CLOCK, type: oneOf(0, 1, 2), weekday: whole(1, 7) }), 50),
        ring_type: oneOf('simultaneous', 'sequential'), ringing_duration: SECONDS, type: oneOf(1, 2),
      }),
      close_hours: group({
        close_hour_action: ACTION, connect_to_operator: OPERATOR, busy_action: ACTION, busy_connect_operator: OPERATOR, max_wait_time: SECONDS,
      }),
    }),
    default: {
      business_hours: {
        business_hour_action: 0, connect_to_operator: NO_OPERATOR, busy_action: 0, busy_connect_operator: NO_OPERATOR, custom_hours: [],
        ring_type: 'simultaneous', ringing_duration: '30', type: 1,
      },
      close_hours: { close_hour_action: 0, connect_to_operator: NO_OPERATOR, busy_action: 0, busy_connect_operator: NO_OPERATOR, max_wait_time: '30' },
    },
  }),
  audio_prompt_language: settingRow({ scopes: SCOPES, lockable: false, effect: 'stored', type: text(10), default: '' }),
  hold_music: settingRow({ scopes: SCOPES, lockable: false, effect: 'stored', type: text(64), default: '' }),
};
