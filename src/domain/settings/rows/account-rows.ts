import type { SettingScope } from '../resolve-setting.js';
import { settingRow } from '../setting-row.js';
import { FLAG, group } from '../setting-value.js';

const SCOPES: readonly SettingScope[] = ['account'];
const SWITCH = group({ enable: FLAG });

/** Switches of the whole account. */
export const ACCOUNT_ROWS = {
  /** Off: there is the main site alone, or no site has a code. */
  multiple_sites: settingRow({
    scopes: SCOPES, lockable: false, effect: 'live', type: group({ enabled: FLAG, site_code: FLAG }), default: { enabled: true, site_code: true },
  }),
  /** Every number here comes by a trunk of the account's own. */
  byoc: settingRow({ scopes: SCOPES, lockable: false, effect: 'stored', type: SWITCH, default: { enable: true } }),
  show_device_ip_for_call_log: settingRow({ scopes: SCOPES, lockable: false, effect: 'stored', type: SWITCH, default: { enable: false } }),
};
