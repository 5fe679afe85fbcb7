/** Where a setting can be set, outermost first. */
export type SettingScope = 'account' | 'site' | 'extension' | 'device';

/** One value set somewhere. */
export interface SettingLevel<T> {
  readonly scope: SettingScope;
  readonly value: T;
  /** Whether levels further in may not override it. */
  readonly locked: boolean;
}

export interface ResolvedSetting<T> {
  readonly value: T;
  readonly origin: SettingScope | 'default';
  /** The level that locked it; null = free. */
  readonly lockedBy: SettingScope | null;
}

/**
 * The value that holds: the nearest one set, except that a locked level ends the search, so that nothing further in overrides
 * it. `levels` are those that have a value, outermost first.
 */
export function resolveSetting<T>(levels: readonly SettingLevel<T>[], fallback: T): ResolvedSetting<T> {
  const locked = levels.findIndex((level) => level.locked);
  const nearest = locked === -1 ? levels.at(-1) : levels[locked];
  if (nearest === undefined) return { value: fallback, origin: 'default', lockedBy: null };
  return { value: nearest.value, origin: nearest.scope, lockedBy: locked === -1 ? null : nearest.scope };
}
