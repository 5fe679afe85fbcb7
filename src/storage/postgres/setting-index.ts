import { resolveKept, SETTING_CATALOGUE, SETTING_KEYS, type KeptSetting, type SettingKey, type SettingValues } from '../../domain/settings/setting-catalogue.js';
import type { ResolvedSetting, SettingScope } from '../../domain/settings/resolve-setting.js';
import type { SettingLevels } from '../../ports/directory.js';

/** A setting as a row of its table, with where it is kept. */
export interface PlacedSetting extends KeptSetting {
  readonly scopeId: string;
}

/** Those that calls obey: no other is kept in memory. */
export const LIVE_SETTING_KEYS: readonly SettingKey[] = SETTING_KEYS.filter((key) => SETTING_CATALOGUE[key].effect === 'live');

/** Settings in memory, by the place they are kept at. */
export class SettingIndex {
  readonly #places = new Map<string, readonly KeptSetting[]>();

  /** Adds what was read of any places; used while loading alone. */
  add(settings: readonly PlacedSetting[]): void {
    for (const setting of settings) {
      const id = placeId(setting.scope, setting.scopeId);
      this.#places.set(id, [...this.#places.get(id) ?? [], setting]);
    }
  }

  /** Replaces all there is at a place, `scope:id` as events name it. */
  replace(id: string, settings: readonly KeptSetting[]): void {
    if (settings.length === 0) this.#places.delete(id);
    else this.#places.set(id, settings);
  }

  setting<Key extends SettingKey>(key: Key, { accountId, siteId, extensionId, deviceId }: SettingLevels): ResolvedSetting<SettingValues[Key]> {
    const kept = [...this.#at('account', accountId), ...this.#at('site', siteId), ...this.#at('extension', extensionId), ...this.#at('device', deviceId)];
    return resolveKept(key, kept);
  }

  #at(scope: SettingScope, id: string | undefined): readonly KeptSetting[] {
    return id === undefined ? [] : this.#places.get(placeId(scope, id)) ?? [];
  }
}

export function placeId(scope: SettingScope, scopeId: string): string {
  return `${scope}:${scopeId}`;
}
