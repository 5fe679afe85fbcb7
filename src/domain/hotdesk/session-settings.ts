/** Settings of hot desking, each on account, site and device; see `resolveSetting` for which of them holds. */
export type HotDeskSettingKey = 'hot-desk-session-timeout' | 'hot-desk-idle-timeout' | 'hot-desk-daily-end';

export const HOT_DESK_SETTING_KEYS: readonly HotDeskSettingKey[] = ['hot-desk-session-timeout', 'hot-desk-idle-timeout', 'hot-desk-daily-end'];

/** What the settings come to for one device. */
export interface SessionSettings {
  /** From sign-in to the end: 30, or whole hours from 60 to 1440; null = no time-out. */
  readonly timeoutMinutes: number | null;
  /** Without a call on the phone: 1 to 1440; null = none. */
  readonly idleMinutes: number | null;
  /** 'HH:MM' in the zone of the device's site; null = none. */
  readonly dailyEnd: string | null;
}

export const DEFAULT_SESSION_SETTINGS: SessionSettings = { timeoutMinutes: null, idleMinutes: null, dailyEnd: null };

const DAY_MINUTES = 1440;

/** What is wrong with a value for a setting; null = nothing. `null` as value always means none. */
export function settingProblem(key: HotDeskSettingKey, value: unknown): string | null {
  if (value === null) return null;
  switch (key) {
    case 'hot-desk-session-timeout':
      return isMinutes(value) && (value === 30 || (value >= 60 && value <= DAY_MINUTES && value % 60 === 0))
        ? null : 'Give 30, or whole hours from 60 to 1440 minutes, or null for no time-out.';
    case 'hot-desk-idle-timeout':
      return isMinutes(value) && value >= 1 && value <= DAY_MINUTES ? null : 'Give 1 to 1440 minutes, or null for no idle time.';
    case 'hot-desk-daily-end':
      return typeof value === 'string' && /^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/.test(value) ? null : "Give a time as 'HH:MM', or null for none.";
  }
}

function isMinutes(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value);
}
