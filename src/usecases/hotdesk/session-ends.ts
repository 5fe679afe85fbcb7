import type { AccountId } from '../../domain/ids.js';
import type { Device } from '../../domain/device/device.js';
import type { HotDeskSession } from '../../domain/hotdesk/session.js';
import { sessionEnds, type SessionEnds } from '../../domain/hotdesk/session-ends.js';
import { HOT_DESK_SETTING_KEYS, settingProblem, type HotDeskSettingKey, type SessionSettings } from '../../domain/hotdesk/session-settings.js';
import { resolveSetting, type ResolvedSetting, type SettingLevel, type SettingScope } from '../../domain/settings/resolve-setting.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { StoredSetting } from '../../ports/hot-desk-stores.js';
import type { HotDeskDeps } from './hot-desk-deps.js';
import type { ResolvedSessionSettings } from './session-settings.js';

/** Levels of hot desking's settings, outermost first. */
const LEVELS: readonly SettingScope[] = ['account', 'site', 'device'];
/** Sites without a zone of their own. */
const DEFAULT_ZONE = 'UTC';

export interface SettingPlace {
  readonly scope: SettingScope;
  readonly scopeId: string;
}

/** Account, site and device of a phone; of a site or an account, those that there are. */
export function placesOf(accountId: AccountId, siteId?: string, deviceId?: string): readonly SettingPlace[] {
  const ids: Readonly<Record<SettingScope, string | undefined>> = { account: accountId, site: siteId, extension: undefined, device: deviceId };
  return LEVELS.flatMap((scope) => {
    const scopeId = ids[scope];
    return scopeId === undefined ? [] : [{ scope, scopeId }];
  });
}

/** What holds at the innermost of `places`; a stored value that is none of the key's counts as not set. */
export async function readSessionSettings(
  stores: Pick<Stores, 'settings'>, accountId: AccountId, places: readonly SettingPlace[],
): Promise<ResolvedSessionSettings> {
  const stored = await stores.settings.read(accountId, HOT_DESK_SETTING_KEYS, places);
  return {
    timeoutMinutes: resolved(stored, 'hot-desk-session-timeout', asMinutes),
    idleMinutes: resolved(stored, 'hot-desk-idle-timeout', asMinutes),
    dailyEnd: resolved(stored, 'hot-desk-daily-end', (value) => (typeof value === 'string' ? value : null)),
  };
}

/** When a session at the phone ends by itself, by the settings of now. */
export async function endsAt(
  deps: Pick<HotDeskDeps, 'localTime'>, stores: Stores, device: Device, session: Pick<HotDeskSession, 'startedAt'>, at: number,
): Promise<SessionEnds> {
  const found = await readSessionSettings(stores, device.accountId, placesOf(device.accountId, device.siteId, device.id));
  const settings: SessionSettings = {
    timeoutMinutes: found.timeoutMinutes.value, idleMinutes: found.idleMinutes.value, dailyEnd: found.dailyEnd.value,
  };
  const site = settings.dailyEnd === null ? null : await stores.sites.get(device.accountId, device.siteId);
  const zone = site?.timeZone ?? DEFAULT_ZONE;
  const lastCall = settings.idleMinutes === null ? null : await stores.callRecords.lastActivity(device.id);
  return sessionEnds({
    startedAt: session.startedAt, lastActivityAt: Math.max(session.startedAt, lastCall ?? 0), at, settings,
    nextLocalTime: (time, after) => deps.localTime.nextAt(zone, time, after),
  });
}

function resolved<T>(stored: readonly StoredSetting[], key: HotDeskSettingKey, read: (value: unknown) => T | null): ResolvedSetting<T | null> {
  const set = stored.filter((one) => one.key === key && settingProblem(key, one.value) === null);
  const levels = LEVELS.flatMap((scope): readonly SettingLevel<T | null>[] => set
    .filter((one) => one.scope === scope).map((one) => ({ scope, value: read(one.value), locked: one.locked })));
  return resolveSetting<T | null>(levels, null);
}

function asMinutes(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
