import type { AccountId } from '../../domain/ids.js';
import type { ResolvedSetting } from '../../domain/settings/resolve-setting.js';
import { resolveKept, SETTING_CATALOGUE, type SettingKey, type SettingValues } from '../../domain/settings/setting-catalogue.js';
import { merged } from '../../domain/settings/setting-value.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { StoredSetting } from '../../ports/hot-desk-stores.js';
import { change, type Actor, type ChangeDeps, type Draft } from '../change.js';
import { allOf, done, refused, type Outcome, type Refused } from '../outcome.js';
import { settingChain, type SettingPlace, type SettingSubject } from './setting-places.js';

/** A setting as it holds at the innermost place of a chain. */
export interface ReadSetting<V> extends ResolvedSetting<V> {
  /** Whether the innermost place itself sets it. */
  readonly setHere: boolean;
  /** Whether the innermost place locks it for those further in. */
  readonly lockedHere: boolean;
}

/** What holds of the keys that were read, asked one by one. */
export interface SettingReading {
  get<Key extends SettingKey>(key: Key): ReadSetting<SettingValues[Key]>;
}

/** One setting to change at a place. */
export interface SettingWish {
  readonly key: SettingKey;
  /** How the caller names it in problems; missing = the key. */
  readonly field?: string;
  /** The new value, of groups the fields that change; missing = what holds now. */
  readonly value?: unknown;
  /** True takes the setting off the place. */
  readonly inherit?: boolean;
  /** Whether places further in may not set another value; missing = as it is. */
  readonly locked?: boolean;
}

/** What holds at the innermost place of `chain` (see `settingChain`), in one statement. */
export async function readSettings(
  stores: Pick<Stores, 'settings'>, accountId: AccountId, chain: readonly SettingPlace[], keys: readonly SettingKey[],
): Promise<SettingReading> {
  return readingOf(await stores.settings.read(accountId, keys, chain), chain);
}

/** The same for a subject that may not be there. */
export async function readSettingsOf(
  { stores }: { readonly stores: Stores }, { accountId }: Pick<Actor, 'accountId'>, subject: SettingSubject, keys: readonly SettingKey[],
): Promise<Outcome<SettingReading>> {
  const chain = await settingChain(stores, accountId, subject);
  return 'why' in chain ? chain : done(await readSettings(stores, accountId, chain, keys));
}

/** Changes settings of a subject, all or nothing, in a transaction of its own. */
export function changeSettings(deps: ChangeDeps, actor: Actor, subject: SettingSubject, wishes: readonly SettingWish[]): Promise<Outcome<SettingReading>> {
  return change(deps, actor, async (draft) => {
    const chain = await settingChain(draft.stores, draft.accountId, subject);
    if ('why' in chain) return chain;
    const problem = await changeSettingsIn(draft, chain, wishes);
    return problem ?? done(await readSettings(draft.stores, draft.accountId, chain, wishes.map(({ key }) => key)));
  });
}

/**
 * Changes settings at the innermost place of `chain` inside a larger change; null = done. Refused, each by its field: a place that does
 * not count for the key, a value that is none of it, a lock where none may be, and any change below a lock, by the level that locked it.
 */
export async function changeSettingsIn(
  draft: Draft, chain: readonly SettingPlace[], wishes: readonly SettingWish[], action = 'set-settings',
): Promise<Refused | null> {
  const here = chain.at(-1);
  if (here === undefined) throw new Error('a setting without a place');
  if (wishes.length === 0) return null;
  const keys = wishes.map(({ key }) => key);
  const kept = await draft.stores.settings.read(draft.accountId, keys, chain);
  const inner = readingOf(kept, chain);
  const outer = readingOf(kept.filter((one) => !isAt(one, here)), chain.slice(0, -1));
  const planned = wishes.map((wish) => plan(wish, here, inner, outer));
  const problems = planned.flatMap((one) => ('why' in one ? [one] : []));
  if (problems.length > 0) return allOf(problems);
  for (const one of planned) {
    if ('why' in one) continue;
    if (one.value === undefined) await draft.stores.settings.clear(draft.accountId, { ...here, key: one.key });
    else await draft.stores.settings.set(draft.accountId, { ...here, ...one });
  }
  const after = await draft.stores.settings.read(draft.accountId, keys, [here]);
  const unset = Object.fromEntries(keys.map((key) => [key, null]));
  draft.note({
    aggregate: 'setting', id: `${here.scope}:${here.scopeId}`, change: 'updated', action,
    before: { ...unset, ...byKey(kept.filter((one) => isAt(one, here))) }, after: { ...unset, ...byKey(after) },
  });
  return null;
}

/** What is to be written; without a value it is taken off the place. */
interface Planned {
  readonly key: SettingKey;
  readonly value: unknown;
  readonly locked: boolean;
}

function plan(wish: SettingWish, here: SettingPlace, inner: SettingReading, outer: SettingReading): Planned | Refused {
  const { key, field = key, inherit = false, locked } = wish;
  const row = SETTING_CATALOGUE[key];
  if (!row.scopes.includes(here.scope)) {
    return refused('invalid', field, `This setting is not one of a ${here.scope}; it can be set at ${row.scopes.join(', ')}.`);
  }
  if (inherit) return { key, value: undefined, locked: false };
  if (locked === true && !row.lockable) return refused('invalid', `${field}.locked`, 'This setting cannot be locked. Leave `locked` out.');
  const { lockedBy } = outer.get(key);
  if (lockedBy !== null) return refused('conflict', field, `The ${lockedBy} has locked this setting. Change or unlock it there.`, shown(wish.value));
  const now = inner.get(key);
  const value = wish.value === undefined ? now.value : merged(row.type, now.value, wish.value);
  const problem = row.problem(value);
  if (problem !== null) return refused('invalid', field + problem.path, problem.text, shown(wish.value));
  return { key, value, locked: locked ?? now.lockedHere };
}

function readingOf(kept: readonly StoredSetting[], chain: readonly SettingPlace[]): SettingReading {
  const here = chain.at(-1);
  return {
    get: (key) => {
      const own = kept.find((one) => one.key === key && here !== undefined && isAt(one, here));
      return { ...resolveKept(key, kept), setHere: own !== undefined, lockedHere: own?.locked ?? false };
    },
  };
}

function isAt(one: SettingPlace, { scope, scopeId }: SettingPlace): boolean {
  return one.scope === scope && one.scopeId === scopeId;
}

function byKey(settings: readonly StoredSetting[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(settings.map(({ key, value, locked }) => [key, { value, locked }]));
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value) ?? '';
}
