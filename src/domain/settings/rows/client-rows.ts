import type { SettingScope } from '../resolve-setting.js';
import { settingRow } from '../setting-row.js';
import { decimal, FLAG, group, listOf, oneOf, text, whole } from '../setting-value.js';

const SCOPES: readonly SettingScope[] = ['account', 'site', 'extension'];
const SWITCH = group({ enable: FLAG });
const stored = () => settingRow({ scopes: SCOPES, type: SWITCH, default: { enable: false }, effect: 'stored' });
const START_PROMPT = group({ enable: FLAG, audio_id: text(64) });
const NO_PROMPT = { enable: false, audio_id: '' };

/** Voicemail, messages and clients, none of which is built: these are kept and shown. */
export const CLIENT_ROWS = {
  personal_audio_library: settingRow({
    scopes: SCOPES, effect: 'stored', type: group({ enable: FLAG, allow_music_on_hold_customization: FLAG, allow_voicemail_and_message_greeting_customization: FLAG }),
    default: { enable: false, allow_music_on_hold_customization: false, allow_voicemail_and_message_greeting_customization: false },
  }),
  voicemail: settingRow({
    scopes: SCOPES, effect: 'stored',
    type: group({ enable: FLAG, allow_videomail: FLAG, allow_download: FLAG, allow_delete: FLAG, allow_share: FLAG, allow_virtual_background: FLAG }),
    default: { enable: false, allow_videomail: false, allow_download: false, allow_delete: false, allow_share: false, allow_virtual_background: false },
  }),
  voicemail_transcription: stored(),
  voicemail_notification_by_email: settingRow({
    scopes: SCOPES, effect: 'stored',
    type: group({ enable: FLAG, include_voicemail_file: FLAG, include_voicemail_transcription: FLAG, forward_voicemail_to_email: FLAG }),
    default: { enable: false, include_voicemail_file: false, include_voicemail_transcription: false, forward_voicemail_to_email: false },
  }),
  shared_voicemail_notification_by_email: stored(),
  check_voicemails_over_phone: stored(),
  voicemail_tasks: stored(),
  voicemail_intent_based_prioritization: stored(),
  prevent_users_upload_audio_files: stored(),
  zoom_phone_on_mobile: settingRow({
    scopes: SCOPES, effect: 'stored', type: group({ enable: FLAG, allow_calling_sms_mms: FLAG }), default: { enable: false, allow_calling_sms_mms: false },
  }),
  zoom_phone_on_pwa: stored(),
  sms: settingRow({
    scopes: SCOPES, effect: 'stored', type: group({ enable: FLAG, international_sms: FLAG, international_sms_countries: listOf(text(2), 250) }),
    default: { enable: false, international_sms: false, international_sms_countries: [] },
  }),
  outbound_sms: stored(),
  sms_etiquette_tool: stored(),
  sms_auto_reply: stored(),
  sms_template: settingRow({
    scopes: SCOPES, effect: 'stored', type: group({ enable: FLAG, sms_template_list: listOf(group({ sms_template_id: text(64), active: FLAG }), 100) }),
    default: { enable: false, sms_template_list: [] },
  }),
  team_sms_thread_summary: stored(),
  e2e_encryption: stored(),
  advanced_encryption: settingRow({
    scopes: SCOPES, effect: 'stored', type: group({ enable: FLAG, disable_incoming_unencrypted_voicemail: FLAG }),
    default: { enable: false, disable_incoming_unencrypted_voicemail: false },
  }),
  peer_to_peer_media: stored(),
  override_default_port: stored(),
  local_survivability_mode: stored(),
  obfuscate_sensitive_data_during_call: stored(),
  display_call_feedback_survey: settingRow({
    scopes: SCOPES, effect: 'stored',
    type: group({
      enable: FLAG, feedback_type: oneOf(1, 2), feedback_mos: group({ enable: FLAG, min: decimal(1, 4.5), max: decimal(1, 4.5) }),
      feedback_duration: group({ enable: FLAG, min: whole(0, 60), max: whole(0, 60) }),
    }),
    default: { enable: false, feedback_type: 1, feedback_mos: { enable: false, min: 1, max: 4.5 }, feedback_duration: { enable: false, min: 0, max: 60 } },
  }),
  call_live_transcription: settingRow({
    scopes: SCOPES, effect: 'stored', type: group({ enable: FLAG, transcription_start_prompt: START_PROMPT }),
    default: { enable: false, transcription_start_prompt: NO_PROMPT },
  }),
  call_summary: settingRow({
    scopes: SCOPES, effect: 'stored', type: group({ enable: FLAG, auto_call_summary: FLAG, call_summary_start_prompt: START_PROMPT }),
    default: { enable: false, auto_call_summary: false, call_summary_start_prompt: NO_PROMPT },
  }),
  customize_line_name: settingRow({
    scopes: SCOPES, effect: 'stored', type: group({ enable: FLAG, user_line_name: text(100), common_area_line_name: text(100) }),
    default: { enable: false, user_line_name: '', common_area_line_name: '' },
  }),
  auto_delete_data_after_retention_duration: settingRow({
    scopes: SCOPES, effect: 'stored',
    type: group({
      enable: FLAG, delete_type: oneOf(1, 2),
      items: listOf(group({
        type: oneOf('callLog', 'onDemandRecording', 'automaticRecording', 'voicemail', 'videomail', 'sms'), duration: whole(1, 3650), time_unit: oneOf('day', 'month', 'year'),
      }), 6),
    }),
    default: { enable: false, delete_type: 1, items: [] },
  }),
};
