import { resolveSetting, type ResolvedSetting, type SettingScope } from './resolve-setting.js';
import { ACCOUNT_ROWS } from './rows/account-rows.js';
import { CALL_HANDLING_ROWS } from './rows/call-handling-rows.js';
import { CALLING_ROWS } from './rows/calling-rows.js';
import { CLIENT_ROWS } from './rows/client-rows.js';
import { DESK_PHONE_ROWS } from './rows/desk-phone-rows.js';
import { HOT_DESK_ROWS } from './rows/hot-desk-rows.js';
import { LIMIT_ROWS } from './rows/limit-rows.js';
import { PEOPLE_ROWS } from './rows/people-rows.js';
import { RECORDING_ROWS } from './rows/recording-rows.js';
import { SAFETY_ROWS } from './rows/safety-rows.js';
import { SITE_ROWS } from './rows/site-rows.js';
import type { SettingRow } from './setting-row.js';

/** Every setting there is, by its key; a new one is a row of one of these tables. */
const ROWS = {
  ...ACCOUNT_ROWS, ...SITE_ROWS, ...HOT_DESK_ROWS, ...DESK_PHONE_ROWS, ...CALLING_ROWS, ...CALL_HANDLING_ROWS, ...RECORDING_ROWS, ...CLIENT_ROWS, ...SAFETY_ROWS,
  ...PEOPLE_ROWS, ...LIMIT_ROWS,
};

export type SettingKey = keyof typeof ROWS;

/** What each setting holds. */
export type SettingValues = { readonly [Key in SettingKey]: (typeof ROWS)[Key]['default'] };

export const SETTING_CATALOGUE: { readonly [Key in SettingKey]: SettingRow<SettingValues[Key]> } = ROWS;

/** In the order of the tables. */
export const SETTING_KEYS: readonly SettingKey[] = Object.keys(ROWS).filter(isSettingKey);

export function isSettingKey(text: string): text is SettingKey {
  return Object.hasOwn(ROWS, text);
}

/** A value as it is kept at one level. */
export interface KeptSetting {
  readonly scope: SettingScope;
  readonly key: string;
  readonly value: unknown;
  readonly locked: boolean;
}

/**
 * What a setting comes to, of what is kept on a chain of levels (in any order; other keys and levels that do not count for the key
 * are passed over).
 */
export function resolveKept<Key extends SettingKey>(key: Key, kept: readonly KeptSetting[]): ResolvedSetting<SettingValues[Key]> {
  const row = SETTING_CATALOGUE[key];
  const levels = row.scopes.flatMap((scope) => kept
    .filter((one) => one.key === key && one.scope === scope)
    .flatMap((one) => {
      const read = row.read(one.value);
      return read === null ? [] : [{ scope, value: read.value, locked: one.locked && row.lockable }];
    }));
  return resolveSetting<SettingValues[Key]>(levels, row.default);
}
