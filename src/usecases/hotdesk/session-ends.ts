import type { AccountId } from '../../domain/ids.js';
import type { Device } from '../../domain/device/device.js';
import type { HotDeskSession } from '../../domain/hotdesk/session.js';
import { sessionEnds, type SessionEnds } from '../../domain/hotdesk/session-ends.js';
import { HOT_DESK_SETTING_KEYS, type SessionSettings } from '../../domain/hotdesk/session-settings.js';
import type { Stores } from '../../ports/admin-stores.js';
import { chainOf, type SettingPlace } from '../admin/setting-places.js';
import { readSettings } from '../admin/settings.js';
import type { HotDeskDeps } from './hot-desk-deps.js';
import type { ResolvedSessionSettings } from './session-settings.js';

/** Sites without a zone of their own. */
const DEFAULT_ZONE = 'UTC';

/** What holds at the innermost of `chain`; a stored value that is none of the key's counts as not set. */
export async function readSessionSettings(
  stores: Pick<Stores, 'settings'>, accountId: AccountId, chain: readonly SettingPlace[],
): Promise<ResolvedSessionSettings> {
  const reading = await readSettings(stores, accountId, chain, HOT_DESK_SETTING_KEYS);
  return {
    timeoutMinutes: reading.get('hot-desk-session-timeout'), idleMinutes: reading.get('hot-desk-idle-timeout'), dailyEnd: reading.get('hot-desk-daily-end'),
  };
}

/** When a session at the phone ends by itself, by the settings of now. */
export async function endsAt(
  deps: Pick<HotDeskDeps, 'localTime'>, stores: Stores, device: Device, session: Pick<HotDeskSession, 'startedAt'>, at: number,
): Promise<SessionEnds> {
  const found = await readSessionSettings(stores, device.accountId, chainOf(device.accountId, { siteId: device.siteId, deviceId: device.id }));
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
