import { z } from 'zod';
import type { SettingScope } from '../../domain/settings/resolve-setting.js';
import { SETTING_CATALOGUE, type SettingKey } from '../../domain/settings/setting-catalogue.js';
import type { SettingReading, SettingWish } from '../../usecases/admin/settings.js';
import { sentValue, shownValue } from './setting-schemas.js';

/** Levels as the published shapes name them; `invalid` = nobody locked it. */
const LOCKED_BY: Readonly<Record<SettingScope, string>> = { account: 'account', site: 'site', extension: 'user', device: 'device' };
const lockedBy = z.enum(['invalid', 'account', 'site', 'user', 'device']).describe('The level that forbids another value further in; invalid = none.');

/** Policies in the published shape: the fields of each setting, with its lock and whether this level sets it (`modified`). */
export function policyFields(keys: readonly SettingKey[], more: { readonly modified: boolean }) {
  return z.object(Object.fromEntries(keys.map((key) => {
    const { type } = SETTING_CATALOGUE[key];
    const value = shownValue(type);
    if (!(value instanceof z.ZodObject)) return [key, value];
    const lock = { locked: z.boolean(), locked_by: lockedBy };
    return [key, value.extend(more.modified ? { ...lock, modified: z.boolean() } : lock)];
  })));
}

export function policyView(reading: SettingReading, keys: readonly SettingKey[], more: { readonly modified: boolean }): Readonly<Record<string, unknown>> {
  return Object.fromEntries(keys.map((key) => {
    const { value, lockedBy: by, lockedHere, setHere } = reading.get(key);
    if (typeof value !== 'object' || value === null) return [key, value];
    const lock = { locked: by !== null || lockedHere, locked_by: by === null ? 'invalid' : LOCKED_BY[by] };
    return [key, { ...value, ...lock, ...(more.modified ? { modified: setHere } : {}) }];
  }));
}

/** A change of policies: fields of a group that change, `locked`, and `reset` to take the whole group off this level. */
export function policyChanges(keys: readonly SettingKey[]) {
  return z.object(Object.fromEntries(keys.map((key) => {
    const sent = sentValue(SETTING_CATALOGUE[key].type, false);
    const whole = sent instanceof z.ZodObject ? sent.extend({ locked: z.boolean().optional(), reset: z.boolean().optional() }) : sent;
    return [key, whole.optional()];
  })));
}

/** What such a change asks for, field by field under `prefix`. */
export function policyWishes(keys: readonly SettingKey[], sent: Readonly<Record<string, unknown>> | undefined, prefix: string): readonly SettingWish[] {
  return keys.flatMap((key): readonly SettingWish[] => {
    const value = sent?.[key];
    const field = prefix + key;
    if (value === undefined) return [];
    if (!isRecord(value)) return [{ key, field, value }];
    const { locked, reset, ...fields } = value;
    if (reset === true) return [{ key, field, inherit: true }];
    const lock = typeof locked === 'boolean' ? { locked } : {};
    const changes = Object.keys(fields).length === 0 ? {} : { value: fields };
    return Object.keys({ ...lock, ...changes }).length === 0 ? [] : [{ key, field, ...changes, ...lock }];
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
