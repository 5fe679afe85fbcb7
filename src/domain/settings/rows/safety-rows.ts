import type { SettingScope } from '../resolve-setting.js';
import { settingRow } from '../setting-row.js';
import { FLAG, group } from '../setting-value.js';

const SCOPES: readonly SettingScope[] = ['account', 'site', 'extension'];

/** Calling for help. */
export const SAFETY_ROWS = {
  /** Whether people may change the own emergency address; `prompt_default_address` is for clients to ask about the default one. */
  emergency_address_management: settingRow({
    scopes: SCOPES, effect: 'live', type: group({ enable: FLAG, prompt_default_address: FLAG }), default: { enable: false, prompt_default_address: false },
  }),
};
