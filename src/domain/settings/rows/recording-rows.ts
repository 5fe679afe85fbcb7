import type { SettingScope } from '../resolve-setting.js';
import { settingRow } from '../setting-row.js';
import { FLAG, group, oneOf, text, whole } from '../setting-value.js';

const SCOPES: readonly SettingScope[] = ['account', 'site', 'extension'];

const BEEP = group({ enable: FLAG, play_beep_volume: whole(0, 100), play_beep_time_interval: whole(1, 120), play_beep_member: oneOf('allMember', 'recordingSide') });
const NO_BEEP = { enable: false, play_beep_volume: 60, play_beep_time_interval: 15, play_beep_member: 'allMember' } as const;
const NOTICE = group({ recording_start_prompt: FLAG, recording_start_prompt_audio_id: text(64), recording_explicit_consent: FLAG });
const NO_NOTICE = { recording_start_prompt: false, recording_start_prompt_audio_id: '', recording_explicit_consent: false };

/** Recording is not built: these are kept and shown. */
export const RECORDING_ROWS = {
  ad_hoc_call_recording: settingRow({
    scopes: SCOPES, effect: 'stored',
    type: group({ enable: FLAG, recording_start_prompt: FLAG, recording_transcription: FLAG, play_recording_beep_tone: BEEP }),
    default: { enable: false, recording_start_prompt: false, recording_transcription: false, play_recording_beep_tone: NO_BEEP },
  }),
  auto_call_recording: settingRow({
    scopes: SCOPES, effect: 'stored',
    type: group({
      enable: FLAG, recording_calls: oneOf('inbound', 'outbound', 'both'), recording_transcription: FLAG, recording_start_prompt: FLAG,
      recording_start_prompt_audio_id: text(64), recording_explicit_consent: FLAG, allow_stop_resume_recording: FLAG, disconnect_on_recording_failure: FLAG,
      play_recording_beep_tone: BEEP, inbound_audio_notification: NOTICE, outbound_audio_notification: NOTICE,
    }),
    default: {
      enable: false, recording_calls: 'both', recording_transcription: false, recording_start_prompt: false, recording_start_prompt_audio_id: '',
      recording_explicit_consent: false, allow_stop_resume_recording: false, disconnect_on_recording_failure: false, play_recording_beep_tone: NO_BEEP,
      inbound_audio_notification: NO_NOTICE, outbound_audio_notification: NO_NOTICE,
    },
  }),
};
