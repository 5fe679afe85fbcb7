import type { DeviceId, SiteId } from '../../domain/ids.js';
import type { HotDeskSettingKey, SessionSettings } from '../../domain/hotdesk/session-settings.js';
import type { ResolvedSetting } from '../../domain/settings/resolve-setting.js';
import type { Actor } from '../change.js';
import type { Outcome } from '../outcome.js';
import type { HotDeskDeps } from './hot-desk-deps.js';

/** Where a setting of hot desking can be set. */
export type HotDeskPlace =
  | { readonly scope: 'account' }
  | { readonly scope: 'site'; readonly siteId: SiteId }
  | { readonly scope: 'device'; readonly deviceId: DeviceId };

/** One setting to change: `inherit` takes it off the place. Minutes for the time-outs, 'HH:MM' for the daily end, null = none. */
export interface WantedSetting {
  readonly key: HotDeskSettingKey;
  readonly value: number | string | null | 'inherit';
  /** Whether places further in may not override it. */
  readonly locked?: boolean;
}

export interface ResolvedSessionSettings {
  readonly timeoutMinutes: ResolvedSetting<SessionSettings['timeoutMinutes']>;
  readonly idleMinutes: ResolvedSetting<SessionSettings['idleMinutes']>;
  readonly dailyEnd: ResolvedSetting<SessionSettings['dailyEnd']>;
}

/**
 * Changes settings at one place and, in the same transaction, the ends of the running sessions below it. A place below a locked
 * level is refused by name.
 */
export type SetSessionSettings = (
  deps: HotDeskDeps, actor: Actor, place: HotDeskPlace, wanted: readonly WantedSetting[],
) => Promise<Outcome<ResolvedSessionSettings>>;
/** What holds at a place, and where it comes from. */
export type ReadSessionSettings = (deps: HotDeskDeps, actor: Pick<Actor, 'accountId'>, place: HotDeskPlace) => Promise<Outcome<ResolvedSessionSettings>>;
