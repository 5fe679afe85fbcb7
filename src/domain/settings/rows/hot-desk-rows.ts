import { settingProblem } from '../../hotdesk/session-settings.js';
import type { SettingScope } from '../resolve-setting.js';
import { settingRow } from '../setting-row.js';
import { orNull, text, whole } from '../setting-value.js';

const SCOPES: readonly SettingScope[] = ['account', 'site', 'device'];
const DAY_MINUTES = 1440;

/** What ends hot-desk sessions by itself. */
export const HOT_DESK_ROWS = {
  'hot-desk-session-timeout': settingRow({
    scopes: SCOPES, type: orNull(whole(0, DAY_MINUTES)), default: null, effect: 'live', rule: (value) => settingProblem('hot-desk-session-timeout', value),
  }),
  'hot-desk-idle-timeout': settingRow({
    scopes: SCOPES, type: orNull(whole(0, DAY_MINUTES)), default: null, effect: 'live', rule: (value) => settingProblem('hot-desk-idle-timeout', value),
  }),
  'hot-desk-daily-end': settingRow({
    scopes: SCOPES, type: orNull(text(5)), default: null, effect: 'live', rule: (value) => settingProblem('hot-desk-daily-end', value),
  }),
};
