import { settingProblem, HOT_DESK_SETTING_KEYS, type HotDeskSettingKey } from '../../domain/hotdesk/session-settings.js';
import type { Stores } from '../../ports/admin-stores.js';
import { deviceNotFound, siteNotFound } from '../admin/not-found.js';
import { change, type Draft } from '../change.js';
import { allOf, done, refused, type Refused } from '../outcome.js';
import type { HotDeskDeps } from './hot-desk-deps.js';
import { endsAt, placesOf, readSessionSettings, type SettingPlace } from './session-ends.js';
import type { HotDeskPlace, ReadSessionSettings, ResolvedSessionSettings, SetSessionSettings, WantedSetting } from './session-settings.js';

const FIELD_OF: Readonly<Record<HotDeskSettingKey, keyof ResolvedSessionSettings>> = {
  'hot-desk-session-timeout': 'timeoutMinutes', 'hot-desk-idle-timeout': 'idleMinutes', 'hot-desk-daily-end': 'dailyEnd',
};

/**
 * Changes settings at one place and, in the same transaction, the ends of the running sessions below it. A place below a locked
 * level is refused by name.
 */
export const setSessionSettings: SetSessionSettings = (deps, actor, place, wanted) => change(deps, actor, async (draft) => {
  const places = await placesAt(draft.stores, draft.accountId, place);
  if ('why' in places) return places;
  const here = places.at(-1);
  if (here === undefined) throw new Error('a setting without a place');
  const outer = await readSessionSettings(draft.stores, draft.accountId, places.slice(0, -1));
  const problems = wanted.flatMap((one) => problemOf(one, outer));
  if (problems.length > 0) return allOf(problems);
  const before = await draft.stores.settings.read(draft.accountId, HOT_DESK_SETTING_KEYS, [here]);
  for (const { key, value, locked } of wanted) {
    if (value === 'inherit') await draft.stores.settings.clear(draft.accountId, { ...here, key });
    else await draft.stores.settings.set(draft.accountId, { ...here, key, value, locked: locked ?? before.find((one) => one.key === key)?.locked ?? false });
  }
  const after = await draft.stores.settings.read(draft.accountId, HOT_DESK_SETTING_KEYS, [here]);
  draft.note({
    aggregate: 'setting', id: `${here.scope}:${here.scopeId}`, change: 'updated', action: 'set-hot-desk-settings',
    before: byKey(before), after: { ...NOT_SET, ...byKey(after) },
  });
  await moveEnds(deps, draft, place);
  return done(await readSessionSettings(draft.stores, draft.accountId, places));
});

/** What holds at a place, and where it comes from. */
export const readSettingsAt: ReadSessionSettings = async ({ stores }, { accountId }, place) => {
  const places = await placesAt(stores, accountId, place);
  return 'why' in places ? places : done(await readSessionSettings(stores, accountId, places));
};

const NOT_SET = Object.fromEntries(HOT_DESK_SETTING_KEYS.map((key) => [key, null]));

function byKey(settings: readonly { readonly key: string; readonly value: unknown; readonly locked: boolean }[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(settings.map(({ key, value, locked }) => [key, { value, locked }]));
}

async function placesAt(stores: Stores, accountId: Draft['accountId'], place: HotDeskPlace): Promise<readonly SettingPlace[] | Refused> {
  switch (place.scope) {
    case 'account':
      return placesOf(accountId);
    case 'site':
      return await stores.sites.get(accountId, place.siteId) === null ? siteNotFound(place.siteId) : placesOf(accountId, place.siteId);
    case 'device': {
      const device = await stores.devices.get(accountId, place.deviceId);
      return device === null ? deviceNotFound(place.deviceId) : placesOf(accountId, device.siteId, device.id);
    }
  }
}

function problemOf({ key, value }: WantedSetting, outer: ResolvedSessionSettings): readonly Refused[] {
  const field = key.replaceAll('-', '_');
  const problem = value === 'inherit' ? null : settingProblem(key, value);
  if (problem !== null) return [refused('invalid', field, problem, String(value))];
  const { lockedBy } = outer[FIELD_OF[key]];
  if (lockedBy === null || value === 'inherit') return [];
  return [refused('conflict', field, `The ${lockedBy} has locked this setting. Change or unlock it there.`, String(value))];
}

async function moveEnds(deps: HotDeskDeps, draft: Draft, place: HotDeskPlace): Promise<void> {
  const of = place.scope === 'account' ? 'account' : place.scope === 'site' ? { siteId: place.siteId } : { deviceIds: [place.deviceId] };
  for (const session of await draft.stores.hotDeskSessions.active(draft.accountId, of)) {
    // Due already: the sweep ends it for what it was due.
    if (session.endsAt !== null && session.endsAt <= draft.at) continue;
    const device = await draft.stores.devices.get(draft.accountId, session.deviceId);
    if (device === null) continue;
    const ends = await endsAt(deps, draft.stores, device, session, draft.at);
    if (ends.endsAt === session.endsAt && ends.endsBy === session.endsBy && ends.idleEndsAt === session.idleEndsAt) continue;
    await draft.stores.hotDeskSessions.setEnds(session.id, ends);
    draft.note({
      aggregate: 'hot_desk_session', id: session.id, change: 'updated', action: 'move-hot-desk-end', before: session, after: { ...session, ...ends },
    });
  }
}
