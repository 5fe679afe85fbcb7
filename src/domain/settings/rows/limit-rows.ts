import { settingRow } from '../setting-row.js';
import { FLAG, group, whole } from '../setting-value.js';

const CAP = group({ enable: FLAG, limit: whole(1, 10_000) });
const OFF = { enable: false, limit: 10 };

/** Most calls that may be up or begin at once; calls for help are never counted against any. */
export const LIMIT_ROWS = {
  account_concurrent_calls: settingRow({ scopes: ['account'], lockable: false, effect: 'live', type: CAP, default: OFF }),
  /** Of each site. */
  site_concurrent_calls: settingRow({ scopes: ['account', 'site'], effect: 'live', type: CAP, default: OFF }),
  /** That one person or common area makes. */
  user_concurrent_calls: settingRow({ scopes: ['account', 'site', 'extension'], effect: 'live', type: CAP, default: OFF }),
};
