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
