import type { SettingKey } from '../../domain/settings/setting-catalogue.js';

/** Policies of a site, in the order of the published shape. */
export const SITE_POLICIES: readonly SettingKey[] = [
  'select_outbound_caller_id', 'personal_audio_library', 'voicemail', 'voicemail_transcription', 'voicemail_notification_by_email',
  'shared_voicemail_notification_by_email', 'international_calling', 'zoom_phone_on_mobile', 'sms', 'elevate_to_meeting', 'hand_off_to_room',
  'mobile_switch_to_carrier', 'delegation', 'ad_hoc_call_recording', 'auto_call_recording', 'call_handling_forwarding_to_other_users',
  'check_voicemails_over_phone', 'call_queue_pickup_code', 'call_queue_opt_out_reason', 'show_user_last_transferred_call',
  'auto_delete_data_after_retention_duration', 'call_park', 'call_overflow', 'call_transferring', 'audio_intercom', 'block_calls_without_caller_id',
  'block_external_calls', 'force_off_net', 'external_calling_on_zoom_room_common_area', 'zoom_phone_on_pwa', 'sms_auto_reply',
  'allow_end_user_edit_call_handling', 'allow_caller_reach_operator', 'forward_call_outside_of_site', 'allow_mobile_home_phone_callout',
  'obfuscate_sensitive_data_during_call', 'prevent_users_upload_audio_files', 'voicemail_tasks', 'voicemail_intent_based_prioritization',
  'team_sms_thread_summary', 'display_call_feedback_survey', 'call_live_transcription', 'call_screening', 'sms_template', 'advanced_encryption',
  'customize_line_name', 'auto_opt_out_in_call_queue', 'incoming_call_notification', 'call_summary', 'schedule_firmware_update',
];

/** Settings of the account, in the order of the published shape. */
export const ACCOUNT_POLICIES: readonly SettingKey[] = [
  'call_live_transcription', 'local_survivability_mode', 'external_calling_on_zoom_room_common_area', 'select_outbound_caller_id',
  'personal_audio_library', 'voicemail', 'voicemail_transcription', 'voicemail_notification_by_email', 'shared_voicemail_notification_by_email',
  'restricted_call_hours', 'allowed_call_locations', 'check_voicemails_over_phone', 'auto_call_recording', 'ad_hoc_call_recording',
  'international_calling', 'outbound_calling', 'outbound_sms', 'sms', 'sms_etiquette_tool', 'zoom_phone_on_mobile', 'zoom_phone_on_pwa',
  'e2e_encryption', 'call_handling_forwarding_to_other_users', 'call_overflow', 'call_transferring', 'elevate_to_meeting', 'call_park',
  'hand_off_to_room', 'mobile_switch_to_carrier', 'delegation', 'audio_intercom', 'block_calls_without_caller_id', 'block_external_calls',
  'call_queue_opt_out_reason', 'auto_delete_data_after_retention_duration', 'auto_call_from_third_party_apps', 'override_default_port',
  'peer_to_peer_media', 'advanced_encryption', 'display_call_feedback_survey', 'block_list_for_inbound_calls_and_messaging', 'block_calls_as_threat',
];
