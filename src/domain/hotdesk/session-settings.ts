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
