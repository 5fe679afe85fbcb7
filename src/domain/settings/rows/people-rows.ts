import { PROMPT_LANGUAGES } from '../../prompts/account-prompt.js';
import type { SettingScope } from '../resolve-setting.js';
import { settingRow } from '../setting-row.js';
import { FLAG, group, listOf, oneOf, text, whole } from '../setting-value.js';

const SCOPES: readonly SettingScope[] = ['account', 'site', 'extension'];
/** A person's alone: nothing further out speaks for everybody. */
const OWN: readonly SettingScope[] = ['extension'];

/** What is set of people besides the policies of the published shapes. */
export const PEOPLE_ROWS = {
  emergency_calls_to_psap: settingRow({ scopes: SCOPES, type: FLAG, default: true, effect: 'stored' }),
  forwarding_to_external_numbers: settingRow({ scopes: SCOPES, type: FLAG, default: false, effect: 'stored' }),
  /** Of prompts spoken to a person once the phone knows who it is; '' = the language of the profile, else the phone's. */
  'user-prompt-language': settingRow({ scopes: OWN, lockable: false, type: oneOf('', ...PROMPT_LANGUAGES), default: '', effect: 'live' }),
  /** ISO 3166-1 alpha-2; '' = the site's. */
  'user-country': settingRow({
    scopes: OWN, lockable: false, type: text(2, { pattern: /^(?:[A-Z]{2})?$/, text: 'Give a country of two capital letters, or "".' }), default: '', effect: 'stored',
  }),
  /** '' and '0' = the built-in sound, '-1' = none; nothing else is there while there is no audio library. */
  'user-music-on-hold': settingRow({ scopes: OWN, lockable: false, type: oneOf('', '0', '-1'), default: '', effect: 'stored' }),
  'user-delegation': settingRow({
    scopes: OWN, lockable: false, effect: 'stored', type: group({ privacy: FLAG, privileges: listOf(whole(1, 10), 10), locked: FLAG }),
    default: { privacy: false, privileges: [], locked: false },
  }),
  'user-phone-screen-lock': settingRow({ scopes: OWN, lockable: false, type: FLAG, default: false, effect: 'stored' }),
  'user-intercom-device': settingRow({ scopes: OWN, lockable: false, type: text(64), default: '', effect: 'stored' }),
  /** Whether a phone may be steered from outside, as a person's software does. */
  'device-call-control': settingRow({ scopes: ['device'], lockable: false, type: oneOf('on', 'off', 'unsupported'), default: 'unsupported', effect: 'stored' }),
};
